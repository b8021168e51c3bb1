"""The tables of the patterns as plain rows, for files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from agent_console.table_files import Cell
from agent_console.words import say
from models.patterns import Held, Lengths, Outcomes, Recurring
from models.patterns_query import read_held, read_outcomes, read_recurring

Rows = list[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Names:
    """Names in the reader's language by code: a kind and a department may have the same."""

    kinds: Mapping[str, str]
    places: Mapping[str, str]
    departments: Mapping[str, str]

    def of(self, kind: str, place: str, department: str) -> list[str]:
        """The names of those of them that are given."""
        asked = ((self.kinds, kind), (self.places, place), (self.departments, department))
        return [names.get(code, code) for names, code in asked if code]


def recurring_rows(connection: Connection, since: datetime, until: datetime, now: datetime, names: Names) -> Rows:
    def row(one: Recurring) -> Sequence[Cell]:
        place = names.places.get(one.district) or say("patterns.nowhere")
        kind = names.kinds.get(one.category, one.category)
        department = names.departments.get(one.department, one.department)
        return kind, place, department, one.observed, round(one.usual, 2), round(one.once_in, 1)

    return [row(one) for one in read_recurring(connection, since, until)]


def outcome_rows(connection: Connection, since: datetime, until: datetime, now: datetime, names: Names) -> Rows:
    def row(one: Outcomes) -> Sequence[Cell]:
        counts = (one.registered, one.open, one.closed, one.rejected, one.overdue, one.never_opened, one.reopened)
        shares = (_rounded(one.within_promise), *_days(one.took), one.asked, _rounded(one.satisfaction))
        return names.departments.get(one.department, one.department), *counts, *shares

    return [row(one) for one in read_outcomes(connection, since, until, now)]


def level_rows(connection: Connection, since: datetime, until: datetime, now: datetime, names: Names) -> Rows:
    def row(one: Held) -> Sequence[Cell]:
        department = names.departments.get(one.department, one.department)
        return department, f"L{one.level}", one.cases, one.still, one.never_opened, one.solved, *_days(one.took)

    return [row(one) for one in read_held(connection, since, until, now)]


TABLES: Mapping[str, tuple[Callable[[Connection, datetime, datetime, datetime, Names], Rows], tuple[str, ...]]] = {
    "recurring": (recurring_rows, ("category", "district", "department", "observed", "usual", "once_in")),
    "outcomes": (
        outcome_rows,
        (
            "department", "registered", "open", "closed", "rejected", "overdue", "never_opened", "reopened",
            "within_promise", "median_days", "p90_days", "asked", "satisfied",
        ),
    ),
    "levels": (
        level_rows,
        ("department", "level", "cases", "still", "never_opened", "solved", "median_days", "p90_days"),
    ),
}  # fmt: skip
"""Each table with how its rows are read, and its columns (words `patterns.…`)."""


def _days(took: Lengths) -> tuple[float | None, float | None]:
    return _rounded(took.at(0.5), 1), _rounded(took.at(0.9), 1)


def _rounded(number: float | None, places: int = 4) -> float | None:
    return None if number is None else round(number, places)
