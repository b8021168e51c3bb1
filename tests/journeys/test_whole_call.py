"""Whole calls by code, through every process of the line: what a citizen hears and what is kept of it."""

import re
from pathlib import Path

import pytest

from audio.store import SoundStore
from audio.voices import slowly
from config import Config
from ivr.emulator.phone import Phone
from ivr.emulator.phone_call import PhoneCall
from ivr.joined import Sealer, read_plan
from models.call import Call
from models.call_back import CallBack
from models.complaint import Complaint
from models.message import Message
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from models.voice_message import VoiceMessage
from tests.journeys.conftest import NewCitizen, NewRepresentative, office_closed
from tests.journeys.rows import count, find, one, wait_for
from tests.journeys.steps import grouped, hold_talk, join_queue, spoken
from tests.line import NUMBER, RunningLine
from tests.representative import Representative


@pytest.mark.every_store
def test_a_complaint_in_english(
    line: RunningLine, new_citizen: NewCitizen, new_representative: NewRepresentative, line_store: Store
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.go_ready()
    call = phone.dial(NUMBER).hears("For English, press 2.").press("2")
    call.hears("This call may be recorded.").hears("For a new complaint, press 1.").press("1")
    call.hears("For ration, press 1.").press("1")
    call.hears(spoken(phone.number[3:], "en")).hears("To use this number, press 1.").press("1")
    reference = hold_talk(phone, call, representative, "The ration shop has been closed for a week.")
    told = spoken(reference, "en")
    events = iter(lambda: call.next_event(20) or {}, {})
    sentence = next(event for event in events if "Once more" in event.get("text", ""))
    assert sentence["text"] == f"Your complaint number is {told} Once more: {told}"
    # The second telling is made of the slow clips, which leave time to write along.
    token = sentence["url"].rpartition("/")[2].partition(".wav")[0]
    names = [name for name, _ in read_plan(Sealer(Config.from_env(line.environment).secret_key).open(token))]
    assert names[-11:] == [SoundStore(Path()).name_of(digit, slowly("en")) for digit in told.split()]
    call.hears("Good, press 4.").press("4").hears("Thank you for calling. Goodbye.").ends()
    representative.wrap_up("registered")
    expect_kept(line_store, representative, phone, call, reference, language="en", rating="4")


def test_a_complaint_in_bengali(
    new_citizen: NewCitizen, new_representative: NewRepresentative, line_store: Store
) -> None:
    phone, representative = new_citizen(), new_representative("bn")
    representative.go_ready()
    call = phone.dial(NUMBER).hears("বাংলার জন্য 1 টিপুন।").press("1")
    call.hears("এই কলটি রেকর্ড করা হতে পারে।").hears("নতুন অভিযোগ জানাতে 1 টিপুন।").press("1")
    call.hears("রেশনের জন্য 1 টিপুন।").press("1")
    call.hears(spoken(phone.number[3:], "bn")).press("1")
    reference = hold_talk(phone, call, representative, "রেশন দোকান এক সপ্তাহ ধরে বন্ধ।")
    call.hears(f"{spoken(reference, 'bn')} আবার বলছি, {spoken(reference, 'bn')}")
    call.hears("4 টিপুন").press("4").ends()
    representative.wrap_up("registered")
    expect_kept(line_store, representative, phone, call, reference, language="bn", rating="4")


def test_a_withheld_number_is_asked_for_and_checked_by_a_code(
    line_store: Store, new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.go_ready()
    mine = phone.number[3:]
    call = phone.dial(NUMBER, withheld=True).hears("press 2").press("2").hears("press 1").press("1")
    call.hears("ration").press("1").hears("ten-digit mobile number").press(mine)
    call.hears("You entered").hears("If that is right, press 1.").press("1")
    call.hears("To get the code now, press 1.").press("1")
    code = re.search(r"\d{6}", phone.expects_text("code"))
    assert code is not None
    call.hears("six-digit code", allowed=["code by text"]).press(code[0])
    reference = hold_talk(phone, call, representative, "Somebody asked for money.")
    complaint = representative.finds(reference)
    assert (complaint.contact_number, complaint.number_check) == (phone.number, "otp_verified")
    assert one(line_store, Call, Call.sid == call.sid).from_number is None
    call.hang_up()


def test_a_place_is_kept_and_the_citizen_is_rung_from_the_list(
    line_store: Store, new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.take_break()
    call = join_queue(phone)
    call.hears("To keep your place and be called back, press 1.").press("1")
    call.hears("We will call you on").hears("Goodbye").ends()
    phone.expects_text("We will call you by")
    entry = one(line_store, QueueEntry, QueueEntry.call_sid == call.sid)
    promise = one(line_store, CallBack, CallBack.number == phone.number)
    assert (entry.ended_as, entry.left_key) == ("callback", "1")
    assert (promise.reason, promise.state, promise.ahead_since) == ("asked", "open", entry.ahead_since)

    talk_id, leg_sid = representative.ring_back(f"/desk/call-backs/{promise.id}/dial")
    ringing = phone.answers().talks()
    conversation = representative.wait_for_caller(talk_id, leg_sid)
    reference = representative.register(conversation, "The clinic has no doctor.", category="health")
    phone.expects_text(grouped(reference))
    representative.end(conversation)
    ringing.ends()
    representative.wrap_up()
    assert one(line_store, CallBack, CallBack.id == promise.id).state == "done"


def test_after_hours_a_message_is_left_and_listed(
    line_store: Store, new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    with office_closed(line_store):
        call = phone.dial(NUMBER).hears("press 2").press("2").hears("press 1").press("1").hears("ration").press("1")
        call.hears("We next open").hears("To leave a message, press 1.").press("1")
    call.hears("after the tone").speaks(5)
    call.hears("/Recordings/RE")  # their own words come first
    call.hears("To keep this message, press 1.").press("1").hears("Goodbye").ends()
    phone.expects_text("we have your message")
    message = one(line_store, VoiceMessage, VoiceMessage.call_sid == call.sid)
    assert (message.state, message.category, message.number) == ("new", "ration", phone.number)
    assert message.seconds >= 4
    assert f"/desk/voice-messages/{message.id}/dial" in representative.read("/desk/voice-messages").text
    sound = representative.read(f"/desk/voice-messages/{message.id}/sound")
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")


def test_the_state_of_a_complaint_is_told_by_phone(
    new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.go_ready()
    first = join_queue(phone)
    reference = hold_talk(phone, first, representative, "No ration since May.")
    first.hears("Your complaint number").hang_up()
    again = phone.dial(NUMBER).hears("Welcome back. To change the language, press 9.")
    again.hears("For news of an earlier complaint, press 2.").press("2")
    # By the number that they call from; and once more by the complaint's own.
    again.hears(f"Your complaint {spoken(reference, 'en')}").hears("Food and Supplies")
    again.hears("To enter a complaint number, press 4.").press("4")
    again.hears("eleven-digit complaint number").press(reference)
    again.hears("You entered").hears("press 1").press("1")
    again.hears(f"Your complaint {spoken(reference, 'en')}").hears("Food and Supplies").hears("A reply is promised by")
    again.hears("To finish, press 3.").press("3").hears("Goodbye").ends()


def test_who_gives_up_in_line_is_on_the_call_back_list(
    line_store: Store, new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.take_break()
    call = join_queue(phone)
    call.hang_up()
    promise = wait_for(lambda: find(line_store, CallBack, CallBack.number == phone.number))
    assert (promise.reason, promise.state, promise.call_sid) == ("abandoned", "open", call.sid)
    assert one(line_store, QueueEntry, QueueEntry.call_sid == call.sid).ended_as == "abandoned"
    listed = [representative.read(f"/desk/{name}").text for name in ("call-backs", "abandoned")]
    assert any(f"/desk/call-backs/{promise.id}/take" in page for page in listed)


def test_two_callers_and_one_representative(
    new_citizen: NewCitizen, new_representative: NewRepresentative, line_store: Store
) -> None:
    early, late, representative = new_citizen(), new_citizen(), new_representative()
    representative.take_break()
    first = join_queue(early).hears("You are number one in the line.")
    second = join_queue(late).hears("You are number two in the line.")
    representative.go_ready()
    conversation = representative.answer()
    assert one(line_store, Talk, Talk.id == conversation.talk_id).call_sid == first.sid
    first.talks()
    second.hears("You are number one in the line.", allowed=[".*"])
    representative.end(conversation)
    first.hears("How was our service?").hang_up()
    representative.wrap_up("information")
    conversation = representative.answer()
    assert one(line_store, Talk, Talk.id == conversation.talk_id).call_sid == second.sid
    second.talks().hang_up()


def expect_kept(
    store: Store,
    representative: Representative,
    phone: Phone,
    call: PhoneCall,
    reference: str,
    *,
    language: str,
    rating: str,
) -> None:
    """One complaint with its delivered text; a call that went through the menus, the queue and a talk."""
    complaint = representative.finds(reference)
    assert (complaint.call_sid, complaint.language, complaint.category) == (call.sid, language, "ration")
    assert (complaint.contact_number, complaint.number_check) == (phone.number, "same_as_caller")
    assert count(store, Complaint, Complaint.call_sid == call.sid) == 1
    message = wait_for(
        lambda: find(store, Message, (Message.complaint_id == complaint.id) & (Message.status == "delivered"))
    )
    assert (message.recipient, message.language) == (phone.number, language)
    assert [text["body"] for text in phone.texts()] == [message.body]
    row = wait_for(lambda: find(store, Call, (Call.sid == call.sid) & (Call.status == "completed")))
    assert (row.phase, row.language, row.abandoned) == ("ended", language, False)
    assert f'"rating":"{rating}"' in row.state.replace(" ", "")
    talk = one(store, Talk, Talk.call_sid == call.sid)
    assert (talk.state, talk.ended_by, talk.result) == ("ended", "representative", "registered")
