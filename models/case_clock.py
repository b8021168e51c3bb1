"""The clock of a case at its level: how long it may hold, and on which days the clock has something to say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from models.deadline import (
    INDIA,
    LONGEST_PAUSE,
    Pause,
    WorkingCalendar,
    add_working_days,
    day_zero,
    due_on,
    lost_days,
    next_working_day,
)

LAST_CLOCKED = 3  # a secretary and the cell are not driven by the clock: they see what is late on their lists
OPEN_WITHIN = 2  # working days in which a case is to be opened
L3_HOLDS = 3  # working days
EXPLAIN_WITHIN = 3  # working days
_URGENT_DAYS = 3
_SAYS_FIRST = ("unassigned", "unopened", "breached", "digest", "resumed", "most", "half")

Saying = tuple[str, date]  # what, and the first day on which it is to be said


@dataclass(frozen=True, slots=True)
class Holding:
    """A case as its clock sees it. `since`: when it came to this level; `named`: somebody answers for it there;
    `opened`: they have opened it."""

    state: str
    level: int
    since: datetime
    days: int
    extension: int
    due_on: date
    named: bool
    opened: bool
    pauses: Sequence[Pause] = ()


def promised_days(category_days: int, priority: str) -> int:
    """Working days that are promised: an urgent case has three at most."""
    return min(category_days, _URGENT_DAYS) if priority == "urgent" else category_days


def share_of(level: int, days: int) -> int:
    """Working days of a level: of 7, level 1 has 4 and level 2 has 3."""
    if level == 1:
        return max(1, ceil(days * 4 / 7))
    return max(1, days - ceil(days * 4 / 7)) if level == 2 else L3_HOLDS


def hold_on(holding: Holding, calendar: WorkingCalendar) -> date | None:
    """The last day of the level that has the case; None where no clock drives it.

    Level 1 has its share, and no more than the promise; level 2 the rest of the promise; level 3 its share at least. A
    level that gets a case when the promise is broken already has its share from then on.
    """
    if holding.level > LAST_CLOCKED:
        return None
    extension = holding.extension if holding.level == 1 else 0
    share = share_of(holding.level, holding.days)
    own = due_on(holding.since, share, calendar, holding.pauses, extension)
    if holding.due_on <= day_zero(holding.since, calendar):
        return own
    if holding.level == LAST_CLOCKED:
        return max(own, holding.due_on)
    return min(own, holding.due_on) if holding.level == 1 else holding.due_on


def sayings(holding: Holding, calendar: WorkingCalendar) -> list[Saying]:
    """What the clock will say if nothing happens, each with its day; the gravest of one day first."""
    said: list[Saying] = []
    if holding.state == "registered" and holding.level <= LAST_CLOCKED:
        said = [("unassigned", _day_after(_open_by(holding, calendar)))]
    elif holding.state == "needs_info":
        said = [("resumed", _resumes_on(holding, calendar))]
    elif holding.state in ("forwarded", "in_progress"):
        said = _while_held(holding, calendar)
    return sorted(said, key=lambda one: (one[1], _SAYS_FIRST.index(one[0])))


def next_day(said: Sequence[Saying], today: date, over: Collection[str] = ()) -> date | None:
    """The next day on which the clock has something to say, which may be today. `over`: what it has said."""
    return min((max(day, today) for kind, day in said if kind not in over), default=None)


def _while_held(holding: Holding, calendar: WorkingCalendar) -> list[Saying]:
    last = hold_on(holding, calendar)
    if last is None:
        return []
    zero = day_zero(holding.since, calendar)
    total = _working_days(zero, last, calendar)
    said: list[Saying] = [("digest" if holding.level == LAST_CLOCKED else "breached", _day_after(last))]
    said += [
        (kind, add_working_days(zero, ceil(total * percent / 100), calendar))
        for kind, percent in (("half", 50), ("most", 80))
    ]
    opens_by = _open_by(holding, calendar)
    if not holding.opened and holding.level < LAST_CLOCKED and opens_by < last:
        said.append(("unopened" if holding.named else "unassigned", _day_after(opens_by)))
    return said


def _open_by(holding: Holding, calendar: WorkingCalendar) -> date:
    return add_working_days(day_zero(holding.since, calendar), OPEN_WITHIN, calendar)


def _resumes_on(holding: Holding, calendar: WorkingCalendar) -> date:
    """The first working day on which waiting for the citizen stops the clock no longer."""
    *before, (start, _) = holding.pauses
    lost = {day for pause in before for day in lost_days(pause, date.min, calendar)}
    left = max(0, LONGEST_PAUSE - len(lost))
    return next_working_day(add_working_days(start.astimezone(INDIA).date(), left, calendar), calendar)


def _working_days(after: date, until: date, calendar: WorkingCalendar) -> int:
    days = (after + timedelta(days=ahead) for ahead in range(1, (until - after).days + 1))
    return sum(calendar.is_working(day) for day in days)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
