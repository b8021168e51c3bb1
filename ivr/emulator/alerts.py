"""What went wrong, as Twilio's own debugger would list it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ivr.emulator.clock import Clock
from ivr.emulator.errors import MESSAGES
from ivr.emulator.names import new_sid

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Alert:
    """One line of the debugger."""

    sid: str
    at: datetime
    level: Level
    code: int
    text: str
    subject_sid: str  # the call, message or conference
    url: str
    method: str


class Alerts:
    """All alerts of one emulator, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.all: list[Alert] = []

    def note(self, code: int, subject_sid: str, *, url: str = "", method: str = "POST", detail: str = "") -> Alert:
        """Record one. 12200 is a warning, everything else an error."""
        text = f"{MESSAGES[code]}: {detail}" if detail and detail != MESSAGES[code] else MESSAGES[code]
        level: Level = "warning" if code == 12200 else "error"
        alert = Alert(new_sid("NO"), self._clock.now(), level, code, text, subject_sid, url, method)
        self.all.append(alert)
        return alert
