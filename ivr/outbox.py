"""What a turn writes besides itself, and whom to nudge once it is committed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ivr.wake import Wake


@dataclass(slots=True)
class Nudges:
    """Who is to be woken after the commit. A lost nudge only costs time: every row is found by a sweep too."""

    router: bool = False
    desk: bool = False
    texts: list[int] = field(default_factory=list)

    def give(self, wake: Wake) -> None:
        """Wake whoever has something to do."""
        if self.router:
            wake.router()
        if self.desk:
            wake.desk()
        for message_id in self.texts:
            wake.text(message_id)


Write = Callable[[Connection, Nudges], None]
"""Adds rows inside the turn's transaction, and notes whom to wake after it."""
