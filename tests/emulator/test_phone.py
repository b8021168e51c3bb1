"""The phone in code: what it accepts, and that it fails at everything else."""

from collections.abc import Iterator

import pytest

from ivr.emulator.local_api import NotReached
from ivr.emulator.phone import Phone, UnexpectedText
from ivr.emulator.phone_call import Unexpected, UnexpectedSpeech
from tests.emulator.line import LINE, Line, open_line

SPEED = 25.0  # telephone seconds a second


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with open_line(SPEED) as opened:
        yield opened


@pytest.fixture
def phone(line: Line, request: pytest.FixtureRequest) -> Phone:
    """A number of its own for each test."""
    return Phone(line.url, f"+9198300{abs(hash(request.node.name)) % 90000 + 10000}", patience=10)


def test_a_dialogue_reads_as_one_line(phone: Phone) -> None:
    call = phone.dial(LINE)
    call.hears("অভিযোগ হেল্পলাইন").hears("for english, PRESS 2").press("1").hears("সাহায্য করতে পারি").hang_up()

    assert call.how_it_ended == "completed"
    assert str(call.dialogue).splitlines()[1:] == [
        "  line   rings",
        "  line   is answered",
        "  line   says (bn): নমস্কার। অভিযোগ হেল্পলাইন।",
        "  line   says (en): For English, press 2.",
        "  caller presses 1",
        "  line   says (bn): আমরা আপনাকে কীভাবে সাহায্য করতে পারি?",
        "  caller hangs up",
        "  line   the call is over",
    ]


def test_words_may_run_over_several_sounds(phone: Phone) -> None:
    phone.dial(LINE).hears("press 2. हिन्दी के").hang_up()


def test_other_words_fail_with_the_dialogue(phone: Phone) -> None:
    with pytest.raises(UnexpectedSpeech, match="(?s)Waited to hear 'for Tamil'.*says .en.: For English, press 2"):
        phone.dial(LINE).hears("for Tamil")


def test_other_words_fail_when_the_call_ends(phone: Phone) -> None:
    with pytest.raises(UnexpectedSpeech, match="(?s)You call from.*the call is over"):
        phone.dial(LINE).hears("press 2").press("5").hears("how can we help")


def test_allowed_words_do_not_fail(line: Line) -> None:
    impatient = Phone(line.url, "+919830000006", patience=10)  # its menu comes again after six seconds
    call = impatient.dial(LINE).hears("press 2").hears("हिन्दी").hears("press 2", allowed=["हिन्दी"])
    call.hang_up()
    with pytest.raises(UnexpectedSpeech):
        impatient.dial(LINE).hears("goodbye", allowed=["press 9"])


def test_a_key_that_nothing_listens_to_fails(phone: Phone) -> None:
    call = phone.dial(LINE).hears("press 2").press("4").hears("one two")
    with pytest.raises(Unexpected, match="Nothing listened to 1 of the keys 7"):
        call.press("7")


def test_speaking_after_the_tone(phone: Phone) -> None:
    phone.dial(LINE).hears("press 2").press("2").speaks(3).hears("Thank you").ends()


def test_waiting_in_line_hears_what_comes(phone: Phone) -> None:
    phone.dial(LINE).hears("press 2").press("3").waits_in_line().hears("first in line").hears("first in line").hang_up()


def test_an_end_that_is_another_one_fails(phone: Phone) -> None:
    call = phone.dial(LINE).hears("press 2").press("5")
    with pytest.raises(Unexpected, match="ended as completed, not as busy"):
        call.ends("busy")


def test_a_hidden_number_stays_hidden(phone: Phone) -> None:
    phone.dial(LINE, withheld=True).hears("press 2").press("5").hears("you call from anonymous").ends()
    phone.dial(LINE).hears("press 2").press("5").hears(f"you call from {phone.number}").ends()


def test_texts_come_in_order_and_as_expected(line: Line, phone: Phone) -> None:
    with phone:
        line.send_text(phone.number, "Your complaint is 26-482-173-059.")
        assert phone.expects_text("26-482") == "Your complaint is 26-482-173-059."
        line.send_text(phone.number, "It was forwarded.")
        with pytest.raises(UnexpectedText, match="this one came: It was forwarded"):
            phone.expects_text("solved")


def test_a_text_nobody_waited_for_fails_at_the_end(line: Line, phone: Phone) -> None:
    line.send_text(phone.number, "Sorry.")
    phone.expects_text("Sorry")
    line.send_text(phone.number, "Win a lottery.")
    while len(phone.texts()) < 2:
        continue
    with pytest.raises(UnexpectedText, match="Nobody waited for this text .*lottery"), phone:
        phone.dial(LINE)


def test_a_text_that_does_not_come_fails(line: Line) -> None:
    with pytest.raises(UnexpectedText, match="No text with '26' came"):
        Phone(line.url, "+919830099999", patience=0.2).expects_text("26")


def test_it_rings_and_is_answered(line: Line, phone: Phone) -> None:
    line.ring(phone.number)
    phone.answers().hears("we ring you back").press("5").hears("you call from").ends()


def test_it_rings_and_is_rejected(line: Line, phone: Phone) -> None:
    line.ring(phone.number)
    phone.rejects()
    with pytest.raises(Unexpected, match="did not ring"):
        Phone(line.url, phone.number, patience=0.3).answers()


def test_leaving_the_phone_ends_its_calls(line: Line, phone: Phone) -> None:
    with phone:
        call = phone.dial(LINE).hears("press 2")
    assert call.is_over


def test_what_cannot_be_dialled_is_said(phone: Phone) -> None:
    with pytest.raises(NotReached, match=r"Nobody answers \+911 here"):
        phone.dial("+911")
    with pytest.raises(NotReached, match="No emulator answers at"):
        Phone("http://127.0.0.1:9", phone.number).dial(LINE)
    with pytest.raises(NotReached, match="no address of an emulator"):
        Phone("localhost", phone.number)
