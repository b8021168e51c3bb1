"""Promised dates, each counted on a printed calendar and written down: deadlines.csv names the days that were counted.

None of the dates comes from the code that is tested. To add one: count it on paper, and write what you counted.
"""

import csv
from datetime import date, datetime, time
from pathlib import Path

import pytest

from models.deadline import INDIA, WorkingCalendar, day_zero, due_on
from models.sudden_days import SuddenlyShut

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Printed:
    """Works from Monday up to the week day `last`, until `closes`, but on none of the days off: "month: day day"."""

    def __init__(self, last: int, closes: time, off: str = "") -> None:
        self.last, self.closes = last, closes
        self.off = {
            date.fromisoformat(f"{month.strip()}-{int(day):02d}")
            for month, days in (part.split(":") for part in off.split(";") if part.strip())
            for day in days.split()
        }

    def is_working(self, day: date, /) -> bool:
        return day.weekday() <= self.last and day not in self.off

    def closing_time(self, day: date, /) -> time:
        return self.closes


FRIDAY, SATURDAY = 4, 5

CALENDARS: dict[str, WorkingCalendar] = {
    "plain": Printed(FRIDAY, time(17, 30)),
    "march": Printed(FRIDAY, time(18), "2026-03: 3 4"),
    # The second and the fourth Saturday of each month are free.
    "saturdays": Printed(
        SATURDAY,
        time(17, 30),
        "2026-01: 10 24; 2026-02: 14 28; 2026-03: 14 28; 2026-04: 11 25; 2026-05: 9 23; 2026-06: 13 27;"
        "2026-07: 11 25; 2026-08: 8 22; 2026-09: 12 26; 2026-10: 10 24; 2026-11: 14 28; 2026-12: 12 26",
    ),
    "puja": Printed(SATURDAY, time(18), "2026-10: 2 10 17 19 20 21 22 23 24 26; 2026-11: 8 11 24"),
    "winter": Printed(FRIDAY, time(17, 30), "2026-01: 1 23 26; 2026-12: 25; 2027-01: 1 12 26"),
}

with Path(__file__).with_name("deadlines.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def test_there_are_enough_of_them_and_the_worked_example_is_first() -> None:
    assert len(ROWS) >= 200
    assert (ROWS[0]["registered"], ROWS[0]["day_zero"], ROWS[0]["due"]) == (
        "2026-02-27 18:40",
        "2026-03-02",
        "2026-03-13",
    )
    assert {row["calendar"] for row in ROWS} == set(CALENDARS)


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row['about']}" for n, row in enumerate(ROWS, start=2)])
def test_counted_by_hand(row: dict[str, str]) -> None:
    calendar = CALENDARS[row["calendar"]]
    if row["sudden"]:
        calendar = SuddenlyShut(calendar, {date.fromisoformat(day) for day in row["sudden"].split()})
    pauses = [(_at(start), _at(end)) for start, end in (one.split(" > ") for one in row["pauses"].split("; ") if one)]
    registered = _at(row["registered"])
    assert day_zero(registered, calendar).isoformat() == row["day_zero"]
    due = due_on(registered, int(row["days"]), calendar, pauses, int(row["extension"]))
    assert due.isoformat() == row["due"]
    assert _counted(row["counted"])[-1] == (due.month, due.day)


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}" for n, _ in enumerate(ROWS, start=2)])
def test_what_was_counted_stands_there_day_by_day(row: dict[str, str]) -> None:
    """The table does not contradict itself: as many days as were promised and granted, and at most five more."""
    counted = _counted(row["counted"])
    promised = int(row["days"]) + int(row["extension"])
    assert promised <= len(counted) <= promised + (5 if row["pauses"] else 0)
    assert len(set(counted)) == len(counted)
    sudden = {(day.month, day.day) for day in map(date.fromisoformat, row["sudden"].split())}
    assert sudden.isdisjoint(counted)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=INDIA)


def _counted(words: str) -> list[tuple[int, int]]:
    """27 Feb 2 Mar 5 6 as pairs of month and day: each number is of the month last named, which follows the first."""
    days: list[tuple[int, int]] = []
    parts = words.split()
    month = 0
    for n, part in enumerate(parts):
        if part in _MONTHS:
            continue
        named = parts[n + 1] if n + 1 < len(parts) else ""
        month = _MONTHS.index(named) + 1 if named in _MONTHS else month
        days.append((month, int(part)))
    return days
