"""The one place that writes TwiML: from the actions of a turn to a document.

Written by hand, because Twilio's builder takes twenty times as long (106 µs against 5) and lets a misspelt attribute
through all the same. A table of exact documents and Twilio's grammar hold it in the tests.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import get_args
from xml.sax.saxutils import escape, quoteattr

from flows.values import Action, Collect, HangUp, JoinQueue, Line, PlayRecording, Speak, TakeRecording, Wait
from ivr.addresses import Addresses
from ivr.speech import SoundOf, Sounds, say_lines, say_units

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"
_LAST_PAUSE = 1  # second after the last word, so that a slow line does not cut it off

Speech = Speak | PlayRecording
_WAITS = get_args(Wait)

EMPTY = f"{_HEAD}{_TAIL}"
HANG_UP = f"{_HEAD}<Hangup/>{_TAIL}"
LEAVE = f"{_HEAD}<Leave/>{_TAIL}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is heard: which call, the turn its answer goes to, and the sounds there are.

    `recording_of` gives the address of a caller's recording, or None while it cannot be played yet.
    """

    addresses: Addresses
    call_sid: str
    next_turn: int
    sound_of: Sounds
    recording_of: Callable[[str], str | None] = lambda recording: None


def document(actions: Iterable[Action], place: Place) -> str:
    """The document of a finished turn. Speech since the last wait goes inside the next Gather, so that no key is lost;
    only what must not be interrupted, and what stands before it, is said outside."""
    speech: list[Speech] = []
    wait: Wait | None = None
    for action in actions:
        if isinstance(action, (Speak, PlayRecording)):
            speech.append(action)
        elif isinstance(action, _WAITS):
            wait = action
    firm = max((n for n, part in enumerate(speech, start=1) if _is_firm(part)), default=0)
    before, after = _speak(speech[:firm], place), _speak(speech[firm:], place)
    if isinstance(wait, Collect):
        return f"{_HEAD}{before}{_gather(wait, after, place)}{_TAIL}"
    return f"{_HEAD}{before}{after}{_verb(wait, place)}{_TAIL}"


def one_moment(actions: Iterable[Action], words: Iterable[tuple[str, str]], back_to: str, place: Place) -> str:
    """What is spoken so far, `words` of (language, text), a second of silence, and a redirect to `back_to`."""
    told = [action for action in actions if isinstance(action, (Speak, PlayRecording))]
    speech = _speak(told, place) + say_units(words, place.sound_of)
    return f'{_HEAD}{speech}<Pause length="1"/>{_redirect(back_to)}{_TAIL}'


def enqueue(queue: str, place: Place) -> str:
    """Put the caller in line, or back in line."""
    return f"{_HEAD}{_enqueue(queue, place)}{_TAIL}"


def redirect(address: str) -> str:
    """Send the call to another document."""
    return f"{_HEAD}{_redirect(address)}{_TAIL}"


def pause(address: str) -> str:
    """Eight seconds of silence, then another document."""
    return f'{_HEAD}<Pause length="8"/>{_redirect(address)}{_TAIL}'


def say(words: Iterable[tuple[str, str]], sound_of: SoundOf) -> str:
    """Speak units of (language, text), and no more."""
    return f"{_HEAD}{say_units(words, sound_of)}{_TAIL}"


def say_and_hang_up(words: Iterable[tuple[str, str]], sound_of: SoundOf) -> str:
    """Speak units of (language, text) and end the call."""
    return f'{_HEAD}{say_units(words, sound_of)}<Pause length="{_LAST_PAUSE}"/><Hangup/>{_TAIL}'


def say_and_leave(speech: str) -> str:
    """Speech (TwiML) to a caller in a queue, who leaves it then."""
    return f"{_HEAD}{speech}<Leave/>{_TAIL}"


def say_and_redirect(speech: str, address: str) -> str:
    """Speech (TwiML), then another document."""
    return f"{_HEAD}{speech}{_redirect(address)}{_TAIL}"


def ask_digits(speech: str, action: str, digits: int, wait_s: int) -> str:
    """Speech (TwiML) during which so many keys may be pressed already; silence is an answer too."""
    opening = (
        f'<Gather action={quoteattr(action)} numDigits="{digits}" timeout="{wait_s}"'
        ' finishOnKey="" actionOnEmptyResult="true">'
    )
    return f"{_HEAD}{opening}{speech}</Gather>{_TAIL}"


def dial_number(
    speech: str, number: str, *, shown: str, action: str, before: str, ring_seconds: int, longest_s: int
) -> str:
    """Speech (TwiML), then ring `number`, which sees `shown`, and join both.

    The document at `before` is heard there first; `action` is asked when it is over, however it went.
    """
    limits = f'timeout="{ring_seconds}" timeLimit="{longest_s}"'
    dial = f"<Dial callerId={quoteattr(shown)} action={quoteattr(action)} {limits}>"
    return f"{_HEAD}{speech}{dial}<Number url={quoteattr(before)}>{escape(number)}</Number></Dial>{_TAIL}"


def wait_in_queue(lines: Iterable[Line], music: str | None, key_to: str | None, on_to: str, sounds: Sounds) -> str:
    """One document of the queue: lines, then a section of music (or as long a silence), then the next document.

    A key pressed meanwhile goes to `key_to`; where that is None no key means anything.
    """
    tune = f"<Play>{escape(music)}</Play>" if music else '<Pause length="8"/>'
    heard = say_lines(lines, sounds) or tune
    if key_to is not None:
        heard = f'<Gather action={quoteattr(key_to)} numDigits="1" timeout="1" finishOnKey="">{heard}</Gather>'
    return f"{_HEAD}{heard}{_redirect(on_to)}{_TAIL}"


def _is_firm(part: Speech) -> bool:
    return isinstance(part, Speak) and not part.interrupt


def _speak(speech: Sequence[Speech], place: Place) -> str:
    out = []
    for part in speech:
        if isinstance(part, Speak):
            out.append(say_lines(part.lines, place.sound_of))
        elif address := place.recording_of(part.recording):
            out.append(f"<Play>{escape(address)}</Play>")
    return "".join(out)


def _gather(wait: Collect, speech: str, place: Place) -> str:
    digits = f' numDigits="{wait.digits}"' if wait.digits is not None else ""
    action = quoteattr(place.addresses.turn(place.call_sid, place.next_turn))
    opening = (
        f'<Gather action={action}{digits} timeout="{max(1, ceil(wait.wait))}"'
        f' finishOnKey="{wait.finish_key}" actionOnEmptyResult="true">'
    )
    return f"{opening}{speech}</Gather>"


def _verb(wait: Wait | None, place: Place) -> str:
    if isinstance(wait, JoinQueue):
        return _enqueue(wait.queue, place)
    if isinstance(wait, TakeRecording):
        return _record(wait, place)
    if isinstance(wait, HangUp):
        return f'<Pause length="{_LAST_PAUSE}"/><Hangup/>'
    raise ValueError("a turn must end in a wait: without one the call would be cut off")


def _enqueue(queue: str, place: Place) -> str:
    action = quoteattr(place.addresses.left_queue(place.call_sid, place.next_turn))
    waiting = quoteattr(place.addresses.waiting(place.call_sid, place.next_turn))
    return f"<Enqueue action={action} waitUrl={waiting}>{escape(queue)}</Enqueue>"


def _record(wait: TakeRecording, place: Place) -> str:
    action = quoteattr(place.addresses.turn(place.call_sid, place.next_turn))
    done = quoteattr(place.addresses.recording(place.call_sid))
    return (
        f'<Record action={action} maxLength="{max(1, ceil(wait.longest))}"'
        f' timeout="{max(1, ceil(wait.stop_after_silence))}" finishOnKey="{wait.finish_key}" playBeep="true"'
        f' recordingStatusCallback={done} recordingStatusCallbackEvent="completed absent"/>'
        # An empty recording is not reported to the action: the document goes on instead.
        f"{_redirect(place.addresses.turn(place.call_sid, place.next_turn))}"
    )


def _redirect(address: str) -> str:
    return f"<Redirect>{escape(address)}</Redirect>"
