"""Citizens are rung and asked whether it is solved: in opening hours, one call at a time, three tries on two days."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ivr.calendars import set_calendars
from ivr.case_texts import change_and_tell
from ivr.feedback.placing import plan_feedback
from ivr.last_resort import write_promise
from ivr.publishing import seed_all
from ivr.router import Router
from ivr.sending import send_commands
from ivr.wording import words_in_force
from models.actor import CITIZEN
from models.calendar import CalendarRow
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA
from models.feedback_call import FeedbackCall
from models.flow_publication import FlowPublication
from models.message import Message
from models.queue_entry import QueueEntry
from models.services import change_state
from models.services.feedback import TRIED, next_feedback_try
from operations.preparing import DEMO_CALENDAR
from tests.ivr.office import START, Office
from tests.ivr.provider import Provider
from tests.models.desk_kit import MOBILE, OFFICER, WEEK, case_of, lay_office, register, report_solved


@pytest.fixture
def provider(office: Office) -> Provider:
    seed_all(office.store, office.clock.now())
    office.store.transact(lay_office)
    return Provider(office)


def lay_solved(office: Office, **fields: Any) -> int:
    """A complaint whose officer says that it is solved."""

    def work(session: Session) -> int:
        complaint = register(session, now=office.clock.now(), **{"language": "hi", **fields})
        report_solved(session, complaint, office.clock.now())
        return complaint.id

    return office.store.transact(work)


def look(office: Office) -> None:
    """One look of the router at feedback calls, twice: it finds a case, then begins what is due."""
    for _ in range(2):
        plan_feedback(office.telephone)
        send_commands(office.telephone)


def placed(office: Office) -> list[dict[str, str]]:
    return [asked.form for asked in office.network.requests("POST", "/Calls")]


def pick_up(office: Office, provider: Provider) -> tuple[str, str]:
    """The citizen answers the newest call: its sid and the first document."""
    form = placed(office)[-1]
    sid = office.row(FeedbackCall, state="ringing").call_sid
    return sid, provider.post(path_of(form["Url"]), CallSid=sid, **sides(form)).text


def sides(form: dict[str, str]) -> dict[str, Any]:
    return {"From": form["From"], "To": form["To"], "Direction": "outbound-api", "CallStatus": "in-progress"}


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def press(provider: Provider, office: Office, sid: str, n: int, key: str) -> str:
    form = placed(office)[-1]
    return provider.post(f"/voice/calls/{sid}/turns/{n}", CallSid=sid, Digits=key, **sides(form)).text


def end(provider: Provider, office: Office, status: str) -> None:
    """The newest call is over."""
    form = placed(office)[-1]
    row = office.row(FeedbackCall, state="ringing")
    told = {**sides(form), "CallStatus": status, "CallSid": row.call_sid}
    for _ in range(2):  # a report may come twice
        provider.post(path_of(form["StatusCallback"]), **told)


def told(office: Office) -> list[tuple[str, str]]:
    return [(one.template, one.language) for one in office.rows(Message, purpose="status")]


def results(office: Office) -> list[str]:
    """What the tries came to, as the record of the case says."""
    return [event.data["result"] for event in office.rows(ComplaintEvent, kind=TRIED)]


def to(office: Office, hour: int, *, days: int = 0) -> None:
    """Let the clock go on to this hour in India."""
    here = office.clock.now().astimezone(INDIA)
    then = (here + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    office.clock.advance((then - here).total_seconds())


def test_a_report_of_action_rings_its_citizen_and_solved_closes_it(office: Office, provider: Provider) -> None:
    complaint_id = lay_solved(office)
    look(office)
    (form,) = placed(office)
    assert (form["To"], form["From"], form["Timeout"]) == (MOBILE, office.telephone.config.helpline_number, "30")
    sid, document = pick_up(office, provider)
    assert "हल हो गई हो तो 1 दबाएँ।" in document
    assert "खाद्य एवं आपूर्ति" in document
    thanks = press(provider, office, sid, 1, "1")
    assert press(provider, office, sid, 1, "1") == thanks  # a repeated webhook
    end(provider, office, "completed")
    case = case_of(office.store, id=complaint_id)
    assert (case.state, case.outcome) == ("closed", "confirmed")
    assert told(office) == [("sms_closed_confirmed", "hi")]
    row = office.row(FeedbackCall)
    assert (row.state, row.outcome, row.attempts) == ("done", "answered", 1)
    call = office.row(Call, sid=sid)
    assert (call.purpose, call.direction, call.citizen_number, call.outcome) == (
        "feedback",
        "outbound-api",
        MOBILE,
        "finished",
    )
    look(office)
    assert len(placed(office)) == 1


@pytest.mark.parametrize(("key", "answer"), [("2", "partly"), ("3", "not_solved")])
def test_not_solved_goes_one_level_up_and_is_asked_again_after_the_next_report(
    office: Office, provider: Provider, key: str, answer: str
) -> None:
    complaint_id = lay_solved(office)
    look(office)
    sid, _ = pick_up(office, provider)
    press(provider, office, sid, 1, key)
    end(provider, office, "completed")
    case = case_of(office.store, id=complaint_id)
    assert (case.state, case.level) == ("in_progress", 2)
    assert told(office) == [("sms_raised", "hi")]
    assert office.rows(ComplaintEvent)[-1].data["answer"] == answer

    def report_again(session: Session) -> None:
        complaint = session.get_one(Complaint, complaint_id)
        now = office.clock.now()
        change_state(session, complaint, "action_reported", by=OFFICER, now=now, calendar=WEEK, note="now really")

    office.store.transact(report_again)
    look(office)
    assert len(placed(office)) == 2
    assert [row.state for row in office.rows(FeedbackCall)] == ["done", "ringing"]


def test_three_tries_on_two_days_in_vain_close_it_and_the_citizen_reads_how_to_open_it(
    office: Office, provider: Provider
) -> None:
    complaint_id = lay_solved(office)
    days = []
    for status in ("no-answer", "busy", "completed"):
        look(office)
        look(office)
        days.append(office.clock.now().astimezone(INDIA).date())
        if status == "completed":
            sid, _ = pick_up(office, provider)  # a machine: it says nothing
            for n in (1, 2, 3):
                document = press(provider, office, sid, n, "")
            assert "<Hangup" in document
        end(provider, office, status)
        due = office.row(FeedbackCall).next_try_at
        if due is not None:
            office.clock.advance((due - office.clock.now()).total_seconds())
    assert len(placed(office)) == 3
    assert len(set(days)) == 2
    assert results(office) == ["no_answer", "busy", "silent"]
    case = case_of(office.store, id=complaint_id)
    assert (case.state, case.outcome) == ("closed", "unreachable")
    assert told(office) == [("sms_closed_unreachable", "hi")]
    assert office.row(FeedbackCall).outcome == "unreachable"
    to(office, 12, days=1)
    look(office)
    assert len(placed(office)) == 3


def test_nobody_is_rung_when_the_office_is_closed(office: Office, provider: Provider) -> None:
    to(office, 23)
    lay_solved(office)
    look(office)
    assert placed(office) == []
    to(office, 11, days=1)
    look(office)
    assert len(placed(office)) == 1


def test_a_line_that_never_closes_rings_nobody_at_night(office: Office, provider: Provider) -> None:
    hours = DEMO_CALENDAR.read_text(encoding="utf-8")
    set_calendars(office.store, hours, by="test", now=office.clock.now())
    live = replace(
        office, telephone=replace(office.telephone, config=replace(office.telephone.config, environment="production"))
    )
    to(live, 23)
    lay_solved(live)
    look(live)
    assert placed(live) == []
    look(office)  # a line for trying
    assert len(placed(live)) == 1


def test_nobody_is_rung_on_a_sunday(office: Office, provider: Provider) -> None:
    to(office, 11, days=6)  # 8 March
    lay_solved(office)
    look(office)
    assert placed(office) == []
    to(office, 11, days=1)
    look(office)
    assert len(placed(office)) == 1


def test_without_menus_or_their_calendar_nobody_is_rung_and_nothing_breaks(office: Office, provider: Provider) -> None:
    lay_solved(office)
    away = update(CalendarRow).where(CalendarRow.name == "office").values(name="elsewhere")
    office.store.write(lambda connection: connection.execute(away))
    look(office)
    office.store.write(lambda connection: connection.execute(delete(FlowPublication)))
    look(office)
    assert placed(office) == []
    assert office.row(FeedbackCall).state == "open"


def test_promises_of_the_last_resort_are_taken_in_before_anybody_is_rung(
    office: Office, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[str] = []

    def stumble(_telephone: object) -> None:
        known.append(office.row(CallBack).number)
        raise LookupError("a fault of ours")

    monkeypatch.setattr("ivr.router.plan_feedback", stumble)
    write_promise(office.telephone.config.spool_dir, "CA1", MOBILE, office.clock.now())
    Router(office.telephone).tick()
    assert known == [MOBILE]


def test_two_cases_of_one_number_are_asked_one_after_the_other(office: Office, provider: Provider) -> None:
    lay_solved(office)
    lay_solved(office)
    look(office)
    assert len(placed(office)) == 1
    sid, _ = pick_up(office, provider)
    press(provider, office, sid, 1, "1")
    look(office)
    assert len(placed(office)) == 1
    end(provider, office, "completed")
    look(office)
    assert len(placed(office)) == 2


def test_who_is_on_the_phone_with_us_is_not_rung(office: Office, provider: Provider) -> None:
    lay_solved(office)
    provider.post("/voice/incoming", CallSid="CA" + "9" * 32, From=MOBILE, To="+919137091370", CallStatus="ringing")
    look(office)
    assert placed(office) == []


def test_two_routers_at_once_ring_once(office: Office, provider: Provider) -> None:
    lay_solved(office)
    lay_solved(office)
    plan_feedback(office.telephone)
    ready = threading.Barrier(4)

    def router() -> None:
        ready.wait()
        plan_feedback(office.telephone)
        send_commands(office.telephone)

    threads = [threading.Thread(target=router) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(placed(office)) == 1
    assert [row.attempts for row in office.rows(FeedbackCall)] == [1, 0]


def test_a_command_that_comes_again_places_no_second_call(office: Office, provider: Provider) -> None:
    """As after the death of the process between the request and its outcome."""
    lay_solved(office)
    look(office)
    office.store.write(lambda connection: connection.execute(update(Command).values(done_at=None, claimed_until=None)))
    send_commands(office.telephone)
    assert len(placed(office)) == 1


def test_a_second_call_of_one_attempt_hears_nothing(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    form = placed(office)[-1]
    document = provider.post(path_of(form["Url"]), CallSid="CA" + "8" * 32, **sides(form)).text
    assert "<Hangup" in document
    assert "<Gather" not in document


def test_a_network_that_refuses_for_now_is_asked_again_and_the_try_is_not_lost(
    office: Office, provider: Provider
) -> None:
    lay_solved(office)
    office.network.refuse("POST", "/Calls", 429, 20429)
    look(office)
    office.clock.advance(2)
    send_commands(office.telephone)
    assert len(placed(office)) == 2
    assert office.row(FeedbackCall).attempts == 1
    assert results(office) == []


@pytest.mark.parametrize(
    ("status", "code", "times"),
    [
        pytest.param(401, 20003, 12, id="our key is wrong"),
        pytest.param(403, 20005, 12, id="our account is suspended, as without money"),
        pytest.param(503, 20503, 12, id="the network is out of order"),
        pytest.param(400, 21215, 1, id="our account may not ring there"),
        pytest.param(400, 21205, 1, id="our request is wrong"),
    ],
)
def test_what_our_own_account_is_refused_is_no_try_and_is_rung_later(
    office: Office, provider: Provider, status: int, code: int, times: int
) -> None:
    lay_solved(office)
    office.network.refuse("POST", "/Calls", status, code, times)
    look(office)
    for _ in range(times):
        office.clock.advance(61)
        send_commands(office.telephone)
    assert len(placed(office)) == times
    assert results(office) == []
    row = office.row(FeedbackCall)
    assert (row.state, row.attempts, row.first_try_at, row.last_try_at) == ("open", 0, None, None)
    office.clock.advance(3601)
    look(office)
    assert len(placed(office)) == times + 1
    row = office.row(FeedbackCall)
    assert (row.state, row.attempts) == ("ringing", 1)
    assert row.call_sid is not None


def test_a_later_try_that_is_called_off_leaves_the_earlier_ones(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    end(provider, office, "busy")
    first = office.row(FeedbackCall).first_try_at
    office.network.refuse("POST", "/Calls", 400, 21215)
    office.clock.advance(3 * 3600)
    look(office)
    assert len(placed(office)) == 2
    row = office.row(FeedbackCall)
    assert (row.state, row.attempts, row.first_try_at) == ("open", 1, first)
    assert results(office) == ["busy"]


def test_a_try_whose_command_was_lost_does_not_ring_for_ever(office: Office, provider: Provider) -> None:
    lay_solved(office)
    plan_feedback(office.telephone)
    plan_feedback(office.telephone)
    assert office.row(FeedbackCall).state == "ringing"
    lost = update(Command).values(done_at=office.clock.now())
    office.store.write(lambda connection: connection.execute(lost))
    office.clock.advance(14 * 60)
    plan_feedback(office.telephone)
    assert office.row(FeedbackCall).state == "ringing"
    office.clock.advance(2 * 60)
    plan_feedback(office.telephone)
    row = office.row(FeedbackCall)
    assert (row.state, row.attempts) == ("open", 0)
    assert results(office) == []


def test_the_end_of_another_call_ends_no_try(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    form, sid = placed(office)[-1], office.row(FeedbackCall).call_sid
    told = {**sides(form), "CallStatus": "no-answer"}
    provider.post(path_of(form["StatusCallback"]), **told, CallSid="CA" + "7" * 32)
    assert results(office) == []
    provider.post(path_of(form["StatusCallback"]), **told, CallSid=sid)
    assert results(office) == ["no_answer"]
    assert office.row(ComplaintEvent, kind=TRIED).data["call"] == sid


def test_an_end_that_is_told_before_the_call_is_known_counts_and_names_it(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    form, sid = placed(office)[-1], office.row(FeedbackCall).call_sid
    office.store.write(lambda connection: connection.execute(update(FeedbackCall).values(call_sid=None)))
    provider.post(path_of(form["StatusCallback"]), **{**sides(form), "CallStatus": "busy", "CallSid": sid})
    assert results(office) == ["busy"]
    assert office.row(ComplaintEvent, kind=TRIED).data["call"] == sid


def test_a_number_that_cannot_be_rung_is_a_try(office: Office, provider: Provider) -> None:
    lay_solved(office)
    office.network.refuse("POST", "/Calls", 400, 21211)
    look(office)
    assert results(office) == ["failed"]
    assert office.row(FeedbackCall).state == "open"


def test_a_call_of_whose_end_nobody_told_is_asked_after(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    sid = office.row(FeedbackCall).call_sid
    office.network.statuses[sid] = "no-answer"
    office.clock.advance(121)
    look(office)
    assert results(office) == ["no_answer"]


def test_who_asks_for_a_person_waits_in_line_with_the_case_and_is_not_unreachable(
    office: Office, provider: Provider
) -> None:
    office.hire("rina", languages=("hi",))
    complaint_id = lay_solved(office)
    look(office)
    sid, _ = pick_up(office, provider)
    document = press(provider, office, sid, 1, "9")
    assert "<Enqueue" in document
    entry = office.row(QueueEntry, call_sid=sid)
    assert entry.tell["reference"] == case_of(office.store, id=complaint_id).reference
    assert entry.language == "hi"
    end(provider, office, "completed")  # they gave up waiting
    assert results(office) == ["with_person"]
    assert office.row(FeedbackCall).reached


def test_who_hears_it_again_and_hangs_up_is_no_machine(office: Office, provider: Provider) -> None:
    lay_solved(office)
    look(office)
    sid, _ = pick_up(office, provider)
    press(provider, office, sid, 1, "4")
    end(provider, office, "completed")
    assert results(office) == ["with_person"]


def test_an_answer_by_another_way_ends_the_ringing(office: Office, provider: Provider) -> None:
    complaint_id = lay_solved(office)
    plan_feedback(office.telephone)
    words = words_in_force(office.telephone)

    def confirm(session: Session) -> None:
        complaint = session.get_one(Complaint, complaint_id)
        now = office.clock.now()
        change_and_tell(session, words, complaint, "closed", by=CITIZEN, now=now, calendar=WEEK, outcome="confirmed")

    office.store.transact(confirm)
    look(office)
    assert placed(office) == []
    assert office.row(FeedbackCall).outcome == "answered"


def test_a_complaint_without_a_number_is_left_to_people(office: Office, provider: Provider) -> None:
    complaint_id = lay_solved(office, contact_number=None)
    look(office)
    assert office.rows(FeedbackCall) == []
    assert case_of(office.store, id=complaint_id).state == "action_reported"


def test_the_router_does_it_by_itself(office: Office, provider: Provider) -> None:
    lay_solved(office)
    router = Router(office.telephone)
    for _ in range(3):
        assert router.tick()
        office.clock.advance(5)
    assert len(placed(office)) == 1


@pytest.mark.parametrize("hour", [9, 11, 12, 14, 16, 18])
def test_three_tries_lie_on_two_days(hour: int) -> None:
    first = START.astimezone(INDIA).replace(hour=hour, minute=0)
    tries: list[datetime] = [first]
    while (following := next_feedback_try(first, tries[-1], len(tries))) is not None:
        tries.append(following.astimezone(INDIA))
    assert len(tries) == 3
    assert len({moment.date() for moment in tries}) == 2
    assert all(9 <= moment.hour <= 18 for moment in tries)
