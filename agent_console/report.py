"""A report: the figures of a stretch of days by interval, as rows with one set of columns for page, chart and files."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from agent_console.periods import begin_of
from agent_console.words import LANGUAGES
from models.figures import Figures, total_of
from models.figures_query import DAY, HOUR, QUARTER, Key, read_figures
from models.store import Store

Kind = Literal["count", "ratio", "seconds"]
Number = float | int | None

INTERVALS = {"day": DAY, "hour": HOUR, "quarter": QUARTER}
# So many days at most, by interval: a page that nobody can read helps nobody, and a million calls take their time.
AT_MOST = {"day": 731, "hour": 92, "quarter": 31}
_CHUNK = timedelta(days=7)  # read in one go: no connection is held for a whole year


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a report. `of_all` stands for all languages together only."""

    name: str
    kind: Kind
    value: Callable[[Figures], Number]
    of_all: bool = False


COLUMNS = (
    Column("queued", "count", lambda one: one.queued),
    Column("answered", "count", lambda one: one.answered),
    Column("answered_fast", "count", lambda one: one.answered_fast),
    Column("abandoned", "count", lambda one: one.abandoned),
    Column("callback", "count", lambda one: one.ended["callback"]),
    Column("voicemail", "count", lambda one: one.ended["voicemail"]),
    Column("other_ends", "count", lambda one: sum(one.ended[name] for name in ("overflow", "closed", "error"))),
    Column("service_level", "ratio", lambda one: one.service_level),
    Column("abandonment", "ratio", lambda one: one.abandonment),
    Column("mean_wait", "seconds", lambda one: one.mean_wait_s),
    Column("p90_wait", "seconds", lambda one: one.p90_wait_s),
    Column("talks", "count", lambda one: one.talks),
    Column("handle", "seconds", lambda one: one.handle_s),
    Column("occupancy", "ratio", lambda one: one.occupancy, of_all=True),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in India, both included, cut into intervals."""

    since: date
    until: date
    every: str

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def is_too_long(self) -> bool:
        return self.days > AT_MOST[self.every]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One interval. `language` is empty for all together."""

    begins: datetime
    language: str
    figures: Figures


def read_rows(store: Store, period: Period, now: datetime, languages: tuple[str, ...]) -> Iterator[ReportRow]:
    """The intervals in which something happened, in order, for each of `languages` (empty: all together).

    Read a week at a time, each in a transaction of its own.
    """
    at, end = begin_of(period.since), begin_of(period.until + timedelta(days=1))
    while at < end:
        until = min(at + _CHUNK, end)
        with store.read() as connection:
            found = read_figures(connection, at, until, INTERVALS[period.every], now)
        yield from _rows(found, languages)
        at = until


def _rows(found: dict[Key, Figures], languages: tuple[str, ...]) -> Iterator[ReportRow]:
    intervals: defaultdict[datetime, dict[str, Figures]] = defaultdict(dict)
    for (begins, language), figures in found.items():
        intervals[begins][language] = figures
    for begins in sorted(intervals):
        here = intervals[begins]
        for language in languages:
            if not language:
                yield ReportRow(begins, "", total_of(list(here.values())))
            elif language in here:
                yield ReportRow(begins, language, here[language])


def every_language() -> tuple[str, ...]:
    """All together first, then each language."""
    return ("", *LANGUAGES)
