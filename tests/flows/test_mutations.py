"""Small harms to the shipped flow: not one that strands a caller can be published (docs/mutations.md has them all)."""

import re

import pytest

from flows.difference import compare_flows
from flows.loader import load_flow
from flows.ways import ways_of
from tests.flows.mutated import EXPLORATION, KINDS, Mutation, Verdict, all_rehearsals, judge, mutations, shipped_flow
from tests.flows.mutations import TABLE, write_row

EVERY = mutations()
# One of each kind that the checker stops, and one that it lets pass; the rest takes a quarter of an hour: make soak.
SAMPLE = [next(one for one in EVERY if one.kind == kind) for kind in KINDS if kind != "destination changed"]
SAMPLE += [one for one in EVERY if "too_long: nobody_free" in one.was]


def name_of(mutation: Mutation) -> str:
    return f"{mutation.kind} {mutation.file}:{mutation.line}"


def hold(mutation: Mutation) -> Verdict:
    """Either a rule stops it, or every situation was looked at and no caller is lost; and nothing passes unseen."""
    verdict = judge(mutation)
    assert verdict.stopped_by != EXPLORATION, f"no rule stops it, and callers are lost: {verdict.proof}"
    assert verdict.stopped_by or verdict.proof
    if mutation.kind != "destination changed" or not verdict.proof:
        return verdict
    assert verdict.failed, "no rehearsal fails"
    to = mutation.was.rpartition(" becomes ")[2]
    changes = compare_flows(shipped_flow(), load_flow("helpline", mutation.source))
    assert any(to in (change.after, *change.after.split(": ")) for change in changes)
    return verdict


def test_there_are_hundreds() -> None:
    assert len(EVERY) > 200
    assert {one.kind for one in EVERY} == set(KINDS)


@pytest.mark.parametrize("mutation", SAMPLE, ids=name_of)
def test_a_few_harms_are_stopped_or_harmless(mutation: Mutation) -> None:
    hold(mutation)


@pytest.mark.soak
@pytest.mark.parametrize("mutation", EVERY, ids=name_of)
def test_every_harm_is_stopped_or_harmless(mutation: Mutation) -> None:
    verdict = hold(mutation)
    assert write_row(mutation, verdict) in TABLE.read_text(encoding="utf-8").splitlines()


def test_every_way_of_the_shipped_flow_has_a_rehearsal() -> None:
    titles = [title for title in all_rehearsals() if ": " in title]
    ways = [way for step in shipped_flow().steps.values() for way in ways_of(step) if way != "on_error"]
    assert len(titles) > len(ways)


def test_the_table_has_a_row_for_each_and_all_that_no_rule_stops_were_explored() -> None:
    """Written again by `python -m tests.flows.mutations --update`."""
    rows = re.findall(r"^\| \S+:\d+ \|.*$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(EVERY)
    passed = [row for row in rows if row.rpartition("` | ")[2].startswith("–")]
    assert passed
    assert [row for row in passed if not re.search(r"\d+ situations, \d+ keys, \d+ s \|$", row)] == []
