"""Through a flow with one event, asking the outside on the way, until only the caller can answer."""

import json
from dataclasses import dataclass
from typing import get_args

from flows.advance import advance, bring_to_person
from flows.flow import ChooseLanguage, Flow, Menu
from flows.values import Action, Answered, Event, Keyed, Request, State, Went
from ivr.asking import Asker, Unsettled
from ivr.effects import effects_of
from ivr.outbox import Write
from ivr.outside import ask_outside
from ivr.speakers import SPOKEN, spoken_by

REQUESTS = get_args(Request)
WRONG = "wrong"  # the reason in a path entry that tells which key it was; `models.flow_figures` looks for it
encode_path = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # `models.flow_figures` looks for it


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a flow has come to with an event, and what is to be written for it."""

    state: State
    actions: list[Action]
    writes: list[Write]
    unsettled: Unsettled | None = None


def walk(asker: Asker, state: State | None, event: Event, *, is_moved: bool = False) -> Walk:
    """Go through the flow until only the caller can answer. The outside is asked on the way, with no lock held.

    `is_moved`: the version that the call began with was withdrawn; it is led to a person in another one.
    """
    first_index = 100 * state.request if state else 0
    first = bring_to_person if is_moved and state is not None else advance
    after, actions = first(asker.flow, state, event)  # type: ignore[arg-type]  # a call is moved only once it has a state
    writes: list[Write] = []
    while actions and isinstance(request := actions[-1], REQUESTS):
        told = ask_outside(asker, after, request)
        if isinstance(told, Unsettled):
            writes.extend(effects_of(asker, after, actions, first_index))
            return Walk(after, actions, writes, told)
        if told.write is not None:
            writes.append(told.write)
        answered = Answered(after.turn, asker.now.timestamp(), request.request, told.outcome, told.facts, told.lines)
        after, more = advance(asker.flow, after, answered)
        actions = actions + more
    writes.extend(effects_of(asker, after, actions, first_index))
    return Walk(after, actions, writes)


def wrong_key(flow: Flow, state: State | None, event: Event, actions: list[Action]) -> str:
    """The first key that meant nothing in a menu, or nothing. Of what is typed at a question none is kept."""
    if (
        state is None
        or not isinstance(event, Keyed)
        or not isinstance(flow.steps.get(state.step), Menu | ChooseLanguage)
    ):
        return ""
    left = next((action.why for action in actions if isinstance(action, Went)), "")
    key = event.digits[:1] if left in ("wrong_key", "give_up") else ""
    return key if key.isdecimal() else ""


def path_of(actions: list[Action], turn: int = 0, twiml: str = "", wrong: str = "") -> str:
    """The path entries among `actions` as JSON text, with a wrong key, and who speaks in the answer to turn `turn`."""
    went: list[list[str | int]]
    went = [[action.turn, action.step, action.why, action.to] for action in actions if isinstance(action, Went)]
    if wrong:
        went.append([turn, "", WRONG, wrong])
    if speakers := spoken_by(twiml):
        went.append([turn, "", SPOKEN, speakers])
    return encode_path(went)
