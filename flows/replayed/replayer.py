"""Plays what was done in one call on a flow, for as long as the flow asks what was asked then."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.dialogue import Dialogue
from flows.entries import example_entry
from flows.flow import Ask, Flow, Otp, Queue, Record
from flows.replayed.recorded import FAULT, HUNG_UP, Doing, Doings, RecordedCall
from flows.seconds import Clip, seconds_of
from flows.values import Answered, JoinQueue, Request, TakeRecording, Went
from flows.world import Told, World, name_of

_TRIES = 12  # more than any step asks


@dataclass(frozen=True, slots=True)
class Played:
    """Where a call came to, by which way, and what was heard on it."""

    ended_in: str
    path: tuple[Went, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Then(World):
    """The outside as it answered then; once all has been told, the last answer counts."""

    told: dict[str, list[Told]] = field(default_factory=dict)

    def answer(self, request: Request, turn: int, at: float) -> Answered:
        waiting = self.told.get(name_of(request), [])
        told = waiting.pop(0) if len(waiting) > 1 else waiting[0] if waiting else None
        if told is None:
            return super(_Then, self).answer(request, turn, at)
        return Answered(turn, at, request.request, told.outcome, told.facts, told.lines)


class Replayer:
    def __init__(self, flow: Flow, clip: Clip) -> None:
        self._flow = flow
        self._clip = clip

    def play(self, call: RecordedCall, doings: Doings) -> Played:
        """Play it to its end, or to a question that was not asked then."""
        world = _Then(told={name: list(told) for name, told in doings.answers.items()})
        talk = Dialogue(self._flow, world, call.arrived)
        remaining = list(doings.of_caller)
        while remaining and not talk.is_over:
            doing = remaining.pop(0)
            if doing.why == HUNG_UP:
                break
            if doing.step != talk.step:
                remaining = _from(talk.step, remaining)
                if not remaining:
                    break
                doing = remaining.pop(0)
            _do(talk, doing)
        heard = seconds_of(talk.heard, self._clip)
        return Played(talk.step, tuple(talk.path), heard)


def _from(step: str, remaining: Sequence[Doing]) -> list[Doing]:
    """What was done from this step on, where the flow has left out what came before."""
    number = next((number for number, doing in enumerate(remaining) if doing.step == step), len(remaining))
    return list(remaining[number:])


def _do(talk: Dialogue, doing: Doing) -> None:
    if doing.why == FAULT:
        talk.break_down()
        return
    match talk.flow.steps.get(talk.step):
        case Queue():
            _leave_queue(talk, doing)
        case Record():
            _record(talk, doing)
        case Ask() as step:
            _answer_question(talk, step, doing)
        case Otp():
            _type_code(talk, doing)
        case _ if doing.why.startswith("key "):
            talk.press(doing.why.removeprefix("key "))
        case _ if doing.why == "wrong_key":
            talk.press(_unused_key(talk))
        case _:
            _stay_silent(talk, doing)


def _stay_silent(talk: Dialogue, doing: Doing) -> None:
    """Once; or, where the question was given up then, until it is given up now."""
    step, times = talk.step, _TRIES if doing.why == "give_up" else 1
    while times and talk.step == step and not talk.is_over:
        talk.stay_silent()
        times -= 1


def _leave_queue(talk: Dialogue, doing: Doing) -> None:
    if not isinstance(talk.wait, JoinQueue):
        return
    match doing.why:
        case "answered" | "too_long" | "nobody_working" | "full" as result:
            talk.leave_queue(result)
        case _:
            talk.leave_queue("key", key=doing.why.removeprefix("key "))


def _record(talk: Dialogue, doing: Doing) -> None:
    step = talk.step
    if isinstance(talk.wait, TakeRecording):
        talk.speak(0 if doing.why == "nothing_recorded" else 20)
    if talk.step == step and not talk.is_over and not isinstance(talk.wait, TakeRecording):
        talk.press(doing.why.removeprefix("key ") if doing.why.startswith("key ") else "1")


def _answer_question(talk: Dialogue, step: Ask, doing: Doing) -> None:
    asks = talk.state is not None and talk.state.phase == "question"
    match doing.why:
        case "typed":
            if asks:
                talk.press(example_entry(step.kind, step.digits))
            if talk.step == step.name and talk.state and talk.state.phase == "read_back":
                talk.press("1")
        case "key 2" if asks:
            talk.press(example_entry(step.kind, step.digits))
            talk.press("2")
        case "wrong_key":
            talk.press("3")
        case why if why.startswith("key "):
            talk.press(why.removeprefix("key "))
        case _:
            _stay_silent(talk, doing)


def _type_code(talk: Dialogue, doing: Doing) -> None:
    match doing.why:
        case "verified":
            talk.press(talk.world.code)
        case "not_verified":
            times, step = _TRIES, talk.step
            while times and talk.step == step and not talk.is_over:
                talk.press("0" * len(talk.world.code))
                times -= 1
        case "wrong_key":
            talk.press("0" * len(talk.world.code))
        case why if why.startswith("key "):
            talk.press(why.removeprefix("key "))
        case _:
            _stay_silent(talk, doing)


def _unused_key(talk: Dialogue) -> str:
    """A key that means nothing where the call is."""
    step = talk.flow.steps.get(talk.step)
    choices = getattr(step, "choices", ())
    used = {getattr(choice, "key", choice)[:1] for choice in choices} | set(talk.flow.keys_everywhere.keys)
    return next((key for key in "7860543219*#" if key not in used), "7")
