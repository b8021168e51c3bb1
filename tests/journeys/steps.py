"""Steps that many whole calls share."""

from ivr.emulator.phone import Phone
from ivr.emulator.phone_call import PhoneCall
from models.call import Call
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from tests.journeys.rows import count, wait_for
from tests.line import NUMBER
from tests.representative import Representative

_DIGITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "bn": ["শূন্য", "এক", "দুই", "তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট", "নয়"],
}


def join_queue(phone: Phone) -> PhoneCall:
    """A new caller: in English, about ration, with the caller's own number."""
    call = phone.dial(NUMBER).hears("press 2").press("2").hears("press 1").press("1").hears("ration").press("1")
    return call.hears("To use this number, press 1.").press("1").waits_in_line()


def hold_talk(phone: Phone, call: PhoneCall, representative: Representative, text: str) -> str:
    """Answered, registered, texted, ended by the representative. Returns the reference."""
    conversation = representative.answer()
    call.talks()
    reference = representative.register(conversation, text)
    phone.expects_text(grouped(reference))
    representative.end(conversation)
    return reference


def spoken(digits: str, language: str) -> str:
    """Digit by digit, as it is said."""
    return " ".join(_DIGITS[language][int(digit)] for digit in digits)


def grouped(reference: str) -> str:
    """As it is written."""
    return f"{reference[:2]}-{reference[2:5]}-{reference[5:8]}-{reference[8:]}"


def expect_nothing_stuck(store: Store) -> None:
    """No call, no place in the line, no talk is left open."""
    for table, still in ((Call, Call.phase != "ended"), (QueueEntry, QueueEntry.ended_at.is_(None))):
        wait_for(lambda: count(store, table, still) == 0, f"every {table.__tablename__} to end", 150)  # noqa: B023  at once
    wait_for(lambda: count(store, Talk, Talk.state != "ended") == 0, "every talk to end", 90)
