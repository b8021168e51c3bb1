"""The doors of the telephone: who may come in, what comes out when things break, reports that come late or twice."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from ivr.codes import compose_code_text
from ivr.talks import close_talk
from models.call import Call
from models.call_back import CallBack
from models.late_event import LateEvent
from models.message import Message
from models.one_time_code import OneTimeCode
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from models.turn import Turn
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, CallInTest, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path, MONDAY_NOON)


ADDRESSES = [
    "/voice/incoming",
    "/voice/calls/CA1/turns/1",
    "/voice/calls/CA1/left/1",
    "/voice/calls/CA1/waiting/1",
    "/voice/calls/CA1/waiting/1/key",
    "/voice/calls/CA1/talk/1",
    "/voice/calls/CA1/recording",
    "/voice/calls/status",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_wrong_signature_gets_403_and_nothing_else(line: LineInTest, address: str) -> None:
    call = line.call()
    for signature in ("", "AAAA", "é"):
        answer = line.post(address, call.form(Digits="1", CallStatus="completed"), signature=signature)
        assert (answer.status, "html" in answer.content_type) == (403, False)
    with line.store.session() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 0
        assert session.scalar(select(func.count()).select_from(LateEvent)) == 0


def test_a_body_that_is_no_form_is_let_in_by_its_digest_only(line: LineInTest) -> None:
    body = '{"CallSid": "CA1"}'
    target = f"/voice/calls/status?bodySHA256={sha256(body.encode()).hexdigest()}"
    validator = RequestValidator(line.config.twilio_auth_token)
    headers = {
        "X-Twilio-Signature": validator.compute_signature(line.config.public_url + target, {}),
        "Content-Type": "application/json",
    }
    assert line.client().post(target, data=body, headers=headers).status_code == 204
    assert line.client().post(target, data=body + " ", headers=headers).status_code == 403
    assert line.client().post("/voice/calls/status", data=body, headers=headers).status_code == 403


def test_while_the_token_is_replaced_both_sign_and_no_other(store: Store, tmp_path: Path) -> None:
    tokens = {"TWILIO_AUTH_TOKEN": "the-new-one", "TWILIO_AUTH_TOKEN_BEFORE": "the-old-one"}
    line = LineInTest(store, tmp_path, MONDAY_NOON, **tokens)
    status = {"the-new-one": 200, "the-old-one": 200, "another": 403}
    for token, expected in status.items():
        form = line.call().form()
        signature = RequestValidator(token).compute_signature(line.config.public_url + "/voice/incoming", form)
        assert line.post("/voice/incoming", form, signature=signature).status == expected
    body = '{"CallSid": "CA1"}'
    target = f"/voice/calls/status?bodySHA256={sha256(body.encode()).hexdigest()}"
    for token, expected in (("the-old-one", 204), ("another", 403)):
        signature = RequestValidator(token).compute_signature(line.config.public_url + target, {})
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/json"}
        assert line.client().post(target, data=body, headers=headers).status_code == expected


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/voice/incoming"), ("POST", "/voice/incoming/"), ("POST", "/voice/nothing"), ("GET", "/voice/calls/1")],
)
def test_no_address_of_ours_is_told_in_plain_text_and_never_redirected(
    line: LineInTest, method: str, address: str
) -> None:
    reply = line.client().open(address, method=method)
    assert (reply.status_code, reply.content_type) == (404, "text/plain; charset=utf-8")


def test_the_signature_is_checked_against_our_public_address(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, PUBLIC_URL="https://helpline.example.gov.in", BIND="127.0.0.1:8000")
    call = line.call().dial()
    assert call.last.address().startswith("https://helpline.example.gov.in/voice/calls/CA1/turns/1")


def test_a_hang_up_anywhere_closes_the_call_once(line: LineInTest) -> None:
    call = line.call().dial().press("2", "1", "1")
    call.hang_up().hang_up()
    line.post("/voice/calls/status", call.form(CallStatus="in-progress"))
    row = line.row()
    assert (row.status, row.phase, row.outcome, row.abandoned) == ("completed", "ended", "abandoned", True)
    with line.store.session() as session:
        missed = session.scalars(select(CallBack)).one()
        late = session.scalars(select(LateEvent.status).order_by(LateEvent.id)).all()
    assert (missed.number, missed.reason) == (CALLER, "abandoned")
    assert late == ["completed", "in-progress"]


def test_a_caller_who_told_nothing_is_not_rung_back(line: LineInTest) -> None:
    line.call().dial().hang_up()
    assert line.row().outcome == "finished"
    with line.store.session() as session:
        assert session.scalars(select(CallBack)).all() == []


def test_a_status_of_a_call_that_nobody_knows_is_only_noted(line: LineInTest) -> None:
    answer = line.post("/voice/calls/status", line.call("CA7").form(CallStatus="completed"))
    assert answer.status == 204
    with line.store.session() as session:
        assert session.scalars(select(LateEvent.subject)).all() == ["CA7"]


def test_a_report_while_the_store_is_away_is_no_page_of_html(line: LineInTest) -> None:
    call = line.call().dial()
    line.lose_store()
    answer = line.post("/voice/calls/status", call.form(CallStatus="completed"))
    assert (answer.status, answer.content_type) == (503, "text/plain; charset=utf-8")


# ---- codes ------------------------------------------------------------------------------------------------------


def ask_for_code(line: LineInTest) -> CallInTest:
    """Another number than the caller's own is typed in and confirmed, and a code is asked for."""
    line.work("en")
    call = line.call().dial().press("2", "1", "1", "2", "9830099999", "1")
    return call.press("1")


def settle(line: LineInTest, status: str) -> None:
    line.store.transact(lambda session: session.execute(update(Message).values(status=status)))


def test_a_code_is_waited_for_in_slices_of_a_second(line: LineInTest) -> None:
    call = ask_for_code(line)
    assert "One moment, please." in call.last.said
    onward = call.last.address("Redirect", "")
    first = call.last.body
    assert line.post(call.turn(line.row().turn), call.form(Digits="1")).body == first
    call.post(onward)
    assert "One moment" not in call.last.said  # once is enough
    settle(line, "sent")
    call.post(call.last.address("Redirect", ""))
    assert "We have sent a code by text message." in call.last.said
    asked = call.last.body
    assert call.post(onward).body == asked  # a late repeat of a slice
    with line.store.session() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_code_that_does_not_leave_in_five_seconds_is_not_waited_for(line: LineInTest) -> None:
    call = ask_for_code(line)
    began = line.clock.now()
    slices = 0
    while list(call.last.root.iter("Redirect")):
        slices += 1
        call.post(call.last.address("Redirect", ""))
        assert slices < 20
    assert 4 <= (line.clock.now() - began).total_seconds() <= 7
    assert call.last.address("Enqueue", "") == "complaints"
    assert line.entry().tell["contact_number"] == "+919830099999"


def test_a_code_is_compared_once_for_a_webhook_and_its_digits_are_kept_nowhere(line: LineInTest) -> None:
    call = ask_for_code(line)
    settle(line, "sent")
    call.post(call.last.address("Redirect", ""))
    address = call.last.address()
    with line.store.session() as session:
        message = session.scalars(select(Message)).one()
    words = line.store.write(
        lambda connection: compose_code_text(line.config, connection, message.id, "{code}", line.clock.now())
    )
    wrong = "000000" if words != "000000" else "111111"
    call.press(wrong)
    assert "That code is not right." in call.last.said
    assert line.post(address, call.form(Digits=wrong)).body == call.last.body
    with line.store.session() as session:
        assert session.scalars(select(OneTimeCode.tries)).one() == 1
    call.press(words)
    assert line.entry().tell["number_check"] == "otp_verified"
    with line.store.session() as session:
        kept = [*session.scalars(select(Turn.twiml)), *session.scalars(select(Turn.path)), line.row().state]
        kept += session.scalars(select(Turn.event_digest))
    assert not any(wrong in text or words in text for text in kept)


# ---- after the queue --------------------------------------------------------------------------------------------


def talk_with(line: LineInTest, call: CallInTest, staff_id: int) -> Talk:
    """The representative has accepted, is in, and the router moves the caller."""
    entry = line.entry(call.sid)

    def accept(session: Session) -> Talk:
        session.execute(update(QueueEntry).where(QueueEntry.id == entry.id).values(state="accepted"))
        talk = Talk(
            call_sid=call.sid, entry_id=entry.id, staff_id=staff_id, conference="talk-x", created_at=line.clock.now()
        )
        session.add(talk)
        session.flush()
        return talk

    return line.store.transact(accept)


def end_talk(line: LineInTest, talk: Talk, ended_by: str) -> None:
    line.store.write(lambda connection: close_talk(connection, talk.id, ended_by, line.clock.now()))


def test_the_moved_caller_comes_into_the_conference_and_goes_on_after_the_talk(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = line.call().join_queue()
    talk = talk_with(line, call, staff_id)
    redirected = line.post(call.last.address("Enqueue"), call.form(QueueResult="redirected", QueueTime="9"))
    assert (list(redirected.root), line.row().turn) == ([], 4)  # recorded, and steers nothing
    for _ in range(2):
        call.post(f"/voice/calls/CA1/talk/{talk.id}")
        assert call.last.address("Conference", "") == "talk-x"
        assert call.last.address("Dial").endswith(call.turn(5))
    assert line.entry().state == "talking"
    end_talk(line, talk, "representative")
    for _ in range(2):
        call.post(call.turn(5), DialCallStatus="answered")
        assert "How was our service" in call.last.said
    call.press("5").hang_up()
    assert (line.row().outcome, line.row().abandoned) == ("answered", False)


def test_a_caller_whose_talk_was_lost_stands_at_the_head_of_the_line_again(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = line.call().join_queue()
    talk = talk_with(line, call, staff_id)
    call.post(f"/voice/calls/CA1/talk/{talk.id}")
    end_talk(line, talk, "lost")
    call.post(call.turn(5), DialCallStatus="answered")
    assert call.last.address("Enqueue", "") == "complaints"
    assert (line.entry().state, line.row().turn) == ("waiting", 4)


def test_a_caller_who_comes_too_late_for_the_talk_is_led_on(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = line.call().join_queue()
    talk = talk_with(line, call, staff_id)
    end_talk(line, talk, "representative")
    call.post(f"/voice/calls/CA1/talk/{talk.id}")
    assert "Sorry, something went wrong on our side." in call.last.said


def test_hanging_up_in_the_talk_is_no_abandoned_call(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = line.call().join_queue()
    talk = talk_with(line, call, staff_id)
    call.post(f"/voice/calls/CA1/talk/{talk.id}")
    line.post(call.turn(5), call.form(DialCallStatus="answered", CallStatus="completed"))
    call.hang_up()
    row, entry = line.row(), line.entry()
    assert (row.outcome, row.abandoned, entry.ended_as) == ("answered", False, "answered")
    with line.store.session() as session:
        assert session.scalars(select(Talk.ended_by)).all() == ["caller"]
        assert session.scalars(select(CallBack)).all() == []


def test_hanging_up_in_the_queue_is_an_abandoned_call(line: LineInTest) -> None:
    line.work("en")
    call = line.call().join_queue()
    line.post(call.last.address("Enqueue"), call.form(QueueResult="hangup", CallStatus="completed"))
    assert (line.row().outcome, line.entry().ended_as) == ("abandoned", "abandoned")


@pytest.mark.parametrize(("result", "ended_as"), [("queue-full", "overflow"), ("error", "error")])
def test_a_queue_that_takes_nobody_leads_on(line: LineInTest, result: str, ended_as: str) -> None:
    line.work("en")
    call = line.call().join_queue()
    address = call.last.address("Enqueue")
    call.post(address, QueueResult=result)
    first = call.last.body
    assert call.post(address, QueueResult=result).body == first
    with line.store.session() as session:
        stays = session.scalars(select(QueueEntry).order_by(QueueEntry.id)).all()
    assert stays[0].ended_as == ended_as
    expected = "All our people are still busy." if result == "queue-full" else "Sorry, something went wrong"
    assert expected in call.last.said


def test_a_call_whose_rows_are_gone_begins_anew(line: LineInTest) -> None:
    call = line.call().dial().press("2")
    line.store.transact(lambda session: (session.execute(delete(Turn)), session.execute(delete(Call))))
    call.press("1")
    assert call.last.address("Redirect", "").endswith("/voice/incoming")
