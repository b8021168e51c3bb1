"""<Say> and <Pause>."""

from contextlib import nullcontext
from urllib.parse import quote

from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.sound import CannotSpeak
from ivr.emulator.twiml import Node
from ivr.emulator.wav import seconds_of

MOST_TIMES = 1000
_MOST_ENCODED = 4500  # characters once written as in an address: a Bengali letter counts nine
_MOST_BYTES = {"Polly": 3000, "Google": 5000}
_BASIC_BYTES = 4096
_SHORTEST = 0.3  # seconds


@verb("Say")
async def say(frame: Frame, node: Node) -> None:
    """Takes as long as the words take to speak."""
    call = frame.call
    words = " ".join(node.text.split())
    trouble = _refuse(words, node.get("voice"))
    if trouble:
        frame.ex.alerts.note(trouble, call.sid, url=frame.document.url)
        return
    spoken = await _spoken(frame, words, node.get("language"))
    seconds = seconds_of(spoken) if spoken else len(words.split()) / frame.ex.settings.words_per_second
    for _ in range(times(node)):
        call.events.add("say", text=words, language=node.get("language"), voice=node.get("voice"))
        with call.sounding(spoken) if spoken else nullcontext():
            await call.rest(max(_SHORTEST, seconds))


async def _spoken(frame: Frame, words: str, language: str) -> bytes:
    """The words as a sound file; nothing where nobody can hear them."""
    if frame.ex.mixer is None or not frame.ex.mixer.carries(frame.call):
        return b""
    speaking = frame.ex.spawn(_speak(frame, words, language))
    await frame.call.race(speaking)
    return speaking.result()


async def _speak(frame: Frame, words: str, language: str) -> bytes:
    try:
        return await frame.ex.speaker.speak(words, language or "en")
    except CannotSpeak:
        return b""  # the words are among the events, for whoever reads along


def times(node: Node) -> int:
    """How often `loop` asks for; 0 is the most there is."""
    return min(int(node.number("loop", 1)), MOST_TIMES) or MOST_TIMES


def _refuse(words: str, voice: str) -> int:
    if not words:
        return 13520
    most = _MOST_BYTES.get(voice.partition(".")[0], _BASIC_BYTES)
    too_long = len(words.encode()) > most or len(quote(words)) > _MOST_ENCODED
    return 13521 if too_long else 0


@verb("Pause")
async def pause(frame: Frame, node: Node) -> None:
    """One second where nothing is said."""
    seconds = node.number("length", 1)
    frame.call.events.add("pause", seconds=seconds)
    await frame.call.rest(seconds)
