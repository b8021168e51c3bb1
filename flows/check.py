"""`check_source`: everything that is wrong, or may be, with a flow. Pure: today's date is an argument.

`check_and_keep` gives what was read on the way too, so that who draws the flow need not read it once more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Required, TypedDict, Unpack

from flows.approvals import FILE as LOCK
from flows.approvals import read_approvals
from flows.calendar import Calendar
from flows.calendar_file import read_calendars
from flows.checks.approved import check_recordings, check_stale
from flows.checks.blanks import check_blanks_exist, check_same_blanks
from flows.checks.gaps import check_chosen, check_gaps
from flows.checks.holidays import check_holidays, holiday_wordings
from flows.checks.length import check_length
from flows.checks.loops import check_loops, check_reached, check_ways_out
from flows.checks.menus import check_giving_up, check_menus_before_person, check_order_of_choices
from flows.checks.system_texts import add_sent_texts, check_system_texts
from flows.checks.texts import check_length_of_texts, check_templates
from flows.checks.typed_in import check_keys_by_hand, check_live_data
from flows.checks.wording import check_keys_by_fact, check_unused, check_wording
from flows.finding import Finding, sort_findings
from flows.flow import Place
from flows.loading.draft import Draft, Wording
from flows.loading.reading import read_draft, read_tree
from flows.loading.templates import FILE as TEMPLATES
from flows.loading.templates import Template, read_templates
from flows.nodes import Mapping as MappingNode
from flows.nodes import read_nodes
from flows.seconds import Clip, no_clips
from flows.source import CALENDARS, Source

__all__ = ["Checked", "Finding", "check_and_keep", "check_source"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A flow as far as it is understood, and everything about it; root causes come first."""

    draft: Draft
    findings: list[Finding]


@dataclass(slots=True)
class _Hours:
    """The calendars that callers are to meet, and what is wrong with their file."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    are_known: bool = True


class Beside(TypedDict, total=False):
    """What a flow is checked beside.

    `calendars` are the live ones, or the text of their file; without, the file in the source is taken. `recordings`
    are the names of those there are. `clip` gives the seconds of each sound that there is.
    """

    today: Required[date]
    calendars: Mapping[str, Calendar] | str | None
    recordings: Collection[str] | None
    clip: Clip


def check_source(name: str, source: Source, **beside: Unpack[Beside]) -> list[Finding]:
    """Check the flow `name`; root causes come first."""
    return check_and_keep(name, source, **beside).findings


def check_and_keep(
    name: str,
    source: Source,
    *,
    today: date,
    calendars: Mapping[str, Calendar] | str | None = None,
    recordings: Collection[str] | None = None,
    clip: Clip = no_clips,
) -> Checked:
    """As `check_source`, with what was read."""
    hours = _read_hours(source, calendars)
    draft = read_draft(name, source, frozenset(hours.calendars) if hours.are_known else None)
    draft.findings += hours.findings
    if draft.file in draft.unread or not draft.languages:
        return Checked(draft, sort_findings(draft.findings))
    wordings = list(holiday_wordings(hours.calendars, hours.places)) if draft.uses_calendars() else []
    check_errors(draft, source, wordings)
    check_holidays(draft, hours.calendars, hours.places, today)
    # Not among `check_errors`: what callers have was published by older rules, and has to go on.
    check_chosen(draft)
    _check_warnings(draft, source, wordings, hours, recordings, clip)
    return Checked(draft, _told_once(draft, sort_findings(draft.findings)))


def _told_once(draft: Draft, findings: list[Finding]) -> list[Finding]:
    """What is wrong in a flow that several steps run is wrong once."""
    seen: set[tuple[Place, str]] = set()
    kept = []
    for finding in findings:
        where = (finding.place, finding.code)
        if finding.place.file not in draft.part_files or where not in seen:
            kept.append(finding)
        seen.add(where)
    return kept


def check_errors(draft: Draft, source: Source, wordings: Collection[Wording]) -> None:
    """The rules that a flow must keep before any call may be led through it."""
    templates = _read_templates(draft, source)
    add_sent_texts(draft, templates or {})
    check_keys_by_fact(draft)
    check_wording(draft, wordings)
    check_same_blanks(draft)
    check_blanks_exist(draft)
    check_system_texts(draft)
    if templates is not None:
        check_templates(draft, templates)
    check_loops(draft)
    check_ways_out(draft)


def _read_templates(draft: Draft, source: Source) -> dict[str, Template] | None:
    """What has been approved; None where there is no file, or none that can be read."""
    tree = read_tree(draft, source, TEMPLATES)
    return read_templates(draft, tree) if TEMPLATES in source and TEMPLATES not in draft.unread else None


def _check_warnings(
    draft: Draft,
    source: Source,
    wordings: Collection[Wording],
    hours: _Hours,
    recordings: Collection[str] | None,
    clip: Clip,
) -> None:
    holidays = {holiday for calendar in hours.calendars.values() for holiday in calendar.holidays.values()}
    check_reached(draft)
    check_gaps(draft)
    check_stale(draft, read_approvals(source[LOCK]) if LOCK in source else None)
    check_recordings(draft, recordings)
    check_length_of_texts(draft)
    check_live_data(draft, holidays)
    check_keys_by_hand(draft)
    check_giving_up(draft)
    check_menus_before_person(draft)
    check_order_of_choices(draft)
    check_length(draft, clip)
    check_unused(draft, wordings)


def _read_hours(source: Source, calendars: Mapping[str, Calendar] | str | None) -> _Hours:
    if calendars is not None and not isinstance(calendars, str):
        return _Hours(calendars)
    text = source.get(CALENDARS) if calendars is None else calendars
    if text is None:
        return _Hours(are_known=False)
    read, findings = read_calendars(CALENDARS, text)
    root, _ = read_nodes(CALENDARS, text)
    places = {entry.key.text: entry.key.at for entry in root.entries} if isinstance(root, MappingNode) else {}
    # Of a file that cannot be read nobody knows which calendars it holds.
    return _Hours(read, places, findings, are_known=root is not None)
