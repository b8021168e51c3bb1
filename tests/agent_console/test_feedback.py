"""Feedback calls rung by people: looked at first, written down by whoever has it, one try or one answer each."""

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from agent_console.words import say
from ivr.feedback.placing import plan_feedback
from ivr.leg_events import language_of, note_dialled_call, take_dialled_status
from models.actor import Actor
from models.call import Call
from models.command import Command
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.feedback_call import FeedbackCall
from models.message import Message
from models.services import NewComplaint, register_complaint
from models.services.feedback import TRIED, ask_for, unasked
from models.staff import Staff
from models.talk import Talk
from tests.agent_console.desk_in_test import Browser, Desk
from tests.models.desk_kit import WEEK, case_of, report_solved

NUMBER = "+919830055555"


def lay_solved(desk: Desk) -> tuple[int, str]:
    """A complaint that its officer reports solved: the id of its feedback call and its reference."""
    officer = desk.employ(f"officer{len(desk.rows(Complaint))}", "officer")
    now = desk.clock.now()

    def work(session: Session) -> str:
        new = NewComplaint(
            category="ration", text="No rice since May.", language="hi", place_code="wb-hooghly", contact_number=NUMBER
        )
        by = Actor.staff(officer, "officer", level=1)
        complaint = register_complaint(session, new, by=by, now=now, calendar=WEEK, compose=lambda made: made.reference)
        report_solved(session, complaint, now, by, "Rice came.")
        return complaint.reference

    reference = desk.store.transact(work)
    desk.store.write(lambda connection: ask_for(connection, unasked(connection, 9), now))
    return int(desk.row(FeedbackCall).id), reference


@pytest.fixture
def asha(desk: Desk) -> Browser:
    desk.employ("asha")
    return desk.client("asha")


def ring(desk: Desk, browser: Browser, feedback_id: int) -> str:
    """Take it, ring the citizen, and nobody answers. Returns the CallSid."""
    browser.act(f"/desk/feedback/{feedback_id}/take")
    assert browser.act(f"/desk/feedback/{feedback_id}/dial").status_code == 200
    talk_id, now = desk.row(Talk).id, desk.clock.now()
    sid = f"CA{talk_id:032x}"

    def rings_in_vain(connection: Connection) -> None:
        note_dialled_call(connection, talk_id, sid, NUMBER, "+919137091370", "hi", now)
        take_dialled_status(connection, talk_id, sid, "no-answer", now)

    desk.store.write(rings_in_vain)
    desk.clock.advance(30)
    return sid


def shown(reference: str) -> str:
    return "-".join((reference[:2], reference[2:5], reference[5:8], reference[8:]))


def test_an_empty_list_says_so_and_a_case_is_listed_with_its_tries(desk: Desk, asha: Browser) -> None:
    assert say("list.none.feedback", "en") in asha.get("/desk/feedback").text
    _, reference = lay_solved(desk)
    page = asha.get("/desk/feedback").text
    assert shown(reference) in page
    assert "0 of 3" in page
    assert NUMBER not in page
    desk.clock.advance(3)  # what is told of the whole line is kept for two seconds
    assert "Feedback (1)" in asha.get("/desk/parts/nav").text
    desk.employ("sumitra", "supervisor")
    assert shown(reference) in desk.client("sumitra").get("/desk/feedback/rows").text


def test_it_is_looked_at_before_it_is_rung_and_nobody_else_rings_meanwhile(desk: Desk, asha: Browser) -> None:
    desk.employ("bimal")
    bimal = desk.client("bimal")
    feedback_id, reference = lay_solved(desk)
    taken = asha.act(f"/desk/feedback/{feedback_id}/take")
    assert taken.get_json()["go"] == f"/desk/feedback/{feedback_id}"
    page = asha.get(f"/desk/feedback/{feedback_id}").text
    for words in (shown(reference), "No rice since May.", "Rice came.", "हिन्दी"):
        assert words in page
    assert bimal.act(f"/desk/feedback/{feedback_id}/take").status_code == 409
    assert bimal.act(f"/desk/feedback/{feedback_id}/dial").status_code == 409
    assert bimal.act(f"/desk/feedback/{feedback_id}/said", said="solved").status_code == 409
    plan_feedback(desk.telephone)
    assert desk.row(FeedbackCall).state == "taken"
    asha.act(f"/desk/feedback/{feedback_id}/let-go")
    assert bimal.act(f"/desk/feedback/{feedback_id}/take").status_code == 200
    desk.clock.advance(601)  # looked at for ten minutes, and gone to tea
    assert asha.act(f"/desk/feedback/{feedback_id}/take").status_code == 200


def test_it_is_rung_in_the_language_of_the_complaint(desk: Desk, asha: Browser) -> None:
    feedback_id, _ = lay_solved(desk)
    asha.act(f"/desk/feedback/{feedback_id}/take")
    assert asha.act(f"/desk/feedback/{feedback_id}/dial").status_code == 200
    talk = desk.row(Talk)
    assert (talk.feedback_id, talk.state) == (feedback_id, "connecting")
    assert desk.row(Command, kind="call_citizen").payload == {"talk_id": talk.id, "number": NUMBER}
    with desk.store.read() as connection:
        assert language_of(connection, talk.id) == "hi"
    assert f"/desk/feedback/{feedback_id}" in asha.get("/desk/calls").text
    plan_feedback(desk.telephone)
    assert desk.row(FeedbackCall).state == "taken"
    assert desk.rows(Call) == []


@pytest.mark.parametrize(
    ("said", "state", "outcome", "level", "text"),
    [
        ("solved", "closed", "confirmed", 1, "sms_closed_confirmed"),
        ("partly", "in_progress", None, 2, "sms_raised"),
        ("not_solved", "in_progress", None, 2, "sms_raised"),
    ],
)
def test_what_was_said_is_written_once_and_told(
    desk: Desk, asha: Browser, said: str, state: str, outcome: str | None, level: int, text: str
) -> None:
    feedback_id, reference = lay_solved(desk)
    asha.act(f"/desk/feedback/{feedback_id}/take")
    address = f"/desk/feedback/{feedback_id}/said"
    assert asha.act(address, said=said, note="The shop is open again.").status_code == 200
    again = asha.act(address, said="solved")
    assert (again.status_code, again.get_json()["error"]) == (409, say("feedback.not_yours", "en"))
    case = case_of(desk.store, reference=reference)
    assert (case.state, case.outcome, case.level) == (state, outcome, level)
    (message,) = desk.rows(Message, purpose="status")
    assert (message.template, message.language) == (text, "hi")
    last = desk.rows(ComplaintEvent)[-1]
    who = desk.row(Staff, login="asha").id
    assert (last.actor, last.data["note"]) == (f"staff:{who}", "The shop is open again.")
    row = desk.row(FeedbackCall)
    assert (row.state, row.outcome) == ("done", "answered")


def test_three_tries_in_vain_on_two_days_close_it_and_stand_on_the_record(desk: Desk, asha: Browser) -> None:
    feedback_id, reference = lay_solved(desk)
    calls = []
    for tries in (1, 2, 3):
        calls.append(ring(desk, asha, feedback_id))
        assert asha.act(f"/desk/feedback/{feedback_id}/said", said="nobody").status_code == 200
        assert [event.data["n"] for event in desk.rows(ComplaintEvent, kind=TRIED)] == list(range(1, tries + 1))
        if tries == 2:
            desk.clock.advance(24 * 3600)
            asha = desk.client("asha")
    assert [event.data["call"] for event in desk.rows(ComplaintEvent, kind=TRIED)] == calls
    case = case_of(desk.store, reference=reference)
    assert (case.state, case.outcome) == ("closed", "unreachable")
    assert [one.template for one in desk.rows(Message, purpose="status")] == ["sms_closed_unreachable"]
    timeline = asha.get(f"/desk/complaints/{reference}").text
    assert timeline.count("Rung to ask whether it is solved: nobody answered") == 3


def test_three_tries_on_one_day_leave_it_to_people(desk: Desk, asha: Browser) -> None:
    feedback_id, reference = lay_solved(desk)
    for _ in range(3):
        ring(desk, asha, feedback_id)
        assert asha.act(f"/desk/feedback/{feedback_id}/said", said="nobody").status_code == 200
    assert case_of(desk.store, reference=reference).state == "action_reported"
    desk.clock.advance(24 * 3600)
    plan_feedback(desk.telephone)
    assert desk.row(FeedbackCall).attempts == 3
    asha = desk.client("asha")
    ring(desk, asha, feedback_id)
    assert asha.act(f"/desk/feedback/{feedback_id}/said", said="nobody").status_code == 200
    assert case_of(desk.store, reference=reference).outcome == "unreachable"


def test_nothing_counts_as_a_try_but_a_call_of_ones_own_since_the_last(desk: Desk, asha: Browser) -> None:
    feedback_id, reference = lay_solved(desk)
    desk.employ("bimal")
    ring(desk, desk.client("bimal"), feedback_id)
    desk.client("bimal").act(f"/desk/feedback/{feedback_id}/let-go")
    address = f"/desk/feedback/{feedback_id}/said"
    asha.act(f"/desk/feedback/{feedback_id}/take")
    for said in ("nobody", "undecided"):
        refused = asha.act(address, said=said)
        assert (refused.status_code, refused.get_json()["error"]) == (409, say("feedback.not_rung", "en"))
    ring(desk, asha, feedback_id)
    assert asha.act(address, said="nobody").status_code == 200
    asha.act(f"/desk/feedback/{feedback_id}/take")
    assert asha.act(address, said="nobody").status_code == 409
    assert desk.row(FeedbackCall).attempts == 1
    assert case_of(desk.store, reference=reference).state == "action_reported"


def test_who_was_spoken_with_is_never_unreachable(desk: Desk, asha: Browser) -> None:
    feedback_id, reference = lay_solved(desk)
    for said in ("undecided", "nobody", "nobody", "nobody"):
        ring(desk, asha, feedback_id)
        desk.clock.advance(12 * 3600)
        asha = desk.client("asha")
        asha.act(f"/desk/feedback/{feedback_id}/take")
        assert asha.act(f"/desk/feedback/{feedback_id}/said", said=said).status_code == 200
    assert case_of(desk.store, reference=reference).state == "action_reported"
    assert "no more: ring them yourself" in asha.get("/desk/feedback").text


def test_nothing_is_written_for_a_case_that_went_on_meanwhile(desk: Desk, asha: Browser) -> None:
    feedback_id, reference = lay_solved(desk)
    asha.act(f"/desk/feedback/{feedback_id}/take")
    moved = update(Complaint).where(Complaint.reference == reference).values(state="in_progress")
    desk.store.write(lambda connection: connection.execute(moved))
    assert asha.act(f"/desk/feedback/{feedback_id}/said", said="solved").status_code == 409
    assert asha.act(f"/desk/feedback/{feedback_id}/said", said="maybe").status_code == 422
    plan_feedback(desk.telephone)
    assert say("list.none.feedback", "en") in asha.get("/desk/feedback").text
    assert say("refused.nothing_to_dial", "en") in asha.get(f"/desk/feedback/{feedback_id}").text
