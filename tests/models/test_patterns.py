"""Patterns counted from rows, on both databases, against numbers that were counted by hand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.category import Category
from models.complaint import Complaint
from models.department import Department
from models.level_stay import LevelStay
from models.patterns import Held, Lengths, Outcomes, Recurring, by_district, total_of
from models.patterns_query import (
    NOWHERE,
    never_opened,
    overdue,
    places_in,
    read_held,
    read_outcomes,
    read_recurring,
    reopened,
)
from models.place import PlaceRow
from models.record import append_event
from models.store import Store

SINCE = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # midnight in India
WEEK = timedelta(days=7)
UNTIL, NOW = SINCE + WEEK, SINCE + 2 * WEEK
CLOSED = {"from": "in_progress", "to": "closed"}


@dataclass
class Register:
    """Two departments, two districts and a block, and complaints put there by hand."""

    store: Store

    def put(self, at: datetime, **more: Any) -> int:
        return self.store.transact(lambda session: put(session, at, **more).id)

    def say(self, complaint_id: int, kind: str, **data: Any) -> None:
        """Add an event to the record."""

        def write(session: Session) -> None:
            complaint = session.get_one(Complaint, complaint_id)
            append_event(session, complaint, kind=kind, actor="citizen", now=SINCE, data=data)

        self.store.transact(write)

    def recurring(self) -> list[Recurring]:
        with self.store.read() as connection:
            return read_recurring(connection, SINCE, UNTIL)

    def outcomes(self) -> list[Outcomes]:
        with self.store.read() as connection:
            return read_outcomes(connection, SINCE, UNTIL, NOW)

    def held(self) -> list[Held]:
        with self.store.read() as connection:
            return read_held(connection, SINCE, UNTIL, NOW)

    def found(self, wanted: ColumnElement[bool]) -> list[int]:
        with self.store.read() as connection:
            return list(connection.scalars(select(Complaint.id).where(wanted)))


@pytest.fixture
def register(store: Store) -> Register:
    def fill(session: Session) -> None:
        session.add_all(Department(code=code, names={"en": code}) for code in ("food", "home"))
        for code, parent, level in (
            ("wb", None, "state"),
            ("hooghly", "wb", "district"),
            ("arambag", "hooghly", "block"),
            ("nadia", "wb", "district"),
            ("outside", None, "outside"),
        ):
            session.add(PlaceRow(code=code, parent=parent, level=level, names={"en": code}))
            session.flush()
        session.add_all(
            Category(code=code, names={"en": code}, department_code=department, days=7, position=1)
            for code, department in (("ration", "food"), ("police", "home"))
        )

    store.transact(fill)
    return Register(store)


def put(
    session: Session,
    at: datetime,
    *,
    category: str = "ration",
    department: str = "food",
    place: str | None = "hooghly",
    state: str = "forwarded",
    due: date = date(2026, 3, 12),
    closed_at: datetime | None = None,
    opened_at: datetime | None = None,
    level: int = 1,
) -> Complaint:
    number = session.query(Complaint).count()
    complaint = Complaint(
        reference=f"{26_000_000_000 + number}",
        category=category,
        department_code=department,
        place_code=place,
        text="The shop is shut.",
        language="bn",
        state=state,
        outcome="confirmed" if state == "closed" else None,
        registered_at=at,
        due_on=due,
        closed_at=closed_at,
        level=level,
        events=0,
    )
    session.add(complaint)
    session.flush()
    stay = LevelStay(complaint_id=complaint.id, level=level, from_at=at, opened_at=opened_at, until_at=closed_at)
    stay.solved = state == "closed"
    session.add(stay)
    session.flush()
    return complaint


def test_counts_stand_in_their_period_district_and_department(register: Register) -> None:
    for weeks_ago in (1, 1, 3, 8):
        register.put(SINCE - weeks_ago * WEEK, place="arambag")
    register.put(SINCE - 8 * WEEK - timedelta(seconds=1), place="arambag")  # too long ago
    for hours in (0, 1, 100, 167):
        register.put(SINCE + timedelta(hours=hours), place="hooghly" if hours else "arambag")
    register.put(UNTIL)  # the week after
    register.put(SINCE, category="police", department="home", place=None)
    first, second = register.recurring()
    assert (first.category, first.district, first.department) == ("ration", "hooghly", "food")
    assert (first.observed, first.before) == (4, (1, 0, 0, 0, 0, 1, 0, 2))
    assert first.usual == 0.5
    assert (second.category, second.district, second.observed, second.before) == ("police", "", 1, (0,) * 8)
    assert by_district([first, second])["hooghly"].observed == 4


def test_what_never_came_in_the_period_is_not_told(register: Register) -> None:
    register.put(SINCE - WEEK)
    assert register.recurring() == []


def test_periods_before_the_first_complaint_of_all_are_not_counted(register: Register) -> None:
    register.put(SINCE - 2.5 * WEEK)
    for _ in range(3):
        register.put(SINCE, place="nadia")
    (found,) = register.recurring()
    assert found.before == (0, 0)


def test_where_nothing_came_before_nothing_is_unusual(register: Register) -> None:
    for _ in range(20):
        register.put(SINCE)
    (found,) = register.recurring()
    assert (found.before, found.usual, found.once_in) == ((), 0.0, 1.0)


def test_the_most_surprising_stands_first(register: Register) -> None:
    for weeks_ago in range(1, 9):
        for _ in range(5):
            register.put(SINCE - weeks_ago * WEEK, place="nadia")
    for _ in range(6):
        register.put(SINCE, place="nadia")
    for _ in range(4):
        register.put(SINCE, place="hooghly")
    found = register.recurring()
    assert [one.district for one in found] == ["hooghly", "nadia"]


def test_what_became_of_the_complaints_of_a_period(register: Register) -> None:
    register.put(SINCE, due=date(2026, 3, 20))  # open, in time
    register.put(SINCE, due=date(2026, 3, 10), opened_at=SINCE)  # open, overdue
    register.put(SINCE, state="closed", closed_at=SINCE + timedelta(days=2, hours=5), due=date(2026, 3, 4))
    # Due on 12 March; closed at 23:00 in India on that day: in time.
    register.put(SINCE, state="closed", closed_at=datetime(2026, 3, 12, 17, 30, tzinfo=UTC))
    # Closed half an hour after midnight there: late.
    register.put(SINCE, state="closed", closed_at=datetime(2026, 3, 12, 19, 0, tzinfo=UTC))
    register.put(SINCE, state="rejected", closed_at=SINCE + timedelta(days=1))
    register.put(SINCE, category="police", department="home")
    food, home = register.outcomes()
    assert (food.department, food.registered, food.open, food.closed, food.rejected) == ("food", 6, 2, 3, 1)
    assert (food.overdue, food.late, food.never_opened) == (1, 2, 5)
    assert food.within_promise == pytest.approx(4 / 6)
    assert food.took.at(0.5) == pytest.approx(
        int((datetime(2026, 3, 12, 17, 30, tzinfo=UTC) - SINCE) / timedelta(hours=1)) / 24
    )
    assert (home.registered, home.open) == (1, 1)
    total = total_of([food, home])
    assert (total.registered, total.late, total.took.number) == (7, 3, 3)


def test_what_citizens_said_is_counted_from_the_record(register: Register) -> None:
    one, two = register.put(SINCE), register.put(SINCE)
    said = {"from": "action_reported", "to": "in_progress", "answer": "not_solved"}
    register.say(one, "in_progress", **said)
    register.say(one, "closed", **CLOSED, outcome="confirmed")
    again = {"from": "closed", "to": "in_progress"}
    for _ in range(2):
        register.say(one, "in_progress", **again)
    register.say(two, "closed", **CLOSED, outcome="unreachable")
    (food,) = register.outcomes()
    assert (food.asked, food.satisfied, food.satisfaction) == (2, 1, 0.5)
    assert food.reopened == 1  # one complaint, though opened again twice
    assert register.found(reopened()) == [one]


def test_what_was_registered_at_another_time_counts_nowhere_though_its_number_lies_between(register: Register) -> None:
    register.put(SINCE)
    for at in (SINCE - WEEK, UNTIL):
        other = register.put(at)
        register.say(other, "closed", **CLOSED, outcome="confirmed")
        register.say(other, "in_progress", **{"from": "closed", "to": "in_progress"})
    register.put(UNTIL - timedelta(seconds=1), opened_at=UNTIL)
    (food,) = register.outcomes()
    assert (food.registered, food.never_opened, food.asked, food.reopened) == (2, 1, 0, 0)


def test_who_held_them_how_long(register: Register) -> None:
    register.put(SINCE, opened_at=SINCE, state="closed", closed_at=SINCE + timedelta(days=3, minutes=59))
    register.put(SINCE)
    register.put(SINCE, level=2)
    first, second = register.held()
    assert (first.department, first.level, first.cases, first.still, first.never_opened, first.solved) == (
        "food",
        1,
        2,
        1,
        1,
        1,
    )
    assert (first.took.at(0.5), first.took.at(0.9)) == (3.0, 14.0)
    assert (second.level, second.cases) == (2, 1)


def test_cases_behind_the_numbers(register: Register) -> None:
    late = register.put(SINCE, due=date(2026, 3, 10), opened_at=SINCE)
    unopened = register.put(SINCE, due=date(2026, 3, 20), place="arambag")
    assert register.found(overdue(NOW)) == [late]
    assert register.found(never_opened()) == [unopened]
    with register.store.read() as connection:
        inside = sorted(places_in(connection, "hooghly"))
        nowhere = sorted(places_in(connection, NOWHERE))
    assert inside == ["arambag", "hooghly"]
    assert nowhere == ["outside", "wb"]


def test_shares_of_lengths() -> None:
    took = Lengths()
    assert took.at(0.5) is None
    for hours in (24, 48, 72, 96, 240, 240, 240, 240, 240, 480):
        took.add(hours)
    assert [took.at(share) for share in (0.1, 0.4, 0.5, 0.9, 1.0)] == [1, 4, 10, 10, 20]
