"""Reported solved: the citizen says by key whether it is, once, and only of a complaint of their own."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.loader import read_source
from ivr.calendars import set_calendars
from ivr.publishing import SHIPPED
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.message import Message
from models.store import Store
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, CallInTest, LineInTest
from tests.models.desk_kit import case_of, lay_office, register, report_solved

OTHER = "+919830000009"


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    line = LineInTest(store, tmp_path)
    set_calendars(store, read_source(SHIPPED)["calendars.yaml"], by="test", now=MONDAY_NOON)
    return line


def lay_solved(line: LineInTest, number: str = CALLER, level: int = 1) -> str:
    """A complaint whose officer says that it is solved. Returns its reference."""

    def work(session: Session) -> str:
        if session.scalar(select(Complaint.id)) is None:
            lay_office(session)
        complaint = register(session, now=MONDAY_NOON, language="hi", contact_number=number)
        report_solved(session, complaint, MONDAY_NOON)
        complaint.level = level
        return complaint.reference

    return line.store.transact(work)


def told(line: LineInTest) -> list[tuple[str, str]]:
    """The texts of changes, with their languages."""
    with line.store.session() as session:
        wanted = select(Message.template, Message.language).where(Message.purpose == "status").order_by(Message.id)
        return [(template, language) for template, language in session.execute(wanted)]


def press_twice(call: CallInTest, key: str) -> None:
    """The same webhook comes twice, as after a lost answer."""
    address = call.last.address()
    first = call.post(address, Digits=key).body
    assert call.post(address, Digits=key).body == first


def test_solved_closes_it_once_and_the_citizen_is_told(line: LineInTest) -> None:
    reference = lay_solved(line)
    call = line.call().dial().press("2", "2")
    assert "is reported solved" in call.last.said
    assert "If it is solved, press 1." in call.last.said
    press_twice(call, "1")
    assert "closed as solved" in call.last.said
    case = case_of(line.store, reference=reference)
    assert (case.state, case.outcome) == ("closed", "confirmed")
    assert told(line) == [("sms_closed_confirmed", "hi")]
    assert len(line.wake.texts) == 1
    with line.store.session() as session:
        last = session.scalars(select(ComplaintEvent).order_by(ComplaintEvent.id.desc()).limit(1)).one()
    assert (last.actor, last.data["call"]) == ("citizen", "CA1")


@pytest.mark.parametrize(("key", "answer"), [("2", "partly"), ("3", "not_solved")])
def test_partly_or_not_solved_goes_one_level_up(line: LineInTest, key: str, answer: str) -> None:
    reference = lay_solved(line)
    call = line.call().dial().press("2", "2")
    press_twice(call, key)
    assert "open again" in call.last.said
    case = case_of(line.store, reference=reference)
    assert (case.state, case.level) == ("in_progress", 2)
    assert told(line) == [("sms_raised", "hi")]
    with line.store.session() as session:
        last = session.scalars(select(ComplaintEvent).order_by(ComplaintEvent.id.desc()).limit(1)).one()
    assert last.data["answer"] == answer


def test_who_holds_on_is_put_through_to_a_person(line: LineInTest) -> None:
    reference = lay_solved(line)
    line.work("en")
    call = line.call().dial().press("2", "2").stay_silent().stay_silent()
    call.press("1")  # the number we see is the one to use
    assert line.row().step == "join_queue"
    assert line.entry().tell["reference"] == reference
    assert case_of(line.store, reference=reference).state == "action_reported"


def test_by_its_number_only_its_own_citizen_is_asked(line: LineInTest) -> None:
    reference = lay_solved(line, OTHER)
    call = line.call().dial().press("2", "2", reference, "1")
    assert "is reported solved" in call.last.said
    assert "If it is solved" not in call.last.said
    own = line.call("CA2", OTHER).dial().press("2", "2")
    assert "If it is solved" in own.last.said


def test_an_answer_that_comes_too_late_changes_nothing(line: LineInTest) -> None:
    reference = lay_solved(line)
    first = line.call("CA1").dial().press("2", "2")
    second = line.call("CA2").dial().stay_silent().press("2")
    first.press("1")
    second.press("2")
    assert "has changed meanwhile" in second.last.said
    assert case_of(line.store, reference=reference).outcome == "confirmed"
    assert len(told(line)) == 1


@pytest.mark.parametrize("state", ["closed", "rejected", "appealed"])
def test_what_became_of_another_is_never_told_as_ones_own(line: LineInTest, state: str) -> None:
    master, mine = lay_solved(line, OTHER), lay_solved(line)

    def work(session: Session) -> None:
        joined = session.scalars(select(Complaint).where(Complaint.reference == mine)).one()
        ended = session.scalars(select(Complaint).where(Complaint.reference == master)).one()
        joined.state, joined.merged_into = "merged", ended.id
        ended.state, ended.outcome = state, "withdrawn" if state == "closed" else None

    line.store.transact(work)
    call = line.call().dial().press("2", "2", mine, "1")
    assert "is being worked on by" in call.last.said


def test_a_complaint_that_joined_another_asks_nobody(line: LineInTest) -> None:
    master, mine = lay_solved(line, OTHER), lay_solved(line)

    def work(session: Session) -> None:
        joined = session.scalars(select(Complaint).where(Complaint.reference == mine)).one()
        joined.state = "merged"
        joined.merged_into = session.scalars(select(Complaint.id).where(Complaint.reference == master)).one()

    line.store.transact(work)
    call = line.call().dial().press("2", "2", mine, "1")
    assert "is reported solved" in call.last.said
    assert "If it is solved" not in call.last.said
