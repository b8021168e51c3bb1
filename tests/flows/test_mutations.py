"""Small harms to the shipped flow: not one that strands a caller can be published (docs/mutations.md has them all)."""

import re

import pytest

from flows.difference import compare_flows
from flows.loader import load_flow
from flows.rehearsal import rehearse
from flows.rehearsal_file import read_rehearsal
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


BACK_TO_WHAT_IS_FORGOTTEN = """
rehearsal: "A caller goes back to a question after another look-up has made forget what it was asked for"
clock: 2026-12-01 10:30
caller: "+919830012345"
call:
  - outside: {my_complaints: {one: {reference: "26482173059", complaint.status: action_reported, complaint.asks: yes}}}
  - outside: {complaint_answer: not_asked}
  - outside: {complaint_status: not_found}
  - presses: 1
  - presses: 2
  - presses: 1
  - presses: 4
  - presses: "26482173059"
  - presses: 1
  - comes_by: reference_not_found
  - presses: star
  - outside: {complaint_answer: failed}
  - presses: 1
  - comes_by: tell_status
  - comes_by: trouble
"""


def test_words_chosen_by_what_was_forgotten_before_going_back_are_stopped_and_would_break() -> None:
    """Found by exploring all of them: the only two that no rule stopped and that lost callers were of this kind."""
    step = next(step for step in shipped_flow().steps.values() if step.name == "keep_answer")
    change = "failed: status_unavailable becomes tell_status"
    mutation = next(one for one in EVERY if one.was == change and one.line > step.at.line)
    assert judge(mutation).stopped_by == "E19"
    rehearsal, unreadable = read_rehearsal("back.yaml", BACK_TO_WHAT_IS_FORGOTTEN)
    assert rehearsal is not None, unreadable
    assert rehearse(load_flow("helpline", mutation.source), rehearsal, {}) == []
    assert rehearse(shipped_flow(), rehearsal, {}) != []


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
