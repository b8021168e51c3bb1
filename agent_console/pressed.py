"""Which keys the caller pressed in the menus, and what each of them stood for.

A one-time code cannot be among them: the path of a call says only whether it was right.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.surroundings import telephone
from agent_console.words import LANGUAGES, say, screen_language
from flows.flow import Ask, ChooseLanguage, Flow, Menu, Otp, Queue, Step
from flows.steps.ask import ENTER_AGAIN
from ivr.pinned import NoFlow
from models.call import Call
from models.turn import Turn

_KEY = "key "  # begins the reason of a step that a key led away from
_TYPED = "typed"
_MEANINGS = ("back", "repeat", "person", "home")
_KINDS = ("mobile", "reference")


@dataclass(frozen=True, slots=True)
class Pressed:
    """One key and what the caller was told it does, or a number that was typed in: then `key` is empty."""

    key: str
    words: str


def pressed_keys(session: Session, call: Call | None) -> list[Pressed]:
    """What this caller pressed, in order, in the words that the menus of this call use."""
    if call is None:
        return []
    flow = _flow_of(session, call)
    paths = session.scalars(select(Turn.path).where(Turn.call_sid == call.sid).order_by(Turn.n))
    return [pressed for path in paths for pressed in _of_path(flow, json.loads(path))]


def _of_path(flow: Flow | None, path: list[tuple[int, str, str, str]]) -> Iterator[Pressed]:
    for _, name, why, _ in path:
        step = flow.steps.get(name) if flow else None
        if isinstance(step, Otp):
            continue
        if why.startswith(_KEY):
            key = why.removeprefix(_KEY)
            yield Pressed(key, _meaning(flow, step, key) if flow else "")
        elif why == _TYPED:
            kind = step.kind if isinstance(step, Ask) else ""
            yield Pressed("", say(f"pressed.typed.{kind if kind in _KINDS else 'digits'}"))


def _meaning(flow: Flow, step: Step | None, key: str) -> str:
    """What `key` does at `step`, in the language of the screen; empty if the menus say nothing of it."""
    if isinstance(step, ChooseLanguage):
        if key in step.choices:
            return LANGUAGES.get(step.choices[key], step.choices[key])
        return say("pressed.language")
    if isinstance(step, Ask) and key == ENTER_AGAIN:
        return say("pressed.again")
    choices = step.choices if isinstance(step, Menu) else step.waiting.keys if isinstance(step, Queue) else ()
    prompt = next((choice.say for choice in choices if choice.key == key), "")
    if prompt:
        return _words(flow, prompt)
    meaning = flow.keys_everywhere.keys.get(key)
    return say(f"pressed.{meaning}") if meaning in _MEANINGS else ""


def _words(flow: Flow, prompt: str) -> str:
    """The words of a menu's line, without what it would fill in for this caller."""
    catalogue = flow.catalogues.get(screen_language()) or flow.catalogues[flow.written_in]
    found = catalogue.prompts.get(prompt)
    return "".join(text.words for text in found.texts).strip() if found else ""


def _flow_of(session: Session, call: Call) -> Flow | None:
    if call.flow_version_id is None:
        return None
    try:
        return telephone().flows.get(session.connection(), call.flow_version_id)
    except NoFlow:
        return None  # another database was restored: the keys alone must do
