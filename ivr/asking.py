"""What passes between a turn and the outside: who asks, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.flow import Flow
from ivr.outbox import Write
from ivr.telephone import Telephone


@dataclass(frozen=True, slots=True)
class Asker:
    """The call on whose behalf the outside is asked. `resume` is what "one moment" carried along.

    `is_recalled`: the call's state comes from memory, so the turn may have been answered elsewhere.
    """

    telephone: Telephone
    flow: Flow
    call_sid: str
    from_number: str | None
    turn: int
    now: datetime
    resume: Mapping[str, str] = field(default_factory=dict)
    is_recalled: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An answer. `write` adds rows to the turn's transaction."""

    outcome: str
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    write: Write | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Not known within a second: the caller hears "one moment" and comes back with this query."""

    query: str
