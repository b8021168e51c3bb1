"""Calendars, live: each a row, changed as a text, in force from the next call on. And closing by hand."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from flows.calendar import Calendar
from flows.calendar_file import load_calendars
from ivr.accounting import account
from ivr.opening import UnknownCalendar, calendar_in
from models.announcement import Announcement
from models.calendar import CalendarRow
from models.closure import Closure
from models.insert import InsertOnce
from models.store import Store

BEFORE = "before"  # in the record of a change: the text that it took the place of

_insert_calendar = InsertOnce(CalendarRow)
_TOP_LEVEL = re.compile(r"^(?=[^\s#])", re.MULTILINE)


class CalendarChanged(Exception):
    """Somebody else has changed the calendar since it was read."""


def live_calendars(connection: Connection) -> Mapping[str, Calendar]:
    """Every calendar, as it counts now."""
    return {name: calendar_in(name, source) for name, source in calendar_texts(connection).items()}


def set_calendars(store: Store, text: str, *, by: str, now: datetime) -> list[str]:
    """Put the calendars of this text in force from the next call on. Raises BrokenCalendars. Returns their names."""
    load_calendars(text, may_stay_shut=False)
    parts = split_calendars(text)

    def write(connection: Connection) -> None:
        for name, source in parts.items():
            if not add_calendar(connection, name, source, by, now):
                changed = {"source": source, "updated_at": now, "updated_by": by}
                connection.execute(update(CalendarRow).where(CalendarRow.name == name).values(**changed))
            account(connection, by, "calendar_changed", name, now)

    store.write(write)
    return list(parts)


def edit_calendar(
    store: Store, name: str, edit: Callable[[str], str], *, seen: str, change: str, by: str, now: datetime
) -> bool:
    """Change the text of one calendar, in force from the next call on. False where that changes nothing.

    `seen` is the fingerprint of the text that was looked at, `change` says in short what is done, for the record.
    Raises UnknownCalendar, CalendarChanged, BrokenCalendars, and what `edit` raises.
    """

    def write(connection: Connection) -> bool:
        before = read_to_edit(connection, name, seen)
        return write_edit(connection, name, before, edited(name, before, edit), change=change, by=by, now=now)

    return store.write(write)


def read_to_edit(connection: Connection, name: str, seen: str | None = None) -> str:
    """The text of one calendar, which nobody else changes before this transaction is over.

    `seen` is the fingerprint of the text that was looked at. Raises UnknownCalendar, CalendarChanged.
    """
    _know(connection, name)
    text = connection.scalars(select(CalendarRow.source).where(CalendarRow.name == name).with_for_update()).one()
    if seen is not None and fingerprint(text) != seen:
        raise CalendarChanged
    return text


def edited(name: str, before: str, edit: Callable[[str], str]) -> str:
    """The text once it is edited. Raises UnknownCalendar, BrokenCalendars, and what `edit` raises."""
    after = edit(before)
    if name not in load_calendars(after, may_stay_shut=False):
        raise UnknownCalendar(f'The text has no calendar "{name}".')
    return after


def write_edit(
    connection: Connection, name: str, before: str, after: str, *, change: str, by: str, now: datetime
) -> bool:
    """Put an edited text in force, in the caller's transaction. False where it says the same."""
    if after == before:
        return False
    changed = {"source": after, "updated_at": now, "updated_by": by}
    connection.execute(update(CalendarRow).where(CalendarRow.name == name).values(**changed))
    account(connection, by, "calendar_changed", name, now, {"change": change, BEFORE: before})
    return True


def fingerprint(source: str) -> str:
    """Names just this text of a calendar."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def split_calendars(text: str) -> dict[str, str]:
    """The text of each calendar of a file, with the remarks above it."""
    parts: dict[str, str] = {}
    remarks = ""
    for part in _TOP_LEVEL.split(text):
        name, colon, _ = part.partition(":")
        if colon and not part.startswith((" ", "\n", "#")):
            parts[name.strip().strip("\"'")] = remarks + part
            remarks = ""
        else:
            remarks += part
    return parts


def add_calendar(connection: Connection, name: str, source: str, by: str, now: datetime) -> bool:
    """Write a calendar. False if there is one of this name."""
    values = {"name": name, "source": source, "updated_at": now, "updated_by": by}
    return _insert_calendar.add(connection, values)


def calendar_texts(connection: Connection) -> dict[str, str]:
    """The text of each calendar, as it was written."""
    rows = connection.execute(select(CalendarRow.name, CalendarRow.source).order_by(CalendarRow.name))
    return {row.name: row.source for row in rows}


def close_now(store: Store, name: str, until: datetime, *, reason: str, by: str, now: datetime) -> None:
    """Have the calendar count as closed from now up to `until`. Raises UnknownCalendar."""
    store.write(lambda connection: write_closure(connection, name, until, reason=reason, by=by, now=now))


def open_again(store: Store, name: str, *, by: str, now: datetime) -> bool:
    """End what closes the calendar by hand now. False if nothing did. Raises UnknownCalendar."""
    return store.write(lambda connection: end_closures(connection, name, by=by, now=now))


def write_closure(connection: Connection, name: str, until: datetime, *, reason: str, by: str, now: datetime) -> None:
    """`close_now` in the caller's transaction."""
    _know(connection, name)
    values = {"calendar": name, "starts_at": now, "ends_at": until, "reason": reason, "closed_by": by}
    connection.execute(insert(Closure).values(**values))
    account(connection, by, "closed_by_hand", name, now, {"reason": reason, "until": until.isoformat()})


def end_closures(connection: Connection, name: str, *, by: str, now: datetime) -> bool:
    """`open_again` in the caller's transaction. What callers are told because of the closing ends with it."""
    _know(connection, name)
    over = (Closure.calendar == name) & (Closure.starts_at <= now) & (Closure.ends_at > now)
    ended = connection.execute(update(Closure).where(over).values(ends_at=now).returning(Closure.starts_at)).all()
    if not ended:
        return False
    told = Announcement.starts_at.in_([row.starts_at for row in ended]) & (Announcement.ends_at > now)
    connection.execute(update(Announcement).where(told, Announcement.posted_by == closing_of(name)).values(ends_at=now))
    account(connection, by, "opened_by_hand", name, now)
    return True


def closing_of(name: str) -> str:
    """What stands on an announcement that a closing has posted: it goes when the closing does."""
    return f"closing:{name}"


def _know(connection: Connection, name: str) -> None:
    known = list(connection.scalars(select(CalendarRow.name).order_by(CalendarRow.name)))
    if name not in known:
        raise UnknownCalendar(f'There is no calendar "{name}". There is: {", ".join(known) or "none yet"}.')
