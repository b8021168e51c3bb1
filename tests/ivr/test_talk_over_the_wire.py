"""Whole talks over real HTTP: the web half, the router and call control on one side, the local network on the other."""

from dataclasses import replace
from typing import Any

import requests
from sqlalchemy import insert

from ivr.call_control import (
    Accepted,
    accept_offer,
    accept_transfer,
    call_service,
    check_number,
    consult,
    dial_back,
    end_talk,
    finish_wrap_up,
    go_ready,
    hand_over,
    hold,
    pause_recording,
    rejoin,
    resume_recording,
    send_to_colleague,
    unhold,
)
from ivr.emulator.phone import Phone
from ivr.leg_phrases import RECORDED
from ivr.recorded.shelf import recordings_of
from ivr.recorded.tending import tend_recording
from ivr.texts import send_text
from models.call import Call
from models.call_back import CallBack
from models.keypad_check import KeypadCheck
from models.leg import Leg
from models.message import Message
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.recording_pause import RecordingPause
from models.staff import Staff
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transfer import Transfer
from models.voice_message import VoiceMessage
from tests.ivr.exchange import Exchange, exchange

__all__ = ["exchange"]

HELPLINE = "+919137091370"
CITIZEN = "+919830012345"
POLICE = "+913322145486"


def hire(exchange: Exchange) -> int:
    staff = exchange.office.hire("asha", ready=False)
    go_ready(exchange.telephone, staff)
    return staff


def into_the_queue(exchange: Exchange, number: str = CITIZEN) -> Any:
    """A citizen dials and presses their way into the queue, in English."""
    call = Phone(exchange.url, number).dial(HELPLINE)
    call.hears("For English").press("2")
    for _ in range(3):
        call.hears("press 1").press("1")
    exchange.until(lambda: exchange.office.row(QueueEntry))
    return call


def answered(exchange: Exchange, staff: int) -> tuple[Accepted, str]:
    """Ring, answer, connect, until both are in the talk."""
    offer = exchange.until(lambda: exchange.office.row(Offer, state="ringing"))
    accepted = accept_offer(exchange.telephone, offer.id, staff)
    leg = exchange.connect(accepted, staff)
    exchange.until(lambda: exchange.office.row(Talk).state == "live")
    return accepted, leg


def test_talk_from_the_queue_to_the_end(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    accepted, _leg = answered(exchange, staff)
    exchange.until(lambda: office.row(Leg, role="citizen").sequence >= 0)  # the network has told of the join
    hold(exchange.telephone, accepted.talk_id, staff)
    unhold(exchange.telephone, accepted.talk_id, staff)
    end_talk(exchange.telephone, accepted.talk_id, staff)
    # The caller's own call goes on in its flow, and the representative's leg is over.
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    exchange.until(lambda: office.row(Call, sid=call.sid).turn > office.row(QueueEntry).turn - 1)
    assert (office.row(QueueEntry).ended_as, office.presence(staff)) == ("answered", "wrap_up")
    assert office.row(Call, sid=call.sid).ended_at is None
    call.hang_up()
    exchange.until(lambda: office.row(Call, sid=call.sid).ended_at)


def test_a_talk_is_recorded_paused_fetched_and_leaves_the_network(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    accepted, _leg = answered(exchange, staff)
    exchange.until(lambda: office.row(TalkRecording) and office.row(TalkRecording).state == "recording")
    call.speaks_now(2)
    pause_recording(exchange.telephone, accepted.talk_id, staff)
    resume_recording(exchange.telephone, accepted.talk_id, staff)
    end_talk(exchange.telephone, accepted.talk_id, staff)
    exchange.until(lambda: office.row(TalkRecording).state == "waiting")
    recording = office.row(TalkRecording)
    there = exchange.telephone.gateway.recordings_of(office.row(Talk).conference)
    assert [(one.sid, one.status, one.seconds) for one in there] == [(recording.sid, "completed", recording.seconds)]
    assert tend_recording(exchange.telephone, recording.id)
    exchange.until(lambda: office.row(TalkRecording).left_network_at)
    assert exchange.telephone.gateway.recordings_of(office.row(Talk).conference) == []
    content = recordings_of(exchange.telephone.config).read(office.row(TalkRecording).name)
    assert content is not None
    assert content.startswith(b"RIFF")
    assert office.row(RecordingPause).ended_by == "representative"
    call.hang_up()


def test_a_caller_who_came_past_the_notice_hears_it_before_the_talk(exchange: Exchange) -> None:
    staff = hire(exchange)
    call = Phone(exchange.url, CITIZEN).dial(HELPLINE).hears("For English").press("0").waits_in_line()
    answered(exchange, staff)
    call.hears(RECORDED["bn"]).talks()
    assert exchange.office.row(TalkRecording).state in ("expected", "recording")
    call.hang_up()


def test_consulted_colleague_takes_the_caller_over_and_a_second_one_gets_them_from_the_line(exchange: Exchange) -> None:
    office, asha = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    accepted, _leg = answered(exchange, asha)
    bimal = office.hire("bimal", ready=False)
    go_ready(exchange.telephone, bimal)
    exchange.until(lambda: office.row(Leg, role="citizen").sequence >= 0)
    consult(exchange.telephone, accepted.talk_id, asha, bimal)
    guest = accept_transfer(exchange.telephone, office.row(Transfer).id, bimal)
    exchange.connect(guest, bimal)
    exchange.until(lambda: office.row(Leg, staff_id=bimal).sequence >= 0)
    hand_over(exchange.telephone, accepted.talk_id, asha)
    exchange.until(lambda: office.row(Leg, staff_id=asha).state == "out")
    talk = office.row(Talk, id=guest.talk_id)
    assert (talk.state, talk.held, office.row(Leg, role="citizen").state) == ("live", False, "in")
    there = exchange.telephone.gateway.conference_sid(talk.conference)
    assert there == talk.conference_sid

    finish_wrap_up(exchange.telephone, asha)
    send_to_colleague(exchange.telephone, guest.talk_id, bimal, asha)
    accepted, _leg = answered(exchange, asha)
    assert [entry.ended_as for entry in office.rows(QueueEntry)] == ["answered", None]
    end_talk(exchange.telephone, accepted.talk_id, asha)
    exchange.until(lambda: office.row(Call, sid=call.sid).turn > office.row(QueueEntry).turn - 1)
    call.hang_up()


def test_number_is_proved_at_the_keypad_and_the_caller_comes_back(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    accepted, _leg = answered(exchange, staff)
    exchange.until(lambda: office.row(Leg, role="citizen").sequence >= 0)
    check_number(exchange.telephone, accepted.talk_id, staff, CITIZEN)
    send_text(exchange.telephone, office.row(Message).id)
    code = Phone(exchange.url, CITIZEN).expects_text("code")[:6]
    exchange.until(lambda: office.row(Leg, role="citizen").state == "out")
    call.hears("Please enter its six digits").press(code)
    exchange.until(lambda: office.row(KeypadCheck).state == "right")
    talk = office.row(Talk)
    assert talk.state == "live"
    exchange.until(lambda: _is_in(exchange, talk.conference_sid, call.sid))
    hold(exchange.telephone, accepted.talk_id, staff)
    assert office.row(Talk).held
    call.hang_up()
    exchange.until(lambda: office.row(Talk).state == "ended")


def _is_in(exchange: Exchange, conference_sid: str, call_sid: str) -> bool:
    url = f"{exchange.url}/2010-04-01/Accounts/{exchange.telephone.config.twilio_account_sid}/Conferences"
    config = exchange.telephone.config
    login = (config.twilio_account_sid, config.twilio_auth_token)
    there = requests.get(f"{url}/{conference_sid}/Participants.json", auth=login, timeout=20).json()
    return call_sid in [one["call_sid"] for one in there["participants"]]


def test_service_comes_into_the_talk_and_the_caller_goes_on_with_it(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    config = replace(exchange.telephone.config, emergency_lines=(("112", POLICE),))
    office.telephone = replace(exchange.telephone, config=config)
    call = into_the_queue(exchange)
    accepted, _leg = answered(exchange, staff)
    call_service(office.telephone, accepted.talk_id, staff, "112")
    police = Phone(exchange.url, POLICE, patience=8).answers()
    exchange.until(lambda: office.row(Transfer).state == "joined")
    hand_over(office.telephone, accepted.talk_id, staff)
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    assert office.row(Transfer).state == "alone"
    police.hang_up()
    exchange.until(lambda: office.row(Leg, role="citizen").state == "out")
    exchange.until(lambda: office.row(Call, sid=call.sid).turn > office.row(QueueEntry).turn - 1)
    call.hang_up()


def test_caller_who_hangs_up_while_it_rings(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    exchange.until(lambda: office.row(Offer, state="ringing"))
    call.hang_up()
    exchange.until(lambda: office.row(Offer).state == "withdrawn")
    assert office.presence(staff) == "ready"
    assert office.row(QueueEntry).ended_as == "abandoned"
    assert office.row(CallBack).number == CITIZEN


def test_caller_who_hangs_up_in_the_talk(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    answered(exchange, staff)
    call.hang_up()
    exchange.until(lambda: office.row(Talk).state == "ended")
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    assert (office.row(Talk).ended_by, office.presence(staff)) == ("caller", "wrap_up")


def test_lost_line_is_taken_up_again_and_a_lost_browser_gives_the_caller_to_the_next(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    accepted, leg = answered(exchange, staff)
    exchange.hang_up(leg, staff)
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    office.tick(1)
    call.hears("Please stay on the line, you will be connected again")
    again = exchange.connect(rejoin(exchange.telephone, accepted.talk_id, staff), staff)
    exchange.until(lambda: office.row(Leg, role="representative").state == "in")
    assert office.row(Talk).state == "live"

    exchange.hang_up(again, staff)
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    other = office.hire("bimal", ready=False)
    office.clock.advance(25)
    go_ready(exchange.telephone, other)
    exchange.until(lambda: office.row(Talk).ended_by == "lost")
    exchange.until(lambda: office.row(Offer, state="ringing"))
    accepted, _leg = answered(exchange, other)
    assert office.row(Talk).staff_id == other
    assert office.row(QueueEntry).state == "talking"
    end_talk(exchange.telephone, accepted.talk_id, other)


def test_answer_without_a_line_gives_the_caller_to_the_next(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    call = into_the_queue(exchange)
    offer = exchange.until(lambda: office.row(Offer, state="ringing"))
    accept_offer(exchange.telephone, offer.id, staff)
    other = office.hire("bimal", ready=False)
    office.clock.advance(8)
    go_ready(exchange.telephone, other)
    exchange.until(lambda: office.row(Offer).staff_id == other)
    answered(exchange, other)
    assert office.row(Talk).call_sid == call.sid


def test_message_whose_sound_comes_late_is_played_back_all_the_same(exchange: Exchange) -> None:
    call = into_the_queue(exchange)
    late = {"delay_callbacks": 4.0}  # of the telephone's seconds: after the first answer, before patience ends
    requests.post(f"{exchange.url}/local/faults", json=late, timeout=20).raise_for_status()
    call.waits_in_line().hears("To leave a message, press 2").press("2").hears("after the tone").speaks(4)
    call.hears("One moment, please.")
    call.hears("/Recordings/RE").hears("To keep this message, press 1.").press("1").hears("Goodbye").ends()
    kept = exchange.office.row(VoiceMessage)
    assert kept.seconds >= 3


def test_ringing_back_over_the_wire(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    now = office.clock.now()
    values = {"number": CITIZEN, "reason": "asked", "due_by": now, "created_at": now, "language": "en"}
    office.store.write(lambda c: c.execute(insert(CallBack).values(**values, request_reference="26482173059")))
    accepted = dial_back(exchange.telephone, staff, call_back_id=office.row(CallBack).id)
    exchange.connect(accepted, staff)
    exchange.until(lambda: office.row(Talk).call_sid)
    call = Phone(exchange.url, CITIZEN, patience=8).answers()
    call.hears("calling you back")
    exchange.until(lambda: office.row(Talk).state == "live")
    # Ended while the citizen is still on the way in: they must not be left sitting in a conference alone.
    end_talk(exchange.telephone, accepted.talk_id, staff)
    exchange.until(lambda: office.row(Leg, role="citizen").state == "out")
    call.hears("Thank you")
    exchange.until(lambda: office.row(Call, sid=call.sid).ended_at)
    assert office.row(CallBack).state == "done"


def test_citizen_who_rejects_is_kept_in_the_list(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    now = office.clock.now()
    values = {"number": CITIZEN, "reason": "asked", "due_by": now, "created_at": now, "language": "en"}
    office.store.write(lambda c: c.execute(insert(CallBack).values(**values, request_reference="26482173059")))
    exchange.connect(dial_back(exchange.telephone, staff, call_back_id=office.row(CallBack).id), staff)
    exchange.until(lambda: office.row(Talk).call_sid)
    Phone(exchange.url, CITIZEN).rejects()
    exchange.until(lambda: office.row(Talk).state == "ended")
    assert (office.row(CallBack).state, office.row(CallBack).attempts) == ("open", 1)
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")


def test_text_is_delivered_over_the_wire(exchange: Exchange) -> None:
    from tests.ivr.test_texts import write_text

    message_id = write_text(exchange.office, recipient=CITIZEN)
    assert send_text(exchange.telephone, message_id)
    assert Phone(exchange.url, CITIZEN).expects_text("অভিযোগ")
    exchange.until(lambda: exchange.office.row(Message).status == "delivered")


def test_foreign_browser_cannot_come_in_with_a_stolen_ticket(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    thief = office.hire("bimal", ready=False)
    into_the_queue(exchange)
    offer = exchange.until(lambda: office.row(Offer, state="ringing"))
    accepted = accept_offer(exchange.telephone, offer.id, staff)
    exchange.connect(accepted, thief)
    exchange.connect(accepted, staff)
    exchange.until(lambda: office.row(Talk).state == "live")
    assert len(office.rows(Leg, role="representative", state="in")) == 1
    assert office.row(Leg, role="representative").staff_id == staff
    with office.store.session() as session:
        assert session.get(Presence, thief) is not None
        assert session.get(Staff, staff) is not None
