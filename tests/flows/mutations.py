"""The shipped flow, broken in hundreds of small ways, and what stops each before a caller hears it.

`python -m tests.flows.mutations --update` writes docs/mutations.md anew, in a quarter of an hour on a quiet machine.
With a number behind it, only every third one, say, is explored.
"""

import gc
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from flows.calendar_file import load_calendars
from flows.check import check_source
from flows.difference import compare_flows
from flows.exploration.covering import cover_ways
from flows.explore import explore
from flows.flow import Flow
from flows.loader import load_flow, read_source
from flows.loading.grammar import RESERVED
from flows.rehearse import read_rehearsals, rehearse_all

ROOM = Path(__file__).parents[2] / "flows"
TABLE = Path(__file__).parents[2] / "docs" / "mutations.md"
TODAY = date(2026, 12, 1)
FILE = "helpline.yaml"
KINDS = ("line deleted", "destination changed", "key duplicated", "wording emptied")

_DESTINATION = re.compile(
    r"(?P<word>\b(?:then|go|give_up|otherwise|open|closed|holiday|found|not_your_number|not_found|failed|verified|"
    r"not_verified|cannot_send|answered|too_long|nobody_working|full|booked|no_number|recorded|nothing_recorded|"
    r"on_error|start|home|person)):\s*(?P<to>[a-z_]+)"
)
_KEY = re.compile(r"^(?P<indent>\s+)(?P<key>\d|star|hash): \{say")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One small harm done to one file. `line` counts from 1."""

    kind: str
    file: str
    line: int
    was: str
    text: str

    @property
    def source(self) -> dict[str, str]:
        return {**shipped_source(), self.file: self.text}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stopped_by` is a code of the checker, or `exploration`; empty if callers do not suffer from it.

    `told` counts the sentences of the difference, `failed` the rehearsals that fail: those that are shipped, and one
    for each way of the shipped flow.
    """

    stopped_by: str
    warned: tuple[str, ...] = ()
    told: int = 0
    failed: int = 0
    proof: str = ""


@cache
def shipped_source() -> dict[str, str]:
    return read_source(ROOM)


@cache
def shipped_flow() -> Flow:
    return load_flow("helpline", shipped_source())


@cache
def all_rehearsals() -> dict[str, str]:
    covering = {f"{step}: {why}": text for (step, why), text in cover_ways(shipped_flow()).items()}
    return {**read_rehearsals(ROOM), **covering}


@cache
def _warned_before() -> Counter[str]:
    findings = check_source("helpline", shipped_source(), today=TODAY)
    return Counter(finding.code for finding in findings)


def mutations() -> list[Mutation]:
    return [*_deleted_lines(), *_changed_destinations(), *_duplicated_keys(), *_emptied_words()]


def _deleted_lines() -> Iterator[Mutation]:
    lines = shipped_source()[FILE].splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.strip().startswith("#"):
            yield Mutation(KINDS[0], FILE, number, line.strip(), "".join(lines[: number - 1] + lines[number:]))


def _changed_destinations() -> Iterator[Mutation]:
    """Each destination leads to the step after the one that it led to, in the order of the file."""
    text = shipped_source()[FILE]
    names = list(shipped_flow().steps)
    for found in _DESTINATION.finditer(text):
        to = found["to"]
        line_start = text.rfind("\n", 0, found.start()) + 1
        if "#" in text[line_start : found.start()] or (to not in names and to not in RESERVED):
            continue
        other = names[(names.index(to) + 1) % len(names)] if to in names else "goodbye"
        changed = text[: found.start("to")] + other + text[found.end("to") :]
        was = f"{found['word']}: {to} becomes {other}"
        yield Mutation(KINDS[1], FILE, text.count("\n", 0, found.start()) + 1, was, changed)


def _duplicated_keys() -> Iterator[Mutation]:
    """Each key of a menu gets the number of the one before it."""
    lines = shipped_source()[FILE].splitlines(keepends=True)
    before = ""
    for number, line in enumerate(lines, 1):
        found = _KEY.match(line)
        if found and before:
            changed = line.replace(f"{found['key']}: ", f"{before}: ", 1)
            was = f"{line.strip()[:40]} gets key {before}"
            yield Mutation(KINDS[2], FILE, number, was, "".join([*lines[: number - 1], changed, *lines[number:]]))
        before = found["key"] if found else ""


def _emptied_words() -> Iterator[Mutation]:
    """Each wording, in one of the languages by turns."""
    flow = shipped_flow()
    for turn, key in enumerate(flow.catalogues[flow.written_in].prompts):
        language = flow.languages[turn % len(flow.languages)]
        at = flow.catalogues[language].prompts[key].at
        lines = shipped_source()[at.file].splitlines(keepends=True)
        line = lines[at.line - 1]
        emptied = f'{line[: line.index(":")]}: ""\n'
        text = "".join([*lines[: at.line - 1], emptied, *lines[at.line :]])
        yield Mutation(KINDS[3], at.file, at.line, f"{key} in {language}", text)


def judge(mutation: Mutation, *, explored: bool = True) -> Verdict:
    """What stops it; for what passes the checker, what the difference, the rehearsals and the exploration say."""
    source = mutation.source
    findings = check_source("helpline", source, today=TODAY)
    errors = [finding.code for finding in findings if finding.severity == "error"]
    if errors:
        return Verdict(errors[0])
    warned = tuple(sorted(Counter(finding.code for finding in findings) - _warned_before()))
    flow = load_flow("helpline", source)
    told = len(compare_flows(shipped_flow(), flow))
    calendars = load_calendars(source["calendars.yaml"])
    failed = sum(1 for outcome in rehearse_all(flow, all_rehearsals(), calendars) if outcome.differences)
    if not explored:
        return Verdict("", warned, told, failed, "")
    found = explore(flow)
    if found.is_proof:
        proof = f"{found.situations} situations, {found.keys} keys, {found.seconds:.0f} s"
        return Verdict("", warned, told, failed, proof)
    whys = sorted({f"{stranded.why} at {stranded.step}" for stranded in found.stranded})
    return Verdict("exploration", warned, told, failed, ", ".join(whys[:3]))


def write_table(judged: list[tuple[Mutation, Verdict]]) -> str:
    passed = [verdict for _, verdict in judged if not verdict.stopped_by]
    explored = sum(1 for verdict in passed if verdict.proof)
    stopped = Counter(verdict.stopped_by or "nothing" for _, verdict in judged)
    rows = [
        "# What stops a mistake in the menus\n",
        f"The shipped flow was broken in {len(judged)} small ways, one at a time: each line deleted, each destination",
        "changed, each key given twice, each wording emptied. This table, written by",
        "`python -m tests.flows.mutations --update`, tells which rule stops each before it can be published.",
        f"{explored} of the {len(passed)} that no rule stops were looked at for it in every situation that a caller",
        "can come to: nobody is lost. `make test` repeats a few of these, `make soak` every one, and explores it.\n",
        "| stopped by | times |",
        "|---|---|",
        *(f"| {rule} | {count} |" for rule, count in stopped.most_common()),
        "",
        "*Told*: sentences of the difference. *Rehearsals*: how many fail, of the shipped ones and one for each way of",
        "the shipped flow.\n",
    ]
    for kind in KINDS:
        rows += [f"## {kind.capitalize()}\n", "| where | what | stopped by | told | rehearsals | exploration |"]
        rows += ["|---|---|---|---|---|---|"]
        rows += [_write_row(one, verdict) for one, verdict in judged if one.kind == kind]
        rows.append("")
    return "\n".join(rows)


def _write_row(mutation: Mutation, verdict: Verdict) -> str:
    what = mutation.was.replace("|", "\\|")
    passed = verdict.stopped_by in ("", "exploration")
    told = (str(verdict.told), str(verdict.failed)) if passed else ("", "")
    by = verdict.stopped_by or " ".join(("–", *verdict.warned))
    cells = (f"{mutation.file}:{mutation.line}", f"`{what[:70]}`", by, *told, verdict.proof)
    return f"| {' | '.join(cells)} |"


def _judge_some(mutation: Mutation, explored: bool) -> Verdict:
    gc.disable()  # an exploration makes many small objects, and no circle of them
    verdict = judge(mutation, explored=explored)
    gc.collect()
    return verdict


def main() -> None:
    if sys.argv[1:2] != ["--update"]:
        raise SystemExit("python -m tests.flows.mutations --update [EVERY]")
    step = int(sys.argv[2]) if sys.argv[2:] else 1
    every = mutations()
    with ProcessPoolExecutor(2) as pool:
        verdicts = list(pool.map(_judge_some, every, [number % step == 0 for number in range(len(every))]))
    TABLE.write_text(write_table(list(zip(every, verdicts, strict=True))), encoding="utf-8")


if __name__ == "__main__":
    main()
