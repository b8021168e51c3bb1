"""What the rows tell of a call that was made: who called, what they did, and what the outside answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.checks.length import MIDDLING
from flows.flow import Ask, Callback, ChooseLanguage, Flow, Hours, LookUp, Menu, Otp, Queue, Record
from flows.values import Arrived, Went
from flows.world import Told

WAITING = (Menu, ChooseLanguage, Ask, Otp, Queue, Record)
HUNG_UP, FAULT = "hung_up", "fault"
_OF_CODES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "verified": (("send_code", "sent"), ("check_code", "right")),
    "not_verified": (("send_code", "sent"), ("check_code", "wrong")),
    "cannot_send": (("send_code", "cannot_send"),),
}


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """`path` are all entries of all turns, in order; `version` is the content hash of the flow that was heard."""

    sid: str
    version: str
    arrived: Arrived
    path: tuple[Went, ...]

    @property
    def ended_in(self) -> str:
        """The last step that the call came to."""
        return next((went.to for went in reversed(self.path) if went.to and went.why != HUNG_UP), "")


@dataclass(frozen=True, slots=True)
class Doing:
    """What the caller, or the line, did at a step, by the words of the path: `key 1`, `silence`, `answered` ..."""

    step: str
    why: str


@dataclass(frozen=True, slots=True)
class Doings:
    """`answers` are those of the outside, by the name of the request or look-up, in order."""

    of_caller: tuple[Doing, ...]
    answers: Mapping[str, tuple[Told, ...]]


def doings_of(flow: Flow, call: RecordedCall) -> Doings:
    """What happened in a call, as far as its path tells. Which digits were typed, it does not."""
    did: list[Doing] = []
    answers: dict[str, list[Told]] = {}
    for went in call.path:
        step = flow.steps.get(went.step)
        if went.why in (HUNG_UP, FAULT) or (isinstance(step, WAITING) and went.why != "cannot_send"):
            did.append(Doing(went.step, went.why))
        match step:
            case Hours():
                _answer(answers, "hours", [went.why])
            case LookUp():
                _answer(answers, step.look_up, [went.why], _facts(flow, step, went.why))
            case Callback() if went.why == "failed":
                _answer(answers, "callback", [went.why])
            case Otp():
                for name, outcome in _OF_CODES.get(went.why, ()):
                    _answer(answers, name, [outcome])
    return Doings(tuple(did), {name: tuple(told) for name, told in answers.items()})


def _answer(
    answers: dict[str, list[Told]], name: str, outcomes: Sequence[str], facts: Mapping[str, str] | None = None
) -> None:
    answers.setdefault(name, []).extend(Told(outcome, facts or {}) for outcome in outcomes)


def _facts(flow: Flow, step: LookUp, outcome: str) -> dict[str, str]:
    """Values that the outcome may have told; which ones they were is not recorded."""
    declared = flow.look_ups.get(step.look_up)
    told = declared.outcomes.get(outcome) if declared else None
    facts = told.facts.items() if told else ()
    return {name: kept.values[0] if kept.values else _SAMPLE.get(kept.kind or "", "12") for name, kept in facts}


_SAMPLE = {kind: MIDDLING[kind] for kind in ("date", "day_time", "time")} | {"name": "Food"}
