"""Every document that a turn can end in: exact XML, each of it held to Twilio's published grammar."""

from collections.abc import Sequence

import pytest

from audio.voices import slowly
from flows.speaking import Unit
from flows.values import (
    Action,
    Blank,
    Close,
    Collect,
    HangUp,
    JoinQueue,
    Line,
    PlayRecording,
    Speak,
    TakeRecording,
    Went,
    Words,
)
from ivr import twiml
from ivr.addresses import Addresses
from ivr.speech import LONGEST_SAY, split_to_say
from ivr.twiml import Place, document
from tests.twiml_grammar import violations

BASE = "https://x.example"
SOUNDS = {("en", "Welcome."): "a", ("bn", "নমস্কার।"): "b", ("en", "Press 1."): "c", ("en-x-slow", "six"): "d"}
SOUNDS |= {("en", "seven"): "f", ("en-x-slow", "seven"): "g", ("en", "Again:"): "e"}
EN_SAY = '<Say voice="Google.en-IN-Wavenet-A" language="en-IN">'
BN_SAY = '<Say voice="Google.bn-IN-Wavenet-A" language="bn-IN">'
HI_SAY = '<Say voice="Google.hi-IN-Wavenet-A" language="hi-IN">'


class SomeSounds:
    """What has a sound here is told by its letter; the letters of a joined one stand in its address."""

    def __call__(self, language: str, text: str) -> str | None:
        name = SOUNDS.get((language, text))
        return f"{BASE}/sounds/{name}.wav" if name else None

    def join(self, language: str, units: Sequence[Unit]) -> str | None:
        names = [SOUNDS.get((slowly(language) if unit.slow else language, unit.text)) for unit in units]
        return f"{BASE}/sounds/joined/{''.join(filter(None, names))}.wav" if all(names) else None


sound_of = SomeSounds()


def line(text: str, language: str = "en") -> Line:
    return Line(language, "p", (Words("p", text),))


def speak(*texts: str, language: str = "en", interrupt: bool = True) -> Speak:
    return Speak(tuple(line(text, language) for text in texts), interrupt)


PLACE = Place(
    Addresses(BASE), "CA1", 4, sound_of, lambda sid: f"https://api.example/{sid}.wav" if sid == "RE1" else None
)
JOIN = JoinQueue("complaints", "bn", {}, False, {}, 900.0, ("1",))
ACTION = f'action="{BASE}/voice/calls/CA1/turns/4"'

TOLD_TWICE = Line(
    "en",
    "p",
    (
        Words("p", "Welcome."),
        Blank("reference", "digits", "26"),
        Words("p", "Once more:"),
        Blank("reference", "digits", "26", slow=True),
        Words("p", "Bye."),
    ),
)

TOLD_TWICE_WITH_SOUNDS = Line(
    "en",
    "p",
    (
        Words("p", "Welcome."),
        Blank("reference", "digits", "7"),
        Words("p", "Again:"),
        Blank("reference", "digits", "7", slow=True),
    ),
)

TABLE: dict[str, tuple[list[Action], str]] = {
    "all speech since the last wait goes inside the gather": (
        [Went(3, "a", "said", "b"), speak("Welcome."), speak("Press 1."), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/a.wav</Play><Play>{BASE}/sounds/c.wav</Play></Gather>",
    ),
    "a second telling is slow": (
        [Speak((TOLD_TWICE,), True), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/a.wav</Play>{EN_SAY}two six Once more:</Say>"
        f'{EN_SAY}<prosody rate="slow">two</prosody></Say><Play>{BASE}/sounds/d.wav</Play>{EN_SAY}Bye.</Say></Gather>',
    ),
    "a line that is put together is one sound, where all of it has one": (
        [speak("Welcome."), Speak((TOLD_TWICE_WITH_SOUNDS, line("Press 1.")), True), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/a.wav</Play><Play>{BASE}/sounds/joined/afeg.wav</Play><Play>{BASE}/sounds/c.wav</Play>"
        "</Gather>",
    ),
    "a group of digits that a voice reads ends in a comma": (
        [Speak((Line("en", "p", (Blank("reference", "digits", "26482183059"),)),), True), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"{EN_SAY}two six, four eight two, one eight three, zero five nine</Say></Gather>",
    ),
    "what must be heard to the end stands before the gather": (
        [speak("Welcome."), speak("May be recorded.", interrupt=False), speak("Press 1."), Collect(6.0, 1, "")],
        f"<Play>{BASE}/sounds/a.wav</Play>{EN_SAY}May be recorded.</Say>"
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/c.wav</Play></Gather>",
    ),
    "words without a sound are said, neighbours in one breath": (
        [speak("Tea & sugar <now>", "Welcome.", "one", "two"), Collect(2.5, None, "#")],
        f'<Gather {ACTION} timeout="3" finishOnKey="#" actionOnEmptyResult="true">'
        f"{EN_SAY}Tea &amp; sugar &lt;now&gt;</Say><Play>{BASE}/sounds/a.wav</Play>{EN_SAY}one two</Say></Gather>",
    ),
    "each language has its voice": (
        [speak("নমস্কার।", "বলুন", language="bn"), speak("बोलिए", language="hi"), Collect(6.0, 11, "*")],
        f'<Gather {ACTION} numDigits="11" timeout="6" finishOnKey="*" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/b.wav</Play>{BN_SAY}বলুন</Say>{HI_SAY}बोलिए</Say></Gather>",
    ),
    "a gather without words": (
        [Collect(6.0, 1, "", secret=True)],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true"></Gather>',
    ),
    "a recording, and what follows an empty one": (
        [speak("Welcome."), TakeRecording(120.0, 5.0, "#")],
        f'<Play>{BASE}/sounds/a.wav</Play><Record {ACTION} maxLength="120" timeout="5" finishOnKey="#" playBeep="true"'
        f' recordingStatusCallback="{BASE}/voice/calls/CA1/recording"'
        f' recordingStatusCallbackEvent="completed absent"/><Redirect>{BASE}/voice/calls/CA1/turns/4</Redirect>',
    ),
    "a recording is played back": (
        [PlayRecording("RE1"), speak("Press 1."), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>https://api.example/RE1.wav</Play><Play>{BASE}/sounds/c.wav</Play></Gather>",
    ),
    "a recording that is not there yet is left out": (
        [PlayRecording("RE2"), speak("Press 1."), Collect(6.0, 1, "")],
        f'<Gather {ACTION} numDigits="1" timeout="6" finishOnKey="" actionOnEmptyResult="true">'
        f"<Play>{BASE}/sounds/c.wav</Play></Gather>",
    ),
    "the queue": (
        [speak("Welcome."), JOIN],
        f'<Play>{BASE}/sounds/a.wav</Play><Enqueue action="{BASE}/voice/calls/CA1/left/4"'
        f' waitUrl="{BASE}/voice/calls/CA1/waiting/4">complaints</Enqueue>',
    ),
    "goodbye": (
        [speak("Welcome."), Close(False, {}), HangUp()],
        f'<Play>{BASE}/sounds/a.wav</Play><Pause length="1"/><Hangup/>',
    ),
}


@pytest.mark.parametrize(("actions", "expected"), TABLE.values(), ids=TABLE.keys())
def test_a_turn_becomes_exactly_this_document(actions: list[Action], expected: str) -> None:
    xml = document(actions, PLACE)
    assert xml == f'<?xml version="1.0" encoding="UTF-8"?><Response>{expected}</Response>'
    assert violations(xml) == []


def test_a_turn_without_a_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="must end in a wait"):
        document([speak("Welcome.")], PLACE)


OTHERS = {
    "one moment": (
        twiml.one_moment([speak("Welcome.")], [("en", "One moment, please.")], f"{BASE}/t?code=1&until=2", PLACE),
        f"<Play>{BASE}/sounds/a.wav</Play>{EN_SAY}One moment, please.</Say>"
        f'<Pause length="1"/><Redirect>{BASE}/t?code=1&amp;until=2</Redirect>',
    ),
    "lines while waiting": (
        twiml.wait_in_queue([line("Welcome.")], None, f"{BASE}/k?part=1", f"{BASE}/w?part=1", sound_of),
        f'<Gather action="{BASE}/k?part=1" numDigits="1" timeout="1" finishOnKey=""><Play>{BASE}/sounds/a.wav</Play>'
        f"</Gather><Redirect>{BASE}/w?part=1</Redirect>",
    ),
    "music while waiting": (
        twiml.wait_in_queue([], f"{BASE}/sounds/m.wav", None, f"{BASE}/w", sound_of),
        f"<Play>{BASE}/sounds/m.wav</Play><Redirect>{BASE}/w</Redirect>",
    ),
    "silence while waiting": (
        twiml.wait_in_queue([], None, f"{BASE}/k", f"{BASE}/w", sound_of),
        f'<Gather action="{BASE}/k" numDigits="1" timeout="1" finishOnKey=""><Pause length="8"/></Gather>'
        f"<Redirect>{BASE}/w</Redirect>",
    ),
    "back in line": (
        twiml.enqueue("complaints", PLACE),
        f'<Enqueue action="{BASE}/voice/calls/CA1/left/4" waitUrl="{BASE}/voice/calls/CA1/waiting/4">'
        "complaints</Enqueue>",
    ),
    "waiting out": (twiml.pause(f"{BASE}/w"), f'<Pause length="8"/><Redirect>{BASE}/w</Redirect>'),
    "elsewhere": (twiml.redirect(f"{BASE}/a?b&c"), f"<Redirect>{BASE}/a?b&amp;c</Redirect>"),
    "last words": (
        twiml.say_and_hang_up([("en", "Sorry."), ("bn", "দুঃখিত")], sound_of),
        f'{EN_SAY}Sorry.</Say>{BN_SAY}দুঃখিত</Say><Pause length="1"/><Hangup/>',
    ),
    "leave": (twiml.LEAVE, "<Leave/>"),
    "hang up": (twiml.HANG_UP, "<Hangup/>"),
    "nothing": (twiml.EMPTY, ""),
}


@pytest.mark.parametrize(("xml", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_the_other_documents(xml: str, expected: str) -> None:
    assert xml == f'<?xml version="1.0" encoding="UTF-8"?><Response>{expected}</Response>'
    assert violations(xml) == []


def test_nothing_spoken_is_longer_than_a_say_may_be() -> None:
    from urllib.parse import quote_plus

    text = " ".join(["অভিযোগ"] * 400 + ["x" * 3000, "&" * 2000])
    parts = split_to_say(text)
    assert all(len(quote_plus(part)) <= LONGEST_SAY for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert split_to_say("short") == ["short"]
    xml = document([speak(text), HangUp()], PLACE)
    assert xml.count("<Say") == len(parts)
    assert violations(xml) == []


def test_blanks_are_spoken_by_the_rules_of_their_language() -> None:
    told = Line("en", "p", (Words("p", "Number"), Blank("reference", "digits", "26")))
    assert f"{EN_SAY}Number two six</Say>" in document([Speak((told,), True), HangUp()], PLACE)
