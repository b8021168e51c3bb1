"""The webhooks of a talk's legs: the ticketed way in, the citizen rung back, events in any order."""

from typing import Any

import pytest
from jwt import decode
from sqlalchemy import insert, text

from ivr.access_token import issue_access_token, staff_of
from ivr.call_control import Accepted, accept_offer, dial_back, end_talk, rejoin
from ivr.talks import begin_talk
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.late_event import LateEvent
from models.leg import Leg
from models.message import Message
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.ivr.office import Office
from tests.ivr.provider import PUBLIC_URL, Provider
from tests.ivr.test_texts import write_text

LEG = "CA" + "b" * 32


@pytest.fixture
def provider(office: Office) -> Provider:
    return Provider(office)


def answer(office: Office, staff: int) -> Accepted:
    office.tick()
    return accept_offer(office.telephone, office.row(Offer).id, staff)


def connect(provider: Provider, staff: int, ticket: str, sid: str = LEG) -> Any:
    return provider.post("/voice/legs", CallSid=sid, From=f"client:staff-{staff}", To="", ticket=ticket)


def conference_event(provider: Provider, office: Office, event: str, sid: str, sequence: int) -> None:
    reply = provider.post(
        "/voice/legs/conference",
        ConferenceSid="CF" + "1" * 32,
        FriendlyName=office.row(Talk).conference,
        StatusCallbackEvent=event,
        CallSid=sid,
        SequenceNumber=sequence,
    )
    assert reply.status == 204


def talk(office: Office, provider: Provider, staff: int, sid: str) -> Accepted:
    accepted = answer(office, staff)
    connect(provider, staff, accepted.ticket)
    office.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, office.clock.now()))
    return accepted


def test_ticket_opens_the_conference(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    first, again = (connect(provider, staff, accepted.ticket) for _ in range(2))
    assert first.text == again.text
    room = first.find("Conference")
    assert room.text == office.row(Talk).conference
    assert sid not in first.text
    assert room.attrib == {
        "beep": "false",
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "false",
        "waitUrl": f"{PUBLIC_URL}/voice/legs/music",
        "statusCallback": f"{PUBLIC_URL}/voice/legs/conference",
        "statusCallbackEvent": "start end join leave mute hold",
        "record": "record-from-start",
        "trim": "do-not-trim",
        "recordingStatusCallback": f"{PUBLIC_URL}/voice/recordings/{room.text}",
        "recordingStatusCallbackEvent": "in-progress completed absent",
    }
    assert len(office.rows(Command, kind="move_caller")) == 1


@pytest.mark.parametrize("caller", ["client:staff-999", "client:boss", "+919830012345", ""])
def test_identity_is_the_networks_word_and_not_a_parameter(office: Office, provider: Provider, caller: str) -> None:
    staff = office.hire("asha", screen_language="hi")
    office.enqueue()
    accepted = answer(office, staff)
    reply = provider.post("/voice/legs", CallSid=LEG, From=caller, ticket=accepted.ticket, identity=f"staff-{staff}")
    assert "Conference" not in reply.text
    assert "Hangup" in reply.verbs
    assert office.row(Leg, role="representative").state == "expected"


def test_old_ticket_is_told_in_ones_own_language(office: Office, provider: Provider) -> None:
    staff = office.hire("asha", screen_language="hi")
    office.enqueue()
    accepted = answer(office, staff)
    office.clock.advance(8)
    assert "डेस्क" in connect(provider, staff, accepted.ticket).said


def test_wrong_signature_is_refused_everywhere(office: Office, provider: Provider) -> None:
    for path in (
        "/voice/legs",
        "/voice/legs/1/left",
        "/voice/legs/status",
        "/voice/legs/conference",
        "/voice/legs/music",
        "/voice/legs/stay/1",
        "/voice/legs/citizen/1",
        "/voice/legs/citizen/1/left",
        "/voice/legs/citizen/1/status",
        "/voice/messages/1/status?attempt=1",
    ):
        assert provider.post(path, signed=False, CallSid=LEG).status == 403


def test_music_goes_from_section_to_section(office: Office, provider: Provider) -> None:
    seen = set()
    address = f"{PUBLIC_URL}/voice/legs/music"
    for _ in range(5):
        seen.add(address)
        address = provider.post(address, CallSid=LEG).find("Redirect").text or ""
    assert len(seen) == 5
    assert address in seen


@pytest.mark.parametrize("told_by", ["dial", "status", "conference"])
def test_lost_leg_is_known_by_whichever_report_comes(office: Office, provider: Provider, told_by: str) -> None:
    staff = office.hire("asha")
    talk(office, provider, staff, office.enqueue())
    leg = office.row(Leg, role="representative")
    if told_by == "dial":
        assert provider.post(f"/voice/legs/{leg.id}/left", CallSid=LEG, DialCallStatus="answered").verbs == ["Hangup"]
    elif told_by == "status":
        provider.post("/voice/legs/status", CallSid=LEG, CallStatus="completed")
    else:
        conference_event(provider, office, "participant-leave", LEG, 4)
    assert office.row(Leg, role="representative").state == "out"
    assert office.row(Talk).state == "live"  # five-and-twenty seconds to come back


CONFERENCE = "/Conferences/CF" + "1" * 32


def announced(office: Office) -> list[str]:
    """The addresses of what the conference was told to play."""
    asked = office.network.requests("POST", CONFERENCE)
    return [request.form["AnnounceUrl"] for request in asked if "AnnounceUrl" in request.form]


def lose_leg(office: Office, provider: Provider, sid: str = LEG) -> None:
    office.network.conferences[office.row(Talk).conference] = "CF" + "1" * 32
    provider.post("/voice/legs/status", CallSid=sid, CallStatus="completed")


@pytest.mark.parametrize(
    ("language", "words"), [("bn", "লাইনে থাকুন"), ("en", "stay on the line"), ("hi", "लाइन पर बने रहें")]
)
def test_caller_left_alone_is_asked_to_stay_in_their_language(
    office: Office, provider: Provider, language: str, words: str
) -> None:
    staff = office.hire("asha", languages=("bn", "en", "hi"))
    talk(office, provider, staff, office.enqueue(language=language))
    lose_leg(office, provider)
    lose_leg(office, provider)  # told twice
    office.tick(1)
    [address] = announced(office)
    assert words in provider.post(address, CallSid=office.row(Talk).call_sid).said
    office.tick(11)
    assert len(announced(office)) == 1
    office.tick(1)
    assert announced(office) == [address, address]
    office.tick(12)
    assert office.row(Talk).ended_by == "lost"
    assert provider.post(address, CallSid=office.row(Talk).call_sid).verbs == []


def test_representative_who_is_back_is_not_announced_as_away(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    accepted = talk(office, provider, staff, office.enqueue())
    lose_leg(office, provider)
    connect(provider, staff, rejoin(office.telephone, accepted.talk_id, staff).ticket, "CA" + "c" * 32)
    office.tick(1)
    office.tick(12)
    assert announced(office) == []
    # Each loss is told of anew; who comes back while the announcement is on its way is not spoken over.
    lose_leg(office, provider, "CA" + "c" * 32)
    office.tick(1)
    [address] = announced(office)
    connect(provider, staff, rejoin(office.telephone, accepted.talk_id, staff).ticket, "CA" + "d" * 32)
    assert provider.post(address, CallSid=office.row(Talk).call_sid).verbs == []


def test_end_of_a_talk_asks_nobody_to_stay(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    accepted = talk(office, provider, staff, office.enqueue())
    end_talk(office.telephone, accepted.talk_id, staff)
    lose_leg(office, provider)
    office.tick(1)
    office.tick(12)
    assert announced(office) == []


def test_lost_announcement_is_sent_again(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    talk(office, provider, staff, office.enqueue())
    office.network.refuse("POST", CONFERENCE, 503, 0)
    lose_leg(office, provider)
    office.tick(1)
    office.tick(1)
    assert len(announced(office)) == 2  # refused once, then taken
    office.network.refuse("POST", CONFERENCE, 404, 20404)
    office.tick(11)
    assert office.rows(Command, kind="ask_to_stay", done_at=None) == []  # nobody is there to be told


def test_foreign_call_cannot_end_a_leg(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    talk(office, provider, staff, office.enqueue())
    leg = office.row(Leg, role="representative")
    provider.post(f"/voice/legs/{leg.id}/left", CallSid="CA" + "e" * 32)
    assert office.row(Leg, role="representative").state == "in"


def test_leg_lost_before_the_caller_came_puts_them_back_first(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    office.enqueue()
    accepted = answer(office, staff)
    connect(provider, staff, accepted.ticket)
    provider.post("/voice/legs/status", CallSid=LEG, CallStatus="completed")
    entry = office.row(QueueEntry)
    assert (entry.state, entry.priority) == ("waiting", 100)
    assert office.row(Talk).ended_by == "no_leg"
    assert office.row(Offer).state == "failed"
    assert office.presence(staff) == "missed"


def test_late_join_does_not_undo_a_leave(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, provider, staff, sid)
    conference_event(provider, office, "participant-leave", sid, 5)
    conference_event(provider, office, "participant-join", sid, 2)
    conference_event(provider, office, "participant-leave", sid, 5)
    assert office.row(Leg, role="citizen").state == "out"
    assert len(office.rows(LateEvent)) == 2
    assert office.row(Talk).conference_sid == "CF" + "1" * 32


def test_caller_who_left_the_conference_is_asked_after(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, provider, staff, sid)
    conference_event(provider, office, "participant-leave", sid, 5)
    office.network.statuses[sid] = "completed"
    office.tick(2)
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "caller")
    assert office.row(Call, sid=sid).ended_at is not None
    assert office.presence(staff) == "wrap_up"


def test_hold_told_by_the_conference_is_believed(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, provider, staff, sid)
    conference_event(provider, office, "participant-hold", sid, 3)
    assert office.row(Talk).held
    conference_event(provider, office, "participant-unhold", sid, 4)
    assert not office.row(Talk).held


def test_second_tab_takes_over_and_the_first_leg_is_ended(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    accepted = talk(office, provider, staff, office.enqueue())
    back = rejoin(office.telephone, accepted.talk_id, staff)
    connect(provider, staff, back.ticket, "CA" + "c" * 32)
    office.tick(1)
    assert office.network.requests("POST", f"/Calls/{LEG}")[0].form == {"Status": "completed"}
    assert office.row(Talk).state == "live"
    assert [leg.state for leg in office.rows(Leg, role="representative")] == ["out", "in"]


def test_ended_talk_opens_to_nobody(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    accepted = talk(office, provider, staff, office.enqueue())
    back = rejoin(office.telephone, accepted.talk_id, staff)
    end_talk(office.telephone, accepted.talk_id, staff)
    assert "Conference" not in connect(provider, staff, back.ticket, "CA" + "c" * 32).text


def ring_back(office: Office, provider: Provider, staff: int) -> tuple[Accepted, str]:
    """A citizen is being rung; returns the talk and the CallSid of their call."""
    now = office.clock.now()
    values = {"number": "+919830012345", "reason": "asked", "due_by": now, "created_at": now, "language": "bn"}
    office.store.write(lambda c: c.execute(insert(CallBack).values(**values, request_reference="26482173059")))
    accepted = dial_back(office.telephone, staff, call_back_id=office.row(CallBack).id)
    connect(provider, staff, accepted.ticket)
    office.tick(1)
    return accepted, str(office.row(Talk).call_sid)


def test_citizen_rung_back_is_greeted_and_brought_in(office: Office, provider: Provider) -> None:
    staff = office.hire("asha")
    accepted, sid = ring_back(office, provider, staff)
    path = f"/voice/legs/citizen/{accepted.talk_id}"
    provider.post(f"{path}/status", CallSid=sid, CallStatus="ringing", To="+919830012345")
    reply = provider.post(path, CallSid=sid, CallStatus="in-progress", From="+919137091370", To="+919830012345")
    assert "হেল্পলাইন" in reply.said
    assert reply.find("Conference").text == office.row(Talk).conference
    assert office.row(Talk).state == "live"
    call = office.row(Call, sid=sid)
    assert (call.direction, call.purpose, call.to_number) == ("outbound-api", "callback", "+919830012345")
    # A second ring of a repeated command finds the talk taken.
    other = provider.post(path, CallSid="CA" + "7" * 32, To="+919830012345")
    assert "Conference" not in other.text
    end_talk(office.telephone, accepted.talk_id, staff)
    assert provider.post(f"{path}/left", CallSid=sid, DialCallStatus="answered").verbs[-1] == "Hangup"
    provider.post(f"{path}/status", CallSid=sid, CallStatus="completed", To="+919830012345")
    assert office.row(Call, sid=sid).ended_at is not None
    assert (office.row(CallBack).state, office.row(CallBack).outcome) == ("done", "reached")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "completed"])
def test_citizen_who_does_not_answer_keeps_the_promise_open(office: Office, provider: Provider, status: str) -> None:
    staff = office.hire("asha")
    accepted, sid = ring_back(office, provider, staff)
    path = f"/voice/legs/citizen/{accepted.talk_id}/status"
    for told in (status, status, "ringing"):
        provider.post(path, CallSid=sid, CallStatus=told, To="+919830012345")
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "no_answer")
    assert (office.row(CallBack).state, office.row(CallBack).attempts) == ("open", 1)
    assert office.presence(staff) == "wrap_up"
    assert len(office.rows(LateEvent)) == 2


def test_message_report_comes_in_by_its_webhook(office: Office, provider: Provider) -> None:
    from ivr.texts import send_text

    message_id = write_text(office)
    send_text(office.telephone, message_id)
    address = office.network.requests("POST", "/Messages")[0].form["StatusCallback"]
    for status in ("delivered", "sent", "delivered"):
        assert provider.post(address, MessageSid="SM1", MessageStatus=status).status == 204
    assert office.row(Message).status == "delivered"


def test_broken_store_says_a_sentence_and_no_report_is_lost_silently(office: Office, provider: Provider) -> None:
    office.store.write(lambda c: c.execute(text("ALTER TABLE leg RENAME TO gone")))
    reply = provider.post("/voice/legs", CallSid=LEG, From="client:staff-1", ticket="x")
    assert reply.verbs[-1] == "Hangup"
    assert provider.post("/voice/legs/status", CallSid=LEG, CallStatus="completed").status == 503


def test_access_token_may_ring_our_app_and_register_and_nothing_else(office: Office) -> None:
    config = office.telephone.config
    token = issue_access_token(config, 7)
    claims = decode(token, config.twilio_api_secret, algorithms=["HS256"], audience=None)
    assert claims["iss"] == config.twilio_api_key
    assert claims["sub"] == config.twilio_account_sid
    assert claims["exp"] - claims["nbf"] == 600
    assert claims["grants"] == {
        "identity": "staff-7",
        "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": config.twilio_app_sid}},
    }


@pytest.mark.parametrize(
    ("caller", "staff"),
    [("client:staff-7", 7), ("staff-7", None), ("client:staff-", None), ("client:staff-৭", None), ("client:7", None)],
)
def test_identity_is_read_strictly(caller: str, staff: int | None) -> None:
    assert staff_of(caller) == staff
