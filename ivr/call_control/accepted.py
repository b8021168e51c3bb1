"""The way into a talk that an answer opens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The browser now connects out with `ticket`, within eight seconds, once."""

    talk_id: int
    ticket: str
    call_sid: str | None
