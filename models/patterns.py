"""Patterns in complaints: what recurs where and when against the weeks before, and where cases are held up."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.surprise import once_in

_COUNTS = (
    "registered", "open", "closed", "rejected", "overdue", "late", "never_opened", "reopened", "asked", "satisfied",
)  # fmt: skip
EARLIER = 8  # periods of the same length that a period is compared with


@dataclass(frozen=True, slots=True)
class Recurring:
    """How many complaints of one kind came from one place or went to one department, and how unusual that is.

    `before` are the counts of the earlier periods since the first complaint of all, the oldest first. An empty value of
    a key means all.
    """

    category: str
    district: str
    department: str
    observed: int
    before: tuple[int, ...]

    @property
    def usual(self) -> float:
        """What an earlier period brought on average."""
        return sum(self.before) / len(self.before) if self.before else 0.0

    @property
    def once_in(self) -> float:
        return once_in(self.observed, self.before)


@dataclass(slots=True)
class Lengths:
    """How long things took, in whole hours: enough for a median without a list of all."""

    hours: Counter[int] = field(default_factory=Counter)

    def add(self, hours: int, times: int = 1) -> None:
        self.hours[hours] += times

    @property
    def number(self) -> int:
        return sum(self.hours.values())

    def at(self, share: float) -> float | None:
        """Days within which this share of them was done; None where nothing was."""
        if not self.hours:
            return None
        sizes = sorted(self.hours)
        reached: list[int] = []
        for size in sizes:
            reached.append((reached[-1] if reached else 0) + self.hours[size])
        return sizes[min(bisect_left(reached, share * reached[-1]), len(sizes) - 1)] / 24


@dataclass(slots=True)
class Outcomes:
    """What became of the complaints of a department that were registered in a period.

    `overdue` are open after their promise; `late` are these and those that ended after it. `asked` citizens said
    whether it is solved, `satisfied` said yes.
    """

    department: str
    registered: int = 0
    open: int = 0
    closed: int = 0
    rejected: int = 0
    overdue: int = 0
    late: int = 0
    never_opened: int = 0
    reopened: int = 0
    asked: int = 0
    satisfied: int = 0
    took: Lengths = field(default_factory=Lengths)

    @property
    def within_promise(self) -> float | None:
        """Share that was not late; None where there is nothing to divide by."""
        return 1 - self.late / self.registered if self.registered else None

    @property
    def satisfaction(self) -> float | None:
        return self.satisfied / self.asked if self.asked else None


@dataclass(slots=True)
class Held:
    """How long the cases of a department that came to a level in a period were held there."""

    department: str
    level: int
    cases: int = 0
    still: int = 0
    never_opened: int = 0
    solved: int = 0
    took: Lengths = field(default_factory=Lengths)


def total_of(outcomes: Sequence[Outcomes]) -> Outcomes:
    """All departments together."""
    total = Outcomes("")
    for one in outcomes:
        for name in _COUNTS:
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.took.hours.update(one.took.hours)
    return total


def by_district(recurring: Sequence[Recurring]) -> Mapping[str, Recurring]:
    """All kinds and departments of a district together."""
    windows: dict[str, list[int]] = {}
    for one in recurring:
        counts = windows.setdefault(one.district, [0] * (len(one.before) + 1))
        for number, count in enumerate((*one.before, one.observed)):
            counts[number] += count
    return {
        district: Recurring("", district, "", counts[-1], tuple(counts[:-1])) for district, counts in windows.items()
    }
