"""Where each webhook of ours lives: absolute, because a document may be fetched through any address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses below `public_url`, which has no trailing slash."""

    public_url: str

    def incoming(self) -> str:
        """The first document of a call."""
        return f"{self.public_url}/voice/incoming"

    def turn(self, call_sid: str, turn: int, query: str = "") -> str:
        """Where the event goes that turn number `turn` answers."""
        return f"{self.public_url}/voice/calls/{call_sid}/turns/{turn}{query and '?' + query}"

    def left_queue(self, call_sid: str, turn: int) -> str:
        """The action of the queue that is waited in since the turn before `turn`."""
        return f"{self.public_url}/voice/calls/{call_sid}/left/{turn}"

    def waiting(self, call_sid: str, turn: int, part: int = 0) -> str:
        """What is heard in the queue; `part` counts its documents from 0."""
        return f"{self.public_url}/voice/calls/{call_sid}/waiting/{turn}" + (f"?part={part}" if part else "")

    def waiting_key(self, call_sid: str, turn: int, part: int) -> str:
        """Where a key pressed in the queue goes."""
        return f"{self.public_url}/voice/calls/{call_sid}/waiting/{turn}/key?part={part}"

    def recording(self, call_sid: str) -> str:
        """Where the state of a recording is told."""
        return f"{self.public_url}/voice/calls/{call_sid}/recording"

    def status(self) -> str:
        """Where the state of a call is told."""
        return f"{self.public_url}/voice/calls/status"

    def sound(self, name: str) -> str:
        """A sound of the store, by its content name."""
        return f"{self.public_url}/sounds/{name}.wav"

    def joined_sound(self, token: str, speakers: str) -> str:
        """Several sounds of the store as one, by their sealed plan; who speaks them may be read by anybody."""
        return f"{self.public_url}/sounds/joined/{token}.wav?by={speakers}"
