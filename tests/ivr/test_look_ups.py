"""News of a complaint by telephone, and numbers that do not exist."""

import re
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
from models.record import append_event
from models.reference import make_reference
from models.store import Store
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, CallInTest, LineInTest


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


def test_a_number_alone_tells_status_department_and_promised_date(line: LineInTest) -> None:
    reference = make_reference(2026)
    register(line, reference, "+919830000009")
    call = line.call().dial().press("2", "2", reference, "1")
    assert "has been sent to Food and Supplies" in call.last.said
    assert "no rice" not in call.last.said


def test_of_their_own_complaint_callers_hear_by_the_number_they_call_from(line: LineInTest) -> None:
    mine, elsewhere = make_reference(2026), make_reference(2026)
    register(line, mine)
    register(line, elsewhere, "+919830000009", "in_progress")
    call = line.call().dial().press("2", "2")
    assert "has been sent to Food and Supplies" in call.last.said
    call.press("4", elsewhere, "1")  # another one by its number
    assert "is being worked on by Food and Supplies" in call.last.said


def test_of_several_the_one_with_the_latest_news_is_offered(line: LineInTest) -> None:
    older, newer, done = (make_reference(2026) for _ in range(3))
    for reference, state in ((older, "in_progress"), (newer, "needs_info"), (done, "closed")):
        register(line, reference, state=state)

    def work(session: Session) -> None:
        for reference, day in ((newer, 4), (older, 5), (done, 6)):
            complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
            at = MONDAY_NOON.replace(day=day)
            append_event(session, complaint, kind="forwarded", actor="rule", now=at, data={})

    line.store.transact(work)
    call = line.call().dial().press("2", "2")
    assert "You have 2 open complaints." in re.sub(r"two", "2", call.last.said)
    call.press("1")
    assert "is being worked on" in call.last.said
    assert "press 4" in call.last.said


def test_a_withheld_number_has_no_complaints_of_its_own(line: LineInTest) -> None:
    register(line, make_reference(2026))
    call = line.call(number="anonymous").dial().press("2", "2")
    assert "eleven-digit complaint number" in call.last.said


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


def alarms(line: LineInTest) -> list[str]:
    """The calls that supervisors were alarmed about, each as often as they were."""
    with line.store.session() as session:
        accounted = select(AuditEntry.subject).where(AuditEntry.action == "reference_guessing").order_by(AuditEntry.id)
        told = select(DeskEvent.subject).where(DeskEvent.kind == "reference_guessing").order_by(DeskEvent.id)
        assert session.scalars(accounted).all() == session.scalars(told).all()
        return list(session.scalars(told).all())


def mistype(call: CallInTest, times: int) -> None:
    """Type numbers whose check digit is wrong; after the second, begin again by the main menu's key."""
    for n in range(times):
        reference = make_reference(2026)
        call.press(reference[:-1] + str((int(reference[-1]) + 1) % 10))
        if n % 2:
            call.press("*").press("2")


def test_more_than_five_wrong_numbers_in_a_call_are_an_alarm(line: LineInTest) -> None:
    call = line.call().dial().press("2", "2")
    mistype(call, 5)
    assert alarms(line) == []
    call.press("*").press("2")
    mistype(call, 1)
    assert alarms(line) == ["CA1"]
    mistype(call, 2)
    assert alarms(line) == ["CA1"]  # once a call


def test_wrong_numbers_of_both_kinds_count_together_and_each_call_by_itself(line: LineInTest) -> None:
    call = line.call().dial().press("2", "2")
    for _ in range(2):
        call.press(make_reference(2026), "1")
        call.press("2", "2")
    mistype(call, 3)
    other = line.call("CA2", "anonymous").dial().press("2", "2")
    mistype(other, 5)
    assert alarms(line) == []
    call.press("*").press("2")
    mistype(call, 1)
    assert alarms(line) == ["CA1"]


def test_other_things_mistyped_are_no_alarm(line: LineInTest) -> None:
    line.work("en")
    call = line.call(number="anonymous").dial().press("2", "1", "1")
    for _ in range(8):
        call.press("123").press("*").press("1")
    assert line.row().step == "ask_number"
    assert alarms(line) == []


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
