"""What may happen next in a situation: what the caller does, what the outside answers, what breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Literal

from flows.checks.length import MIDDLING
from flows.entries import example_entry
from flows.flow import Ask, ChooseLanguage, Decide, Flow, Menu, NoteType, Otp, Queue, Record
from flows.steps import ask, otp, record
from flows.values import (
    Answered,
    AskAnnouncements,
    AskHours,
    AskLookUp,
    AwaitRecording,
    BookCallback,
    CheckCode,
    Collect,
    Event,
    Faulted,
    JoinQueue,
    KeepMessage,
    Keyed,
    LeftQueue,
    Recorded,
    Request,
    SendCode,
    Silent,
    State,
    TakeRecording,
    Wait,
)
from flows.world import name_of

NOW = 1_796_101_200.0  # when all calls of an exploration are; how long one is under way is told apart otherwise
KEYS = "1234567890*#"
RECORDED = 20  # seconds of a message
REFERENCE, NUMBER = example_entry("reference"), "+919830012345"
MOST_ANSWERS = 64  # of one look-up outcome: values of facts in every combination, as far as these go
_UNANSWERED: tuple[Literal["too_long", "nobody_working", "full"], ...] = ("too_long", "nobody_working", "full")
_NEXT_OPEN = "2026-12-02T10:00:00+05:30"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen. `doing` and `value` are what a rehearsal calls it.

    A caller chooses among what is `by_caller`; of everything else each may happen. What is `odd` (something breaks, or
    the call has taken too long) must lead to a situation that is looked after, and no way out may count on it.
    """

    event: Event
    doing: str
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    by_caller: bool = True
    odd: bool = False
    goes_back: bool = False

    @property
    def keys(self) -> int:
        return len(self.value) if self.doing == "presses" else 0


class Moves:
    """The moves of one flow. `watched` are the names whose values are told apart."""

    def __init__(self, flow: Flow, watched: tuple[str, ...]) -> None:
        self.flow = flow
        self.watched = frozenset(watched)
        self.asked = _values_asked(flow)

    def of_caller(self, state: State, wait: Wait) -> Iterator[Move]:
        """What may happen while the call waits for its caller, or for its place in a line."""
        turn = state.turn
        match wait:
            case JoinQueue():
                yield from self._of_queue(state)
            case TakeRecording():
                yield Move(Recorded(turn, NOW, "RE1", RECORDED, "key"), "records", f"{RECORDED}s")
                yield Move(Recorded(turn, NOW, None, 0, "silence"), "records", "0s")
            case Collect():
                for keys in dict.fromkeys(self._keys(state)):
                    yield Move(Keyed(turn, NOW, keys), "presses", keys, goes_back=self._goes_back(state, keys))
                yield Move(Silent(turn, NOW), "silent")
        yield Move(Faulted(turn, NOW, "explored"), "breaks", by_caller=False, odd=True)

    def of_outside(self, state: State, request: Request) -> Iterator[Move]:
        """What the outside may answer."""
        for outcome, facts, odd in self._answers(request):
            event = Answered(state.turn, NOW, request.request, outcome, facts)
            yield Move(event, f"outside {name_of(request)}", outcome, facts, by_caller=False, odd=odd)

    def _goes_back(self, state: State, keys: str) -> bool:
        """Whether the key leads to the question before this one, by no word of the step itself."""
        step = self.flow.steps.get(state.step)
        match step:
            case Menu():
                own = any(keys.startswith(choice.key) for choice in step.choices)
                return not own and self.flow.keys_everywhere.keys.get(keys) == "back"
            case ChooseLanguage():
                own = keys == step.known_caller.change_key if step.known_caller and state.phase == "known" else False
                own = own or (state.phase != "known" and keys in step.choices)
                return not own and self.flow.keys_everywhere.keys.get(keys) == "back"
            case Ask() | Otp():
                return keys == "*"
        return False

    def _keys(self, state: State) -> Iterator[str]:
        step = self.flow.steps.get(state.step)
        match step:
            case Menu():
                yield from self._among([choice.key for choice in step.choices])
            case ChooseLanguage(known_caller=known) if state.phase == "known" and known:
                yield from self._among([known.change_key])
            case ChooseLanguage():
                yield from self._among(list(step.choices))
            case Ask() if state.phase == "question":
                yield from self._entries(step)
                if step.finish_key != "*":
                    yield "*"
            case Ask():
                yield from (ask.CORRECT, ask.ENTER_AGAIN, "3", "#")
                if step.finish_key != "*":
                    yield "*"
            case Otp():
                yield from ("1" * otp.CODE_DIGITS, "1", "*")
            case Record():
                yield from (record.KEEP, record.AGAIN, "3")

    def _among(self, keys: list[str]) -> Iterator[str]:
        """The keys of a menu, those that work everywhere, and one that means nothing."""
        yield from keys
        known = {*self.flow.keys_everywhere.keys, *(key[0] for key in keys)}
        yield from self.flow.keys_everywhere.keys
        yield from islice((key for key in KEYS if key not in known), 1)

    def _entries(self, step: Ask) -> Iterator[str]:
        """Digits that are taken: each that a condition asks for, and one of the others; and some that are not taken."""
        if step.kind == "yes_no":
            yield from (ask.YES, ask.NO)
        else:
            yield example_entry(step.kind, step.digits)
            yield from (value for value in sorted(self.asked.get(step.note, ())) if value.isdigit())
        yield "1" if step.kind in ("mobile", "reference", "pin", "date") else "3" * 20

    def _of_queue(self, state: State) -> Iterator[Move]:
        step, turn = self.flow.steps.get(state.step), state.turn
        if not isinstance(step, Queue):
            return
        for way in step.waiting.keys:
            yield Move(LeftQueue(turn, NOW, "key", way.key), "presses", way.key)
        registered = [{"reference": REFERENCE}, {}] if "reference" in self.watched else [{}]
        for facts in registered:
            yield Move(LeftQueue(turn, NOW, "answered", None, facts), "queue", "answered", facts, by_caller=False)
        for result in _UNANSWERED:
            yield Move(LeftQueue(turn, NOW, result), "queue", result, by_caller=False)
        yield Move(LeftQueue(turn, NOW, "failed"), "queue", "failed", by_caller=False, odd=True)

    def _answers(self, request: Request) -> Iterator[tuple[str, Mapping[str, str], bool]]:
        match request:
            case AskHours():
                hours = {"opens": "10:00", "closes": "18:00", "next_open": _NEXT_OPEN}
                facts = {f"{request.calendar}.{name}": value for name, value in hours.items()}
                yield "open", facts, False
                yield "closed", facts, False
                yield "holiday", {**facts, f"{request.calendar}.holiday": "republic_day"}, False
                yield "failed", {}, True
            case AskLookUp():
                yield from self._found(request.look_up)
            case SendCode():
                yield "sent", {}, False
                yield "cannot_send", {}, False
            case CheckCode():
                yield from ((outcome, {}, False) for outcome in ("right", "wrong", "spent", "failed"))
            case BookCallback():
                booked = {"callback.number": request.number, "callback.by": _NEXT_OPEN, "request.reference": REFERENCE}
                yield "booked", booked, False
                yield "failed", {}, False
            case KeepMessage():
                yield "kept", {"request.reference": REFERENCE}, False
                yield "failed", {}, True
            case AwaitRecording():
                yield "ready", {}, False
            case AskAnnouncements():
                yield "told", {}, False

    def _found(self, look_up: str) -> Iterator[tuple[str, Mapping[str, str], bool]]:
        declared = self.flow.look_ups.get(look_up)
        for outcome, told in (declared.outcomes if declared else {}).items():
            choices = [[(name, value) for value in self._values(name, kept)] for name, kept in told.facts.items()]
            for facts in islice(product(*choices), MOST_ANSWERS):
                yield outcome, dict(facts), False

    def _values(self, name: str, kept: NoteType) -> list[str]:
        if not kept.values:
            return [*sorted(self.asked.get(name, ())), MIDDLING.get(kept.kind or "", "Food")]
        return list(kept.values if name in self.watched else kept.values[:1])


def _values_asked(flow: Flow) -> dict[str, set[str]]:
    """By note or fact, the values that conditions compare it with."""
    asked: dict[str, set[str]] = {}
    for step in flow.steps.values():
        for row in step.rows if isinstance(step, Decide) else ():
            for clause in row.when.clauses:
                asked.setdefault(clause.subject, set()).update(clause.values)
    return asked
