"""Writes a call as a rehearsal: one that was played, or one that shows where callers are lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.loading.scalars import key_name
from flows.values import Arrived


@dataclass(frozen=True, slots=True)
class Done:
    """One thing in a call, by the words of a rehearsal: `presses` with keys, `silent`, `queue` with how it ends ...

    For `outside`, `value` is the outcome of the request or look-up called `name`.
    """

    doing: str
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


def write_rehearsal(
    title: str,
    clock: datetime,
    caller: Arrived,
    doings: Sequence[Done],
    ends_in: str,
    *,
    outside: Sequence[Done] = (),
    agent_sees: Mapping[str, str] | None = None,
) -> str:
    """The text of a rehearsal. `clock` is local. `outside` answers so from the first ring on."""
    answers = _write_mapping({done.name: _write_outcome(done) for done in outside})
    rows = [
        f"rehearsal: {json.dumps(title, ensure_ascii=False)}",
        f"clock: {clock:%Y-%m-%d %H:%M}",
        f"caller: {_write_caller(caller)}",
        *([f"outside: {answers}"] if outside else []),
        "call:" if doings else "call: []",
        *(f"  - {row}" for row in map(_write_doing, doings)),
        *([f"ends_in: {ends_in}"] if ends_in else []),
        *([f"agent_sees: {json.dumps(dict(agent_sees), ensure_ascii=False)}"] if agent_sees else []),
    ]
    return "\n".join([*rows, ""])


def _write_caller(caller: Arrived) -> str:
    if caller.number is None:
        return "withheld"
    told = {"number": json.dumps(caller.number)}
    if caller.remembered_language:
        told["remembered"] = caller.remembered_language
    if caller.number_confirmed:
        told["confirmed"] = "yes"
    return _write_mapping(told) if len(told) > 1 else told["number"]


def _write_mapping(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"


def _write_doing(done: Done) -> str:
    match done.doing:
        case "presses":
            return f"presses: {_write_keys(done.value)}"
        case "outside":
            return f"outside: {_write_mapping({done.name: _write_outcome(done)})}"
        case "queue":
            return f"queue: {_write_outcome(done)}"
        case "silent" | "hangs_up" | "breaks":
            return done.doing
        case _:
            return f"{done.doing}: {json.dumps(done.value, ensure_ascii=False)}"


def _write_keys(keys: str) -> str:
    return key_name(keys) if len(keys) == 1 else json.dumps(keys)


def _write_outcome(done: Done) -> str:
    if not done.facts:
        return done.value
    facts = {name: json.dumps(value, ensure_ascii=False) for name, value in done.facts.items()}
    return _write_mapping({done.value: _write_mapping(facts)})
