"""A call written down as people read it: who said what, which keys were pressed, what happened on the line."""

from collections.abc import Callable
from typing import Any

_NOTES = {
    "ringing": "rings",
    "in-progress": "is answered",
    "record": "records",
    "queue": "puts the caller in line",
    "left_queue": "takes the caller out of the line",
    "conference": "joins the caller to a conversation",
    "talk": "a person is on the line",
    "bridge": "a person is on the line",
    "hold": "puts the caller on hold",
}
_OVER = {
    "completed": "the call is over",
    "busy": "is busy",
    "no-answer": "nobody answers",
    "failed": "the call fails",
    "canceled": "the call is withdrawn",
}


class Dialogue:
    """Its lines as they come; `tell` gets each of them as soon as no word can be added to it."""

    def __init__(self, opening: str, tell: Callable[[str], None] | None = None) -> None:
        self.lines = [opening]
        self._tell = tell
        self._told = 0
        self._language: str | None = None  # of the speech that the last line holds

    def hears(self, event: dict[str, Any]) -> None:
        """Write down one event of the line."""
        kind = event["kind"]
        if kind in ("say", "play"):
            self._speech(
                (event.get("language") or "").partition("-")[0], event.get("text") or f"[{event.get('url', 'sound')}]"
            )
        elif kind == "ended":
            self._add("line", _OVER.get(event.get("status", "completed"), "the call is over"))
        elif kind == "error":
            self._add("line", f"makes a mistake: {event.get('code', '')} {event.get('text', '')}".rstrip())
        elif kind in _NOTES:
            self._add("line", _NOTES[kind])
        elif kind == "listening":
            self._flush()

    def presses(self, keys: str) -> None:
        self._add("caller", f"presses {keys}")

    def speaks(self, seconds: float) -> None:
        self._add("caller", f"speaks for {seconds:g} s")

    def hangs_up(self) -> None:
        self._add("caller", "hangs up")

    def close(self) -> None:
        """Nothing more comes: tell what is left."""
        self._flush()

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _speech(self, language: str, text: str) -> None:
        if language == self._language:
            self.lines[-1] += f" {text}"
            return
        self._add("line", f"says{f' ({language})' if language else ''}: {text}")
        self._language = language

    def _add(self, who: str, what: str) -> None:
        self._flush()
        self.lines.append(f"  {who:<6} {what}")
        self._language = None

    def _flush(self) -> None:
        self._language = None
        if self._tell:
            for line in self.lines[self._told :]:
                self._tell(line)
        self._told = len(self.lines)
