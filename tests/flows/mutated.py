"""The shipped flow, broken in hundreds of small ways, and what stops each before a caller hears it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from flows.calendar_file import load_calendars
from flows.check import check_source
from flows.difference import compare_flows
from flows.exploration.covering import cover_ways
from flows.explore import Exploration, explore
from flows.flow import Flow
from flows.loader import load_flow, read_source
from flows.loading.grammar import RESERVED
from flows.rehearse import read_rehearsals, rehearse_all

ROOM = Path(__file__).parents[2] / "flows"
TODAY = date(2026, 12, 1)
FILE = "helpline.yaml"
EXPLORATION = "exploration"
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
    for each way of the shipped flow. `proof` is empty where nothing was explored.
    """

    stopped_by: str
    warned: tuple[str, ...] = ()
    told: int = 0
    failed: int = 0
    proof: str = ""

    @property
    def passes(self) -> bool:
        """Whether no rule of the checker stops it."""
        return self.stopped_by in ("", EXPLORATION)


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
        return Verdict("", warned, told, failed)
    found = explore(flow)
    if found.is_proof:
        proof = f"{found.situations} situations, {found.keys} keys, {found.seconds:.0f} s"
        return Verdict("", warned, told, failed, proof)
    return Verdict(EXPLORATION, warned, told, failed, _where_lost(found))


def _where_lost(found: Exploration) -> str:
    if not found.is_complete:
        return f"more than {found.situations} situations"
    played = {f"{one.why} at {one.step}{'' if one.is_played else ' (not played)'}" for one in found.stranded}
    return ", ".join(sorted(played)[:3])
