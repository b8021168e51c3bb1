"""Other hours of the week that wait for a second person, and what became of earlier ones, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.hours_shown import calendar_title, newest_change
from agent_console.names import actors_of
from agent_console.surroundings import me
from agent_console.words import screen_language
from flows.calendar import Calendar
from flows.calendar_file import DAYS
from flows.differences.change import Change, compare_named
from ivr.hours_proposals import week_of
from models.hours_proposal import HoursProposal

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal. `told` says in sentences what it changes of the week that its proposer saw.

    `meanwhile` says what has changed of that week since, and `changed_by` who was the last to change the calendar.
    """

    id: int
    who: str
    at: datetime
    told: Sequence[str]
    is_own: bool
    outcome: str | None
    decided_by: str
    decided_at: datetime | None
    reason: str
    meanwhile: Sequence[str] = ()
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class ProposalsShown:
    """The one that waits, and the last ones that were decided on."""

    waiting: ProposalLine | None
    decided: Sequence[ProposalLine]


def count_weeks_to_agree(session: Session, actor: str) -> int:
    """How many proposed weeks this actor may decide on: those of others."""
    waiting = HoursProposal.decided_at.is_(None) & (HoursProposal.proposed_by != actor)
    return session.scalar(select(func.count()).select_from(HoursProposal).where(waiting)) or 0


def read_hours_proposals(session: Session, name: str, calendar: Calendar) -> ProposalsShown:
    """The proposals for one calendar, the newest first."""
    newest = select(HoursProposal).where(HoursProposal.calendar == name).order_by(HoursProposal.id.desc())
    rows = session.scalars(newest.limit(_SHOWN + 1)).all()
    change = newest_change(session, name)
    last = change.actor if change else ""
    names = actors_of(session, {last, *(one for row in rows for one in (row.proposed_by, row.decided_by or ""))})
    week = week_of(calendar)
    lines = [_line(row, week, names, names.get(last, last)) for row in rows]
    waiting = next((line for line in lines if line.outcome is None), None)
    return ProposalsShown(waiting, [line for line in lines if line.outcome is not None][:_SHOWN])


def _line(row: HoursProposal, week: Mapping[str, str], names: Mapping[str, str], changed_by: str) -> ProposalLine:
    is_open = row.outcome is None
    return ProposalLine(
        id=row.id,
        who=names.get(row.proposed_by, row.proposed_by),
        at=row.proposed_at,
        told=_differences(row.calendar, row.before, row.after),
        is_own=row.proposed_by == me().actor,
        outcome=row.outcome,
        decided_by=names.get(row.decided_by or "", row.decided_by or ""),
        decided_at=row.decided_at,
        reason=row.reason,
        meanwhile=_differences(row.calendar, row.before, week) if is_open else (),
        changed_by=changed_by if is_open else "",
    )


def _differences(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What is different between two weeks, in sentences of the screen's language."""
    about = Change("hours", "", calendar_title(name), "hours", "", "")
    weeks = ({str(number): week.get(day, "") for number, day in enumerate(DAYS)} for week in (before, after))
    return [change.tell(screen_language()) for change in compare_named(about, *weeks, names_detail=True)]
