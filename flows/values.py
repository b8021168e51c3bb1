"""What goes into `advance` and what comes out of it: state, events and actions, all plain values.

A *turn* is one answer of ours to the telephone. Turn 0 answers the first ring. `State.turn` is the number of the turn
that the next event of the caller belongs to. A step that asks the outside (hours, look-up, code) ends `advance` with a
`Request`; the runner answers it with `Answered` within the same turn, and calls again, until a `Wait` comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# ---- speech ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """A fixed run of words of one prompt, between blanks. `prompt` is its catalogue key."""

    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A value put into a prompt: spoken by the rules of the language and of its kind (`number`, `digits`, ...).

    `slow` asks for the reading speed of a second telling. `said_on` (ISO date, for `day_time` only) is the day on
    which it is spoken, so that "tomorrow" can be said.
    """

    name: str
    kind: str
    value: str
    slow: bool = False
    said_on: str = ""


Piece = Words | Blank


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to speak, in one language. `prompt` names the catalogue entry that it came from."""

    language: str
    prompt: str
    pieces: tuple[Piece, ...]


# ---- events ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call has been answered. `number` is E.164, or None if withheld or no telephone number. `at` is Unix seconds."""

    at: float
    number: str | None
    number_kind: Literal["mobile", "landline", "foreign", "withheld"]
    returning: bool = False
    remembered_language: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    number_confirmed: bool = False  # on an earlier call they said that this number is theirs


@dataclass(frozen=True, slots=True)
class Keyed:
    """The caller pressed keys; the finish key is not among them."""

    turn: int
    at: float
    digits: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing was pressed in time."""

    turn: int
    at: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording ended. `recording` is the provider's id, None if nothing was recorded."""

    turn: int
    at: float
    recording: str | None
    seconds: int
    ended_by: Literal["key", "silence", "hang_up"]


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The caller is out of the queue. `answered` comes after the talk; `key` with the key of `while_waiting` pressed.

    `facts` become known with it (the `reference` that the representative registered).
    """

    turn: int
    at: float
    result: Literal["answered", "too_long", "nobody_working", "full", "key", "failed"]
    key: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """The outside answered request number `request` of this turn with `outcome` (`failed` is always allowed)."""

    turn: int
    at: float
    request: int
    outcome: str
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()  # announcements: the words to speak, in the call's language


@dataclass(frozen=True, slots=True)
class Resumed:
    """The telephone came back after "one moment": the open request is to be put again."""

    turn: int
    at: float


@dataclass(frozen=True, slots=True)
class Faulted:
    """Something broke on our side while this turn was answered."""

    turn: int
    at: float
    what: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over. May come at any time. `talked` when it ended during or after a talk with a representative."""

    at: float
    talked: bool = False


Event = Arrived | Keyed | Silent | Recorded | LeftQueue | Answered | Resumed | Faulted | HungUp

# ---- actions: what the runner does ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Went:
    """A path entry: at `turn` the call was at `step` and, because of `why`, went `to`."""

    turn: int
    step: str
    why: str
    to: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these lines. With `interrupt` a key pressed meanwhile counts at once."""

    lines: tuple[Line, ...]
    interrupt: bool


@dataclass(frozen=True, slots=True)
class PlayRecording:
    """Play the message just recorded, between the lines around it. Its sound is there."""

    recording: str


@dataclass(frozen=True, slots=True)
class Remember:
    """Store a fact about the caller for the next call."""

    language: str


@dataclass(frozen=True, slots=True)
class RememberNumber:
    """Store for the next call that the number of this one is the caller's own to be reached at."""


@dataclass(frozen=True, slots=True)
class SendText:
    """Send prompt `prompt`, already composed as `text`, to the first of `to`."""

    prompt: str
    language: str
    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Mistyped:
    """What was typed cannot be what was asked for (`kind`: a reference whose check digit is wrong ...)."""

    kind: str


@dataclass(frozen=True, slots=True)
class Close:
    """The call is over. `abandoned` when it should be rung back (kind or number known, nobody spoke with them)."""

    abandoned: bool
    notes: Mapping[str, str]


Effect = Remember | RememberNumber | SendText | Mistyped | Close

# Requests: exactly one comes last in an action list that is not finished yet.


@dataclass(frozen=True, slots=True)
class AskHours:
    request: int
    calendar: str


@dataclass(frozen=True, slots=True)
class AskLookUp:
    request: int
    look_up: str
    given: Mapping[str, str]  # by the names in `with`; an unknown one is absent
    limit: float  # seconds


@dataclass(frozen=True, slots=True)
class SendCode:
    """Outcomes: `sent`, `cannot_send`."""

    request: int
    to: str


@dataclass(frozen=True, slots=True)
class CheckCode:
    """Outcomes: `right`, `wrong`, `spent` (too many tries or expired). The digits are in no state, path or store."""

    request: int
    to: str
    digits: str


@dataclass(frozen=True, slots=True)
class BookCallback:
    """Outcomes: `booked` (facts `callback.number`, `callback.by`, `request.reference`), `failed`."""

    request: int
    number: str
    keep_place: bool


@dataclass(frozen=True, slots=True)
class AskAnnouncements:
    """Outcome `told`, with the words in `Answered.lines` (none: nothing posted)."""

    request: int
    board: str


@dataclass(frozen=True, slots=True)
class AwaitRecording:
    """Wait until a recording can be played. Outcomes: `ready`, `late` (it takes too long), `absent` (there is none)."""

    request: int
    recording: str


@dataclass(frozen=True, slots=True)
class KeepMessage:
    """Keep a recorded message. Outcomes: `kept` (facts `request.reference`), `failed`."""

    request: int
    recording: str
    seconds: int
    becomes: str


Request = AskHours | AskLookUp | SendCode | CheckCode | BookCallback | AskAnnouncements | AwaitRecording | KeepMessage

# Waits: exactly one comes last in a finished action list of a live call.


@dataclass(frozen=True, slots=True)
class Collect:
    """Wait `wait` seconds for keys: `digits` of them (None: as many as come before the finish key or the wait).

    `finish_key` is `#`, `*` or empty. `secret` digits are never stored, logged or shown.
    """

    wait: float
    digits: int | None
    finish_key: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class TakeRecording:
    longest: float
    stop_after_silence: float
    finish_key: str


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """Put the caller in line. `tell` goes to the representative; `skills` are the match facts besides the language."""

    queue: str
    language: str
    skills: Mapping[str, str]
    urgent: bool
    tell: Mapping[str, str]
    longest_wait: float
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


Wait = Collect | TakeRecording | JoinQueue | HangUp


@dataclass(frozen=True, slots=True)
class Reject:
    """The event is not expected in this state, which is unchanged."""

    why: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The event belongs to an older turn: its stored answer is to be given again."""

    turn: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """The call is over: there is nothing to do."""


Action = Went | Speak | PlayRecording | Effect | Request | Wait | Reject | Replay | Nothing

# ---- state -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """Everything a call knows between two events. JSON by `to_json`, and back by `from_json`."""

    version: str  # content hash of the flow the call is pinned to
    step: str
    turn: int
    expects: Literal["arrival", "keys", "recording", "queue", "answer", "over"]
    language: str
    language_chosen: bool = False
    request: int = 0  # number of the open (or last) request of this turn
    phase: str = ""  # where inside the step: question, read_back, code, ...
    typed: str = ""  # digits being read back; never a code
    counters: Mapping[str, int] = field(default_factory=dict)
    back: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)  # caller.*, look-up, calendar and queue facts
    pressed_anything: bool = False
    given_up: bool = False
    talked: bool = False  # a representative has spoken with the caller
    faults: int = 0
    entered_menus_at: float = 0.0
    waiting_since: float = 0.0  # when the queue was joined; time in it does not count as time in menus
    steps: int = 0  # automatic steps of the turn under way
    told_keys: bool = False  # the caller has heard of the keys that work everywhere
    settled: bool = False  # a call-back is booked or a message kept: nobody needs to ring back
