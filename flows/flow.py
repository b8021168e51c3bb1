"""The compiled form of a flow: what the loader makes of the files, and `advance` walks. Plain values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.values import Line


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is written; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a condition: `X is [not] known`, `X is VALUE`, `X is one of A, B`; `mobile` is a value too."""

    subject: str
    test: Literal["known", "is", "one_of"]
    values: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """All of the clauses must hold."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings in force for a step: its own, else the flow's, else the built-in ones. Seconds."""

    wait: float = 6.0
    tries: int = 3
    interrupt: bool = True
    on_silence: Mapping[int, str] | None = None
    on_wrong_key: Mapping[int, str] | None = None
    quiet_caller_tries: int = 1
    give_up: str = "person"
    on_error: str | None = None
    longest_in_menus: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    name: str
    at: Place
    defaults: Defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(StepBase):
    prompts: tuple[str, ...]  # a key may hold a fact in braces: status_{complaint.status}
    then: str


@dataclass(frozen=True, slots=True)
class KnownCaller:
    say: str
    change_key: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLanguage(StepBase):
    prompt: str
    choices: Mapping[str, str]  # key -> language, in the order written
    remember: bool
    known_caller: KnownCaller | None
    speak_on_give_up: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcements(StepBase):
    board: str
    then: str


@dataclass(frozen=True, slots=True)
class Choice:
    key: str  # 0-9, *, #
    say: str
    go: str | None  # None: the menu's `then`
    sets: Mapping[str, str]  # note -> value, or the name of a fact such as caller.number
    value: str | None  # the menu's note becomes this (`is`)
    at: Place
    remembers_number: bool = False  # the number they call from is theirs, and is not asked about again


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(StepBase):
    prompt: str
    choices: tuple[Choice, ...]
    note: str | None
    then: str | None


AskKind = Literal["mobile", "reference", "pin", "date", "number", "yes_no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(StepBase):
    prompt: str
    kind: AskKind
    note: str
    then: str
    read_back: bool
    digits: int | None  # None: what the kind says
    finish_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Otp(StepBase):
    prompt: str
    to: str  # a note or fact
    verified: str
    not_verified: str
    cannot_send: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp(StepBase):
    look_up: str
    given: tuple[str, ...]
    limit: float
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(StepBase):
    calendar: str
    open: str
    closed: str
    holiday: str


@dataclass(frozen=True, slots=True)
class Row:
    when: Condition
    go: str
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(StepBase):
    rows: tuple[Row, ...]
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(StepBase):
    notes: Mapping[str, str]
    then: str


@dataclass(frozen=True, slots=True)
class WaitingKey:
    key: str
    say: str
    go: str
    at: Place


@dataclass(frozen=True, slots=True)
class WhileWaiting:
    music: str
    every: float
    say: tuple[str, ...]
    keys: tuple[WaitingKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(StepBase):
    queue: str
    match_agent: tuple[str, ...]
    urgent_when: Condition | None
    tell_agent: tuple[str, ...]
    waiting: WhileWaiting
    longest_wait: float
    answered: str
    too_long: str
    nobody_working: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(StepBase):
    prompt: str
    number: tuple[str, ...]
    keep_place: bool
    booked: str
    no_number: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(StepBase):
    prompt: str
    longest: float
    stop_after_silence: float
    finish_key: str
    listen_back: bool
    becomes: str
    recorded: str
    nothing_recorded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms(StepBase):
    prompt: str
    to: tuple[str, ...]
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(StepBase):
    """Another flow in the place of this step: its steps stand in the flow as `STEP/their name`."""

    flow: str
    given: Mapping[str, str]  # its note -> a value, or the name of a note or fact of ours
    results: Mapping[str, str]  # the ways in which it ends, and where each leads
    begins: str  # its first step, by the name that it has here


@dataclass(frozen=True, slots=True)
class TriedWay:
    name: str
    share: int  # of a hundred callers
    go: str
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOut(StepBase):
    """The shares of all ways make a hundred."""

    trial: str
    ways: tuple[TriedWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class End(StepBase):
    prompt: str


Step = (
    Say
    | ChooseLanguage
    | Announcements
    | Menu
    | Ask
    | Otp
    | LookUp
    | Hours
    | Decide
    | Set
    | Queue
    | Callback
    | Record
    | Sms
    | Run
    | TryOut
    | End
)


@dataclass(frozen=True, slots=True)
class NoteType:
    """What a note may hold: one of `values`, or a `kind`."""

    values: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class KeysEverywhere:
    keys: Mapping[str, str]  # key -> back | repeat | person | home
    told_in: str | None


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a prompt's text between blanks, or a blank `{name|kind}` (kind "" if none was written)."""

    words: str = ""
    blank: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    key: str
    at: Place
    source: str  # the words as written
    texts: tuple[Text, ...]
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All wording in one language."""

    language: str
    locale: str
    key_line: Prompt
    prompts: Mapping[str, Prompt]
    # Lines that are always the same, by prompt and key, as they are first composed. A replaced catalogue starts anew.
    composed: dict[tuple[str, str], Line] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class LookUpOutcome:
    facts: Mapping[str, NoteType]


@dataclass(frozen=True, slots=True)
class LookUpDeclaration:
    name: str
    needs: tuple[str, ...]
    outcomes: Mapping[str, LookUpOutcome]


@dataclass(frozen=True, slots=True)
class QueueDeclaration:
    name: str
    languages: tuple[str, ...]
    answered_within: float
    longest: float
    music: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow with everything it is pinned to. `version` is the content hash of its source."""

    name: str
    version: str
    title: str
    languages: tuple[str, ...]
    written_in: str
    start: str
    home: str
    person: str
    defaults: Defaults
    keys_everywhere: KeysEverywhere
    notes: Mapping[str, NoteType]
    steps: Mapping[str, Step]
    catalogues: Mapping[str, Catalogue]
    look_ups: Mapping[str, LookUpDeclaration]
    queues: Mapping[str, QueueDeclaration]
    approved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # text prompt -> language -> template
    approved_under: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # the numbers of those approvals
    takes: tuple[str, ...] | None = None  # names of the recordings it is spoken with; None: the newest ones
