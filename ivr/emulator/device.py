"""A softphone that has registered: a browser tab with an access token."""

from dataclasses import dataclass, field

from ivr.emulator.clock import Clock
from ivr.emulator.events import EventLog
from ivr.emulator.names import new_sid


@dataclass(eq=False)
class Device:
    """Rings when its identity is dialled, unless it is on a call."""

    identity: str
    clock: Clock
    sid: str = field(default_factory=lambda: new_sid("DV"))

    def __post_init__(self) -> None:
        self.events = EventLog(self.clock)
