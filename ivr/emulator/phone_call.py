"""One call of a phone in code: what was heard is compared with what was expected, and kept as a dialogue."""

import time
import unicodedata
from collections.abc import Sequence
from typing import Any

from ivr.emulator.dialogue import Dialogue
from ivr.emulator.local_api import LocalApi, NotReached

Event = dict[str, Any]

_POLL = 5.0  # seconds the emulator may keep one question open
_TALK = ("talk", "bridge")
_WAITS = ("listening", "record", "ended")  # the line has spoken and now waits for the caller, or is gone


class Unexpected(AssertionError):
    """Something else happened than was expected."""


class UnexpectedSpeech(Unexpected):
    """The line said something else, or nothing. The message ends with the dialogue so far."""


class PhoneCall:
    """A call under way. Each method returns the call, so that a dialogue reads as one line."""

    def __init__(self, api: LocalApi, sid: str, opening: str, *, patience: float) -> None:
        self.sid = sid
        self.dialogue = Dialogue(opening)
        self.how_it_ended: str | None = None  # completed, busy, no-answer, failed or canceled
        self.in_line = False  # a queue
        self.in_talk = False
        self._api = api
        self._patience = patience
        self._next = 0
        self._waiting: list[Event] = []
        self._heard = ""  # since the last words that were expected

    def hears(self, words: str, *, allowed: Sequence[str] = ()) -> "PhoneCall":
        """Wait until these words have been said, capitals and spaces aside.

        Raises UnexpectedSpeech as soon as the line has said something else and waits for the caller or ends, unless
        that contained one of `allowed`; and when nothing fitting comes in time.
        """
        while not _contains(self._heard, words):
            event = self._expect(f"to hear {words!r}")
            if event["kind"] in ("say", "play"):
                self._heard += " " + (event.get("text") or event.get("url") or "")
            elif event["kind"] in _WAITS and not self.in_line:
                if event["kind"] != "ended" and (not self._heard or any(_contains(self._heard, a) for a in allowed)):
                    self._heard = ""
                    continue
                raise UnexpectedSpeech(self._tell(f"Waited to hear {words!r}."))
        self._heard = ""
        return self

    def press(self, keys: str) -> "PhoneCall":
        """Press keys; what the line was saying meanwhile is cut off. Raises Unexpected if nothing listened to them."""
        self.press_now(keys)
        while (event := self._expect(f"the keys {keys} to arrive"))["kind"] != "keys":
            continue
        self._heard = ""
        if event.get("lost"):
            raise Unexpected(self._tell(f"Nothing listened to {event['lost']} of the keys {keys}."))
        return self

    def speaks(self, seconds: float) -> "PhoneCall":
        """Wait until the line records, and speak for so long. Raises Unexpected if it does not record."""
        self._reach(("record",), "the line to record")
        self.speaks_now(seconds)
        return self

    def waits_in_line(self) -> "PhoneCall":
        """Wait until the call is in a queue. Raises Unexpected."""
        return self._reach(("queue",), "to be put in line")

    def talks(self) -> "PhoneCall":
        """Wait until somebody is on the line. Raises Unexpected."""
        return self._reach(_TALK, "a person to be on the line")

    def ends(self, status: str = "completed") -> "PhoneCall":
        """Wait until the call is over, with this status. Raises Unexpected."""
        while not self.is_over:
            self._expect("the call to end")
        if self.how_it_ended != status:
            raise Unexpected(self._tell(f"The call ended as {self.how_it_ended}, not as {status}."))
        return self

    def hang_up(self) -> "PhoneCall":
        """Put the phone down, also where the call is over already."""
        if not self.is_over:
            self.dialogue.hangs_up()
            try:
                self._post("hangup")
            except NotReached:
                return self  # it ended a moment before
            while not self.is_over and self.next_event(self._patience):
                continue
        return self

    def press_now(self, keys: str) -> None:
        """Press keys, whether or not anything listens. Raises NotReached where the call is over."""
        self.dialogue.presses(keys)
        self._post("keys", keys=keys)

    def speaks_now(self, seconds: float) -> None:
        """Speak for so long, whether or not anything records. Raises NotReached where the call is over."""
        self.dialogue.speaks(seconds)
        self._post("speak", seconds=seconds)

    @property
    def is_over(self) -> bool:
        return self.how_it_ended is not None

    def next_event(self, within: float) -> Event | None:
        """What happens next on the line; None if nothing does within so many real seconds, or the call is over."""
        until = time.monotonic() + within
        while not self._waiting:
            left = until - time.monotonic()
            if left <= 0 or self.is_over:
                return None
            said = self._api.get(f"/local/calls/{self.sid}?after={self._next}&wait={min(left, _POLL):.2f}")
            self._waiting.extend(said["events"])
            self._next = said["next"]
        event = self._waiting.pop(0)
        self._note(event)
        return event

    def _note(self, event: Event) -> None:
        self.dialogue.hears(event)
        if event["kind"] == "ended":
            self.how_it_ended = event.get("status", "completed")
        elif event["kind"] in ("queue", "left_queue"):
            self.in_line = event["kind"] == "queue"
        elif event["kind"] in (*_TALK, "left_conference"):
            self.in_talk = event["kind"] in _TALK

    def _reach(self, kinds: tuple[str, ...], what: str) -> "PhoneCall":
        while (event := self._expect(what))["kind"] not in kinds:
            if event["kind"] == "ended":
                raise Unexpected(self._tell(f"Waited for {what}."))
        self._heard = ""
        return self

    def _expect(self, what: str) -> Event:
        event = self.next_event(self._patience)
        if event is None:
            raise UnexpectedSpeech(self._tell(f"Waited {self._patience:g} s for {what}."))
        return event

    def _post(self, door: str, **body: Any) -> None:
        self._api.post(f"/local/calls/{self.sid}/{door}", **body)

    def _tell(self, trouble: str) -> str:
        return f"{trouble} The call so far:\n{self.dialogue}"


def _contains(heard: str, words: str) -> bool:
    return _plain(words) in _plain(heard)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
