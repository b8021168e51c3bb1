"""Opening hours and announcements, live: what a supervisor changes counts from the next call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from flows.calendar import Calendar, Opening
from flows.calendar_file import load_calendars
from flows.flow import Flow, Hours
from flows.values import AskAnnouncements, AskHours, State
from ivr.asking import Asker, Told
from models.announcement import Announcement
from models.calendar import CalendarRow
from models.closure import Closure
from models.glance import Glance

RING_BACK_WITHIN = timedelta(hours=2)  # of open office

_SOURCE = select(CalendarRow.source).where(CalendarRow.name == bindparam("calendar"))
_CLOSURES = select(Closure.starts_at, Closure.ends_at).where(
    Closure.calendar == bindparam("calendar"), Closure.ends_at > bindparam("now")
)
_POSTED = (
    select(Announcement.words)
    .where(
        Announcement.board == bindparam("board"),
        Announcement.starts_at <= bindparam("now"),
        Announcement.ends_at > bindparam("now"),
    )
    .order_by(Announcement.starts_at, Announcement.id)
)
_LOOK_AT_SOURCE, _LOOK_AT_CLOSURES, _LOOK_AT_POSTED = Glance(_SOURCE), Glance(_CLOSURES), Glance(_POSTED)


class UnknownCalendar(LookupError):
    """No calendar of this name is in the store. The message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A time for which somebody has closed the office by hand."""

    starts_at: datetime
    ends_at: datetime | None


def tell_hours(asker: Asker, state: State, request: AskHours) -> Told:
    """`open`, `closed` or `holiday`, with the facts of the calendar."""
    store, name = asker.telephone.store, request.calendar
    sources = store.glance(_LOOK_AT_SOURCE, {"calendar": name})
    closures = store.glance(_LOOK_AT_CLOSURES, {"calendar": name, "now": asker.now})
    calendar = _calendar(name, sources[0][0] if sources else None)
    opening = calendar.at(asker.now, [Closed(*row) for row in closures])
    return Told(opening.outcome, opening.facts)


def tell_announcements(asker: Asker, state: State, request: AskAnnouncements) -> Told:
    """`told`, with what is posted now on the board, oldest first, in the call's language."""
    posted = asker.telephone.store.glance(_LOOK_AT_POSTED, {"board": request.board, "now": asker.now})
    return Told(
        "told", lines=tuple(by_language[state.language] for (by_language,) in posted if by_language.get(state.language))
    )


def find_calendar(connection: Connection, name: str) -> Calendar:
    """The calendar as it stands now. Raises UnknownCalendar."""
    return _calendar(name, connection.scalar(_SOURCE, {"calendar": name}))


def _calendar(name: str, source: str | None) -> Calendar:
    if source is None:
        raise UnknownCalendar(f'There is no calendar "{name}" in the store. Run: helpline calendar set FILE')
    return calendar_in(name, source)


@lru_cache(maxsize=64)
def calendar_in(name: str, source: str) -> Calendar:
    """The calendar of this name in a text; the same text is read once."""
    return load_calendars(source)[name]


def find_closures(connection: Connection, calendar: str, now: datetime) -> list[Closed]:
    """The closures by hand that count now or later."""
    return [Closed(*row) for row in connection.execute(_CLOSURES, {"calendar": calendar, "now": now})]


class LiveHours(NamedTuple):
    """A calendar together with what has closed it by hand."""

    calendar: Calendar
    closures: Sequence[Closed]

    def at(self, moment: datetime) -> Opening:
        return self.calendar.at(moment, self.closures)

    def next_open(self, moment: datetime) -> datetime | None:
        return self.calendar.next_open(moment, self.closures)


def find_hours(connection: Connection, calendar: str, now: datetime) -> LiveHours:
    """What counts at `now` (aware) and later. Raises UnknownCalendar."""
    return LiveHours(find_calendar(connection, calendar), find_closures(connection, calendar, now))


def calendar_of(flow: Flow) -> str | None:
    """The calendar of the people who answer this flow's callers."""
    return next((step.calendar for step in flow.steps.values() if isinstance(step, Hours)), None)


def ring_back_by(connection: Connection, calendar_name: str | None, now: datetime) -> datetime:
    """Until when a call-back is promised: two hours of open office from now, or from when it next opens."""
    if calendar_name is None:
        return now + RING_BACK_WITHIN
    hours = find_hours(connection, calendar_name, now)
    promised = (now + RING_BACK_WITHIN).astimezone(hours.calendar.zone)
    if all(hours.at(moment).outcome == "open" for moment in (now, promised)):
        return promised
    opens = hours.next_open(now)
    return opens + RING_BACK_WITHIN if opens else promised
