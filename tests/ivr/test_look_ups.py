"""News of a complaint by telephone, and numbers that do not exist."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.look_ups import spoken_status
from models.audit_entry import AuditEntry
from models.category import Category
from models.complaint import Complaint
from models.department import Department
from models.event import DeskEvent
from models.reference import make_reference
from models.store import Store
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def register(line: LineInTest, reference: str, number: str = CALLER, state: str = "forwarded") -> None:
    def write(session: Session) -> None:
        if session.get(Department, "food") is None:
            session.add(Department(code="food", names={"en": "Food and Supplies", "bn": "খাদ্য"}))
            session.flush()
            session.add(Category(code="ration", names={"en": "Ration"}, department_code="food", days=7))
            session.flush()
        session.add(
            Complaint(
                reference=reference,
                state=state,
                category="ration",
                text="no rice",
                contact_number=number,
                language="en",
                department_code="food",
                registered_at=MONDAY_NOON,
                due_on=date(2026, 3, 13),
            )
        )

    line.store.transact(write)


@pytest.mark.parametrize("number", [CALLER, "+919830000009"])
def test_a_number_alone_tells_status_department_and_promised_date(line: LineInTest, number: str) -> None:
    reference = make_reference(2026)
    register(line, reference, number)
    call = line.call().dial().press("2", "2", reference, "1")
    assert "has been sent to Food and Supplies" in call.last.said
    assert "no rice" not in call.last.said


def test_numbers_that_do_not_exist_are_told_and_the_third_is_an_alarm(line: LineInTest) -> None:
    call = line.call().dial().press("2", "2")
    for n in range(3):
        call.press(make_reference(2026), "1")
        assert "could not find a complaint" in call.last.said
        with line.store.session() as session:
            alarms = session.scalars(select(AuditEntry).where(AuditEntry.action == "reference_guessing")).all()
            told = session.scalars(select(DeskEvent.subject).where(DeskEvent.kind == "reference_guessing")).all()
        assert (len(alarms), told) == ((1, ["CA1"]) if n == 2 else (0, []))
        call.press("2", "2")


@pytest.mark.parametrize(
    ("state", "outcome", "status"),
    [
        ("registered", None, "registered"),
        ("closed", "confirmed", "closed_confirmed"),
        ("closed", "unreachable", "closed_unreachable"),
        ("closed", "withdrawn", "closed_withdrawn"),
        ("appealed", None, "appealed"),
    ],
)
def test_only_a_citizens_yes_counts_as_solved(state: str, outcome: str | None, status: str) -> None:
    assert spoken_status(state, outcome) == status
