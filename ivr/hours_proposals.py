"""Other hours of the week: proposed by one person, in force from the next call once a second one agrees.

One day is closed, or has other hours, at once and by one person: see `ivr.calendars`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from flows.calendar import Calendar
from flows.calendar_file import DAYS, write_hours
from flows.editing.calendar_acts import set_week
from ivr.accounting import account
from ivr.calendars import edited, read_to_edit, write_edit
from ivr.opening import calendar_in
from models.hours_proposal import AGREED, REFUSED, WITHDRAWN, HoursProposal
from models.insert import InsertOnce
from models.store import Store

_insert_proposal = InsertOnce(HoursProposal)
_PROPOSED = select(
    HoursProposal.id,
    HoursProposal.calendar,
    HoursProposal.before,
    HoursProposal.after,
    HoursProposal.proposed_by,
).where(HoursProposal.id == bindparam("number"))


class OneWaits(Exception):
    """Other hours wait for a second person already; one proposal at a time for a calendar."""


class NoSuchProposal(LookupError):
    """There is no proposal of this number."""


class DecidedAlready(Exception):
    """Somebody has agreed to the proposal, refused it or withdrawn it."""


class OwnProposal(Exception):
    """Nobody agrees to, or refuses, what they have proposed."""


class NotYours(Exception):
    """Only who has proposed it withdraws it."""


class WeekChanged(Exception):
    """The hours of the week are no longer those that the proposer saw."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who says something to a proposal, when, and why. `by` is an actor."""

    by: str
    now: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a proposal says, and by which actor."""

    id: int
    calendar: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    by: str


def week_of(calendar: Calendar) -> dict[str, str]:
    """Its hours by day (`mon` …), as they are typed; "" where it is shut."""
    spans = {day: calendar.week.get(number, ()) for number, day in enumerate(DAYS)}
    return {day: ", ".join(write_hours(span) for span in open_at) for day, open_at in spans.items()}


def write_week(week: Mapping[str, str]) -> str:
    """The week in short, for the record."""
    return ", ".join(f"{day} {hours or 'closed'}" for day, hours in week.items())


def propose_week(store: Store, name: str, week: Mapping[str, str], *, seen: str, by: str, now: datetime) -> bool:
    """Propose other hours of the week. False where they are so already.

    `seen` is the fingerprint of the text that was looked at. Raises UnknownCalendar, CalendarChanged, BrokenCalendars,
    CannotEdit, OneWaits.
    """

    def write(connection: Connection) -> bool:
        text = read_to_edit(connection, name, seen)
        before = week_of(calendar_in(name, text))
        after = week_of(calendar_in(name, edited(name, text, lambda text: set_week(text, name, week))))
        if after == before:
            return False
        values = {"calendar": name, "before": before, "after": after, "proposed_by": by, "proposed_at": now}
        number = _insert_proposal.add_returning_id(connection, {**values, "reason": ""})
        if number is None:
            raise OneWaits
        account(connection, by, "hours_proposed", name, now, {"proposal": number, "change": write_week(after)})
        return True

    return store.write(write)


def agree(store: Store, number: int, *, by: str, now: datetime) -> str:
    """Put the proposed hours in force from the next call on. Returns the name of the calendar.

    Raises NoSuchProposal, OwnProposal, DecidedAlready, WeekChanged, UnknownCalendar, BrokenCalendars, CannotEdit.
    """

    def write(connection: Connection) -> str:
        proposal = _find(connection, number)
        name, week = proposal.calendar, proposal.after
        text = read_to_edit(connection, name)  # before any act is written, as in every change of a calendar
        _decide(connection, proposal, AGREED, Decision(by, now))
        if week_of(calendar_in(name, text)) != proposal.before:
            raise WeekChanged
        after = edited(name, text, lambda text: set_week(text, name, week))
        write_edit(connection, name, text, after, change=write_week(week), by=by, now=now)
        return name

    return store.write(write)


def refuse(store: Store, number: int, *, reason: str, by: str, now: datetime) -> str:
    """Leave the hours as they are. Returns the name of the calendar.

    Raises NoSuchProposal, OwnProposal, DecidedAlready.
    """
    return _end(store, number, REFUSED, Decision(by, now, reason))


def withdraw(store: Store, number: int, *, by: str, now: datetime) -> str:
    """Take back what one has proposed oneself. Returns the name of the calendar.

    Raises NoSuchProposal, NotYours, DecidedAlready.
    """
    return _end(store, number, WITHDRAWN, Decision(by, now))


def _end(store: Store, number: int, outcome: str, decision: Decision) -> str:
    def write(connection: Connection) -> str:
        proposal = _find(connection, number)
        _decide(connection, proposal, outcome, decision)
        return proposal.calendar

    return store.write(write)


def _find(connection: Connection, number: int) -> Proposed:
    row = connection.execute(_PROPOSED, {"number": number}).one_or_none()
    if row is None:
        raise NoSuchProposal
    return Proposed(*row)


def _decide(connection: Connection, proposal: Proposed, outcome: str, decision: Decision) -> None:
    """Write what somebody says to a proposal that nobody has decided on yet."""
    is_own = proposal.by == decision.by
    if is_own != (outcome == WITHDRAWN):
        raise OwnProposal if is_own else NotYours
    values = {"outcome": outcome, "decided_by": decision.by, "decided_at": decision.now}
    waiting = (HoursProposal.id == proposal.id) & HoursProposal.decided_at.is_(None)
    decided = connection.execute(update(HoursProposal).where(waiting).values(**values, reason=decision.reason))
    if decided.rowcount == 0:
        raise DecidedAlready
    told = {"proposal": proposal.id, "proposed_by": proposal.by}
    told |= {"reason": decision.reason} if decision.reason else {}
    account(connection, decision.by, f"hours_{outcome}", proposal.calendar, decision.now, told)
