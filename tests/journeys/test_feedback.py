"""Back to the citizen, through every process of the line: it is reported solved, and the telephone rings."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from clock import SystemClock
from config import Config
from ivr.case_texts import change_and_tell
from ivr.emulator.phone import Phone
from ivr.line import open_telephone
from ivr.wording import words_in_force
from ivr.working_days import working_calendar
from models.actor import Actor
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.feedback_call import FeedbackCall
from models.message import Message
from models.services.feedback import TRIED
from models.store import Store
from tests.journeys.conftest import NewCitizen
from tests.journeys.rows import count, find, one, wait_for
from tests.journeys.steps import grouped, spoken
from tests.line import NUMBER, RunningLine
from tests.models.desk_kit import case_of, register

OFFICER = Actor.staff(1, "officer", level=1)

ReportSolved = Callable[[Phone, str], Complaint]


@pytest.fixture
def report_solved(line: RunningLine, line_store: Store) -> ReportSolved:
    """A complaint of a phone's owner, in a language, whose officer opens it and says that it is solved."""
    telephone = open_telephone(Config.from_env(line.environment))
    words, now = words_in_force(telephone), SystemClock().now()
    telephone.store.close()

    def report(phone: Phone, language: str) -> Complaint:
        def work(session: Session) -> Complaint:
            complaint = register(session, now=now, language=language, contact_number=None)
            calendar = working_calendar(session)
            moves: tuple[tuple[str, dict[str, Any]], ...] = (("in_progress", {}), ("action_reported", {"note": "done"}))
            for to, said in moves:
                # They hear of the second alone, so that one text is waited for.
                complaint.contact_number = phone.number if to == "action_reported" else None
                change_and_tell(session, words, complaint, to, by=OFFICER, now=now, calendar=calendar, **said)
            return complaint

        return line_store.transact(work)

    return report


def ends(store: Store, complaint: Complaint) -> FeedbackCall:
    """Wait until nobody is to be rung any more."""
    mine = (FeedbackCall.complaint_id == complaint.id, FeedbackCall.state == "done")
    return wait_for(lambda: find(store, FeedbackCall, *mine), "the feedback call to end")


@pytest.mark.every_store
def test_not_solved_goes_one_level_up(line_store: Store, new_citizen: NewCitizen, report_solved: ReportSolved) -> None:
    phone = new_citizen()
    complaint = report_solved(phone, "en")
    phone.expects_text(f"complaint {grouped(complaint.reference)} is reported solved")
    call = phone.answers().hears("This is the complaints helpline, calling you.")
    call.hears(f"Your complaint {spoken(complaint.reference, 'en')}").hears("Food and Supplies")
    call.hears("If it is not solved, press 3.").press("3").hears("open again").ends()
    phone.expects_text("is open again and goes to a higher officer")
    assert ends(line_store, complaint).outcome == "answered"
    case = case_of(line_store, id=complaint.id)
    assert (case.state, case.level) == ("in_progress", 2)
    assert one(line_store, Message, Message.template == "sms_raised", Message.complaint_id == case.id).language == "en"


def test_solved_closes_it_as_confirmed(line_store: Store, new_citizen: NewCitizen, report_solved: ReportSolved) -> None:
    phone = new_citizen()
    complaint = report_solved(phone, "bn")
    phone.expects_text("/a/")
    call = phone.answers().hears("অভিযোগ হেল্পলাইন থেকে বলছি।").hears("মিটে গিয়ে থাকলে 1 টিপুন।")
    call.press("1").hears("বন্ধ করা হল").ends()
    phone.expects_text("আপনিই জানিয়েছেন")
    ends(line_store, complaint)
    case = case_of(line_store, id=complaint.id)
    assert (case.state, case.outcome) == ("closed", "confirmed")


def test_who_never_answers_is_rung_three_times_and_told_how_to_open_it_again(
    line_store: Store, new_citizen: NewCitizen, report_solved: ReportSolved
) -> None:
    phone = new_citizen()
    complaint = report_solved(phone, "hi")
    phone.expects_text("हल हुई?")
    mine = FeedbackCall.complaint_id == complaint.id
    for tries in (1, 2, 3):
        if tries == 2:
            phone.rejects()  # the others ring until the network gives up
        over = (ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.kind == TRIED)
        wait_for(lambda: count(line_store, ComplaintEvent, *over) == tries, f"try {tries} to end")  # noqa: B023  at once
        # The next hour has come, and with the third try the next day.
        now = SystemClock().now()
        due = update(FeedbackCall).where(mine, FeedbackCall.state == "open").values(next_try_at=now)
        if tries == 2:
            due = due.values(first_try_at=now - timedelta(days=1))
        line_store.write(lambda connection: connection.execute(due))  # noqa: B023  at once
    phone.expects_text("तक खुल सकेगी")
    row = ends(line_store, complaint)
    assert (row.outcome, row.attempts) == ("unreachable", 3)
    case = case_of(line_store, id=complaint.id)
    assert (case.state, case.outcome) == ("closed", "unreachable")


def test_the_citizen_rings_and_says_it_by_key(
    line_store: Store, new_citizen: NewCitizen, report_solved: ReportSolved
) -> None:
    phone = new_citizen()
    call = phone.dial(NUMBER).hears("press 2").press("2").hears("For news of an earlier complaint, press 2.")
    complaint = report_solved(phone, "en")
    phone.expects_text("is reported solved")
    call.press("2").hears("is reported solved").hears("If it is partly solved, press 2.").press("2")
    call.hears("open again").hears("To finish, press 3.").press("3").hears("Goodbye").ends()
    phone.expects_text("goes to a higher officer")
    # While they were on the phone nobody rang, and now there is no need to.
    wait_for(lambda: case_of(line_store, id=complaint.id).state == "in_progress", "the answer")
    assert not count(line_store, FeedbackCall, FeedbackCall.complaint_id == complaint.id, FeedbackCall.attempts > 0)
