"""Opening hours: whether a calendar is open at a moment, and when it next opens.

Precedence: closed by hand > closed for a holiday > open by rule > closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 400


class Closed(Protocol):
    """A time for which somebody has closed by hand; `ends_at` None is until further notice. Both are aware."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `opens` up to, not including, `closes`; local time."""

    opens: time
    closes: time


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
        """When the office closes for the day, local time; midnight at its beginning if it stays shut."""
        return max((span.closes for span in self.spans(day)), default=time(0))

    def next_open(self, when: datetime, closures: Iterable[Closed] = ()) -> datetime | None:
        """The first moment after `when` at which it opens; None if that is more than a year away."""
        shut = tuple(closures)
        return next((moment for moment in self._openings(when.astimezone(self.zone), shut) if moment > when), None)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open hours of a day, in order; none on a holiday."""
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
        is_open = any(span.opens <= now < span.closes for span in self.spans(local.date()))
        return "open" if is_open else "closed"

    def _facts(self, local: datetime, shut: tuple[Closed, ...]) -> dict[str, str]:
        facts = {"holiday": self.holidays.get(local.date(), "")}
        opens = self.next_open(local, shut)
        if opens is not None:
            facts["next_open"] = opens.isoformat()
        hours = self.spans(local.date()) or (self.spans(opens.date()) if opens else ())
        if hours:
            facts["opens"] = hours[0].opens.strftime("%H:%M")
            facts["closes"] = hours[-1].closes.strftime("%H:%M")
        return {f"{self.name}.{fact}": value for fact, value in facts.items() if value}

    def _openings(self, local: datetime, shut: tuple[Closed, ...]) -> Iterator[datetime]:
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            for span in self.spans(day):
                moment = self._open_within(day, span, shut)
                if moment is not None:
                    yield moment

    def _open_within(self, day: date, span: Span, shut: tuple[Closed, ...]) -> datetime | None:
        """When the span begins, later by the closures that lie over its beginning; None if they cover all of it."""
        moment = datetime.combine(day, span.opens, self.zone)
        closes = datetime.combine(day, span.closes, self.zone)
        while (over := next((closure for closure in shut if _covers(closure, moment)), None)) is not None:
            if over.ends_at is None:
                return None
            moment = over.ends_at.astimezone(self.zone)
        return moment if moment < closes else None


def _is_shut(moment: datetime, shut: tuple[Closed, ...]) -> bool:
    return any(_covers(closure, moment) for closure in shut)


def _covers(closure: Closed, moment: datetime) -> bool:
    return closure.starts_at <= moment and (closure.ends_at is None or moment < closure.ends_at)
