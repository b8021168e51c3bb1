"""Opening hours: whether a calendar is open at a moment, and when it next opens.

Precedence: closed by hand > closed for a holiday > open by rule > closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 400
MIDNIGHT = time(0)
_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]  # open from the first moment up to, not including, the second


class Closed(Protocol):
    """A time for which somebody has closed by hand; `ends_at` None is until further notice. Both are aware."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `opens` up to, not including, `closes`; local time. Closing at 00:00 is at the end of the day."""

    opens: time
    closes: time

    def ends_after(self, clock: time) -> bool:
        """Whether it is not over yet at this time of the day."""
        return self.closes == MIDNIGHT or clock < self.closes

    def holds(self, clock: time) -> bool:
        """Whether it is open at this time of the day."""
        return self.opens <= clock and self.ends_after(clock)


ALL_DAY = Span(MIDNIGHT, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a calendar says of a moment, with the facts that prompts may say (`office.opens`, `office.next_open`)."""

    outcome: Literal["open", "closed", "holiday"]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of one place. Week days count from Monday, 0."""

    name: str
    zone: ZoneInfo
    week: Mapping[int, tuple[Span, ...]]
    holidays: Mapping[date, str] = field(default_factory=dict)  # date -> name, said by the prompt holiday_NAME
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)  # other hours on one day; none: closed
    warn_before_days: int = 60

    def at(self, when: datetime, closures: Iterable[Closed] = ()) -> Opening:
        """What counts at `when` (aware). `closures` are those made by hand, of this calendar."""
        local = when.astimezone(self.zone)
        shut = tuple(closures)
        return Opening(self._outcome(local, shut), self._facts(local, shut))

    def is_working(self, day: date) -> bool:
        """Whether the office opens at all on this day."""
        return bool(self.spans(day))

    def working_day(self, day: date) -> bool:
        return self.is_working(day)

    def closing_time(self, day: date) -> time:
        """When the office closes for the day, local time; midnight at its beginning if it stays shut.

        For one that is open to midnight, the last moment that the day has.
        """
        spans = self.spans(day)
        if not spans:
            return MIDNIGHT
        return time.max if spans[-1].closes == MIDNIGHT else spans[-1].closes

    def next_open(self, when: datetime, closures: Iterable[Closed] = ()) -> datetime | None:
        """The first moment after `when` at which it opens, having been closed; None if none comes within a year."""
        shut = tuple(sorted(closures, key=lambda closure: closure.starts_at))
        if not shut and self._never_closes():
            return None
        return next((opens for opens, _ in self._stretches(when.astimezone(self.zone), shut) if opens > when), None)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open hours of a day, in order and apart; none on a holiday."""
        if day in self.holidays:
            return ()
        return tuple(sorted(self.special.get(day, self.week.get(day.weekday(), ()))))

    def last_holiday(self) -> date | None:
        """Where the list of holidays ends."""
        return max(self.holidays, default=None)

    def _outcome(self, local: datetime, shut: tuple[Closed, ...]) -> Literal["open", "closed", "holiday"]:
        if _is_shut(local, shut):
            return "closed"
        if local.date() in self.holidays:
            return "holiday"
        now = local.time()
        is_open = any(span.holds(now) for span in self.spans(local.date()))
        return "open" if is_open else "closed"

    def _facts(self, local: datetime, shut: tuple[Closed, ...]) -> dict[str, str]:
        facts = {"holiday": self.holidays.get(local.date(), "")}
        opens = self.next_open(local, shut)
        if opens is not None:
            facts["next_open"] = opens.isoformat()
        hours = self._hours(local.date()) or (self._hours(opens.date()) if opens else None)
        if hours is not None:
            facts["opens"] = hours.opens.strftime("%H:%M")
            facts["closes"] = hours.closes.strftime("%H:%M")
        return {f"{self.name}.{fact}": value for fact, value in facts.items() if value}

    def _hours(self, day: date) -> Span | None:
        """From when to when people say that it is open on a day: past midnight is the evening before's."""
        own = [span for span in self.spans(day) if not self._is_rest_of_night(day, span)]
        if not own:
            return None
        opens, closes = own[0].opens, own[-1].closes
        if closes == MIDNIGHT and own[-1] != ALL_DAY:
            rest = [span for span in self.spans(day + _DAY)[:1] if self._is_rest_of_night(day + _DAY, span)]
            closes = rest[0].closes if rest else closes
        return Span(opens, closes)

    def _is_rest_of_night(self, day: date, span: Span) -> bool:
        """Whether the span began in the evening before."""
        if span.opens != MIDNIGHT or span == ALL_DAY:
            return False
        return any(late.closes == MIDNIGHT for late in self.spans(day - _DAY)[-1:])

    def _never_closes(self) -> bool:
        return not self.holidays and not self.special and all(self.week.get(day) == (ALL_DAY,) for day in range(7))

    def _stretches(self, local: datetime, shut: tuple[Closed, ...]) -> Iterator[Stretch]:
        """When it is open, in order, from the day before `local`. Hours that meet are one stretch; closures cut it."""
        under_way: Stretch | None = None
        for opens, closes in self._moments(local.date() - _DAY):
            if under_way is None:
                under_way = opens, closes
            elif under_way[1] == opens:
                under_way = under_way[0], closes
            else:
                yield from self._cut(under_way, shut)
                under_way = opens, closes
        if under_way is not None:
            yield from self._cut(under_way, shut)

    def _moments(self, first: date) -> Iterator[Stretch]:
        for ahead in range(LOOK_AHEAD_DAYS):
            day = first + ahead * _DAY
            for span in self.spans(day):
                last = day + _DAY if span.closes == MIDNIGHT else day
                yield datetime.combine(day, span.opens, self.zone), datetime.combine(last, span.closes, self.zone)

    def _cut(self, stretch: Stretch, shut: tuple[Closed, ...]) -> Iterator[Stretch]:
        """What is left of a stretch by those who have closed by hand (in the order in which they begin)."""
        opens, closes = stretch
        for closure in shut:
            if closure.starts_at >= closes or (closure.ends_at is not None and closure.ends_at <= opens):
                continue
            if opens < closure.starts_at:
                yield opens, closure.starts_at
            if closure.ends_at is None:
                return
            opens = closure.ends_at.astimezone(self.zone)
        if opens < closes:
            yield opens, closes


def _is_shut(moment: datetime, shut: tuple[Closed, ...]) -> bool:
    return any(_covers(closure, moment) for closure in shut)


def _covers(closure: Closed, moment: datetime) -> bool:
    return closure.starts_at <= moment and (closure.ends_at is None or moment < closure.ends_at)
