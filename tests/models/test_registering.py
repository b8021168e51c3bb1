"""Registering: one row, its record, its promise and its text, all or nothing."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.draft import Draft
from models.errors import IncompleteComplaint, UnknownReference
from models.message import Message
from models.record import verify_chain
from models.services import find_complaint, find_complaints
from models.store import Store
from tests.models.desk_kit import FRIDAY, MOBILE, lay_office, register


@pytest.fixture
def office(store: Store) -> Store:
    store.transact(lay_office)
    return store


def test_complaint_is_routed_promised_recorded_and_told(office: Store) -> None:
    complaint = office.transact(register)
    assert complaint.state == "forwarded"
    assert complaint.department_code == "food"
    assert complaint.office == "Inspector of Food and Supplies, Hooghly"
    assert complaint.due_on == date(2026, 3, 13)
    assert complaint.registered_by == 1
    with office.session() as session:
        events = session.scalars(select(ComplaintEvent).order_by(ComplaintEvent.n)).all()
        assert [(event.n, event.kind, event.actor) for event in events] == [
            (1, "registered", "staff:1"),
            (2, "forwarded", "rule"),
        ]
        assert verify_chain(session, session.get_one(Complaint, complaint.id)) == 2
        message = session.scalars(select(Message)).one()
        assert (message.recipient, message.language, message.status) == (MOBILE, "bn", "queued")
        assert message.body == f"Helpline: {complaint.reference}, 2026-03-13"


@pytest.mark.parametrize(
    ("category", "place", "department", "office_name", "state"),
    [
        ("ration", "kolkata", "food", "Rationing Officer, Kolkata", "forwarded"),
        ("local_body", "kolkata", "urban", "Borough Office, Kolkata Municipal Corporation", "forwarded"),
        ("local_body", "nadia", "panchayat", "Block Development Officer, Nadia", "forwarded"),
        ("police", None, "home", "Director General of Police", "forwarded"),
        ("other", "nadia", "grievance_cell", "", "registered"),
        ("ration", "outside", "food", "", "registered"),
    ],
)
def test_route(office: Store, category: str, place: str | None, department: str, office_name: str, state: str) -> None:
    made = office.transact(lambda session: register(session, category=category, place_code=place))
    assert (made.department_code, made.office, made.state) == (department, office_name, state)
    assert made.outside_state == (place == "outside")


def test_without_a_number_no_text(office: Store) -> None:
    office.transact(lambda session: register(session, contact_number=None))
    with office.session() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_draft_becomes_one_complaint_however_often(office: Store) -> None:
    def begin(session: Session) -> int:
        draft = Draft(staff_id=1, data=json.dumps({}), created_at=FRIDAY, updated_at=FRIDAY)
        session.add(draft)
        session.flush()
        return draft.id

    draft_id = office.transact(begin)
    first = office.transact(lambda session: register(session, draft_id=draft_id))
    again = office.transact(lambda session: register(session, draft_id=draft_id, text="other words"))
    assert again.reference == first.reference
    with office.session() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 1
        assert session.scalar(select(func.count()).select_from(Message)) == 1


@pytest.mark.parametrize("lack", [{"category": "weather"}, {"text": "  "}, {"language": ""}, {"place_code": "moon"}])
def test_what_is_missing_is_named(office: Store, lack: dict[str, Any]) -> None:
    with pytest.raises(IncompleteComplaint) as refused:
        office.transact(lambda session: register(session, **lack))
    assert refused.value.fields == (next(iter(lack)).removesuffix("_code"),)


def test_a_fault_in_composing_leaves_nothing(office: Store) -> None:
    def fail(session: Session) -> None:
        register(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        office.transact(fail)
    with office.session() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 0
        assert session.scalar(select(func.count()).select_from(ComplaintEvent)) == 0


def test_found_by_reference_and_by_number(office: Store) -> None:
    made = office.transact(register)
    reference = made.reference
    with office.session() as session:
        grouped = f"{reference[:2]}-{reference[2:5]} {reference[5:]}"
        assert find_complaint(session, grouped).id == made.id
        assert [found.id for found in find_complaints(session, MOBILE)] == [made.id]
        assert find_complaints(session, "+919830000009") == []
        with pytest.raises(UnknownReference):
            find_complaint(session, "26482173059")
