"""A softphone's call: which page has it, and what has to be told there."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ivr.emulator.call import Call
from ivr.emulator.voice.peer import Peer

Send = Callable[[str, dict[str, Any]], None]
Payload = dict[str, Any]


@dataclass(eq=False)
class SoftphoneLeg:
    """`send` leads to the page that has it now; None while that page's signalling is lost.

    `reconnect` is the word by which the same page takes it up again; `temporary` is the page's own name of a call out.
    """

    call: Call
    identity: str
    peer: Peer
    send: Send | None
    temporary: str = ""
    reconnect: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def tell(self, kind: str, **payload: Any) -> None:
        if self.send is not None:
            self.send(kind, {"callsid": self.call.sid, **payload})
