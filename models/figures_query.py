"""Counting the figures of a stretch of time from its rows, by interval and language."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select, text

from models.call import Call
from models.call_back import CallBack
from models.figures import Figures
from models.micros import INDIA_AHEAD, SECOND, interval_of, micros_of
from models.presence import Presence
from models.presence_stay import PresenceStay
from models.presence_stays import LONGEST
from models.queue_entry import QueueEntry
from models.talk import Talk

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
BUSY = ("talk", "wrap_up")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Key = tuple[datetime, str]
"""Beginning of an interval, and a language; the language is empty for what belongs to none, such as occupancy."""


def read_figures(
    connection: Connection, start: datetime, end: datetime, every: timedelta, now: datetime
) -> dict[Key, Figures]:
    """Figures from `start` up to `end` for each interval in which something happened.

    Intervals (QUARTER, HOUR or DAY) are those of the clock in India; `start` and `end` should lie on their edges.
    A call is counted where it came into the queue, a conversation where it began, people's time where it passed.
    """
    found: defaultdict[Key, Figures] = defaultdict(Figures)
    micros = _micros(every)
    _count_entries(connection, start, end, micros, found)
    _count_talks(connection, start, end, micros, found)
    _count_presence(connection, start, min(end, now), micros, found)
    return dict(found)


def _count_entries(
    connection: Connection, start: datetime, end: datetime, micros: int, found: "defaultdict[Key, Figures]"
) -> None:
    entered, answered, over = QueueEntry.entered_at, QueueEntry.answered_at, QueueEntry.ended_at
    ending = case(
        (over.is_not(None), func.coalesce(QueueEntry.ended_as, literal("error"))),
        (QueueEntry.state == "talking", literal("answered")),
        else_=literal("waiting"),
    )
    until = case((ending == "answered", answered), (ending == "abandoned", over), else_=None)
    waited: ColumnElement[int] = micros_of(until) - micros_of(entered)
    seconds = (waited + (SECOND - 1)) // SECOND
    # Grouped by the labels: PostgreSQL takes two expressions with bound values for different ones.
    rows = connection.execute(
        select(
            _interval(entered, start, end, micros).label("interval_no"),
            QueueEntry.language.label("spoken"),
            ending.label("ending"),
            seconds.label("whole"),
            func.count(),
            func.sum(waited),
        )
        .where(entered >= start, entered < end)
        .group_by(*(text(label) for label in ("interval_no", "spoken", "ending", "whole")))
    )
    for number, language, how, whole, calls, together in rows:
        figures = found[_moment(number, micros), language]
        figures.ended[how] += calls
        if how == "answered" and whole is not None:
            figures.waits[whole] += calls
            figures.waited += int(together)
        elif how == "abandoned":
            figures.gone[whole] += calls


def _count_talks(
    connection: Connection, start: datetime, end: datetime, micros: int, found: "defaultdict[Key, Figures]"
) -> None:
    number = _interval(Talk.started_at, start, end, micros).label("interval_no")
    language = func.coalesce(QueueEntry.language, CallBack.language, Call.language, literal(""))
    wrapped = (
        select(func.sum(micros_of(PresenceStay.ended_at) - micros_of(PresenceStay.began_at)))
        .where(PresenceStay.talk_id == Talk.id, PresenceStay.talk_id.is_not(None))
        .scalar_subquery()
    )
    talked: ColumnElement[int] = micros_of(Talk.ended_at) - micros_of(Talk.started_at)
    rows = connection.execute(
        select(number, language.label("spoken"), func.count(), func.sum(talked), func.sum(wrapped))
        .outerjoin(QueueEntry, QueueEntry.id == Talk.entry_id)
        .outerjoin(CallBack, CallBack.id == Talk.callback_id)
        .outerjoin(Call, Call.sid == Talk.call_sid)  # of a colleague who was asked in
        .where(Talk.started_at >= start, Talk.started_at < end, Talk.ended_at.is_not(None))
        .group_by(text("interval_no"), text("spoken"))
    )
    for interval, spoken, talks, together, after in rows:
        figures = found[_moment(interval, micros), spoken]
        figures.talks += talks
        figures.talked += int(together)
        figures.wrapped += int(after or 0)


def _count_presence(
    connection: Connection, start: datetime, end: datetime, micros: int, found: "defaultdict[Key, Figures]"
) -> None:
    stay = PresenceStay
    counted = and_(
        # None is longer than that, so no more of the index need be read.
        stay.began_at >= start - LONGEST,
        stay.began_at < end,
        stay.ended_at > start,
        stay.state.in_(("ready", *BUSY)),
    )
    within = and_(stay.began_at >= start, stay.ended_at <= end)  # cheap to look at, so it comes first
    first = _interval(stay.began_at, start, end, micros)
    if not _is_one(start, end, micros):
        within = and_(within, first == (micros_of(stay.ended_at) + INDIA_AHEAD - 1) // micros)
    lasted: ColumnElement[int] = micros_of(stay.ended_at) - micros_of(stay.began_at)
    summed = (
        select(first.label("interval_no"), stay.state, func.sum(lasted))
        .where(counted, within)
        .group_by(text("interval_no"), stay.state)
    )
    for number, state, together in connection.execute(summed):
        _add_time(found[_moment(number, micros), ""], state, int(together))
    # Over an edge, or still going on: few enough to be cut one by one.
    across = select(stay.state, stay.began_at, stay.ended_at).where(counted, ~within)
    lasting = select(Presence.state, Presence.since).where(
        Presence.state.in_(("ready", "offered", *BUSY)), Presence.since < end
    )
    stays = [(row.state, row.began_at, row.ended_at) for row in connection.execute(across)]
    stays += [(row.state, row.since, end) for row in connection.execute(lasting)]
    for state, began, ended in stays:
        _cut(found, state, max(began, start), min(ended, end), micros)


def _interval(moment: Any, start: datetime, end: datetime, micros: int) -> ColumnElement[int]:
    """Number of the interval of `moment`, which lies between the two: for a wall, which asks often, a constant."""
    if _is_one(start, end, micros):
        return literal(_number(start, micros))
    return interval_of(moment, micros)


def _is_one(start: datetime, end: datetime, micros: int) -> bool:
    return _number(start, micros) == _number(end - timedelta(microseconds=1), micros)


def _number(moment: datetime, micros: int) -> int:
    return (_micros(moment - _EPOCH) + INDIA_AHEAD) // micros


def _cut(found: "defaultdict[Key, Figures]", state: str, began: datetime, ended: datetime, micros: int) -> None:
    since, until = _micros(began - _EPOCH) + INDIA_AHEAD, _micros(ended - _EPOCH) + INDIA_AHEAD
    while since < until:
        edge = min((since // micros + 1) * micros, until)
        _add_time(found[_moment(since // micros, micros), ""], state, edge - since)
        since = edge


def _add_time(figures: Figures, state: str, micros: int) -> None:
    if state in BUSY:
        figures.busy += micros
    else:
        figures.ready += micros


def _micros(stretch: timedelta) -> int:
    return stretch // timedelta(microseconds=1)


def _moment(number: Any, micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(number) * micros - INDIA_AHEAD)
