"""A new step with everything that its verb must say: what is known is filled in, ways not told lead to a person."""

from collections.abc import Mapping
from typing import Any

from flows.editing.splices import Value
from flows.editing.text_tree import CannotEdit
from flows.loading.grammar import VERBS

# Verbs that may be added, with what is asked of the person first. `says` is a prompt; the rest is named as in the file.
ASKED: Mapping[str, tuple[str, ...]] = {
    "say": ("says", "then"),
    "menu": ("says", "give_up"),
    "ask": ("says", "kind", "note", "then"),
    "hours": ("calendar", "open", "closed", "holiday"),
    "decide": ("when", "go", "otherwise"),
    "set": ("note", "value", "then"),
    "announcements": ("board", "then"),
    "record": ("says", "recorded", "nothing_recorded"),
    "callback": ("says", "booked", "no_number", "failed"),
    "queue": ("queue", "answered", "too_long", "nobody_working", "full"),
    "sms": ("says", "then"),
    "end": ("says",),
}


def blank_step(verb: str, told: Mapping[str, Any]) -> dict[str, Value]:
    """The words of a new step. Raises CannotEdit for a verb that cannot be added so."""
    if verb not in ASKED:
        raise CannotEdit("unknown_act")
    said = {name: str(value) for name, value in told.items() if value}
    ways = {name: said.get(name, "person") for name in VERBS[verb].outcomes}
    prompt = said.get("says", "")
    match verb:
        case "menu":
            first = {"1": {"say": said.get("choice", prompt), "go": said.get("go", "person")}}
            return {"menu": prompt, "choices": first, "give_up": said.get("give_up", "person")}
        case "ask":
            asked = {"kind": said.get("kind", "number"), "note": said.get("note", "")}
            return {"ask": prompt, **asked, "read_back": "yes", **ways}
        case "decide":
            row = {"when": said.get("when", ""), "go": said.get("go", "person")}
            return {"decide": [row], **ways}
        case "set":
            return {"set": {said.get("note", ""): said.get("value", "")}, **ways}
        case "record":
            return {"record": prompt, "longest": "2m", "stop_after_silence": "5s", "finish_key": "hash", **ways}
        case "callback":
            return {"callback": prompt, "number": ["caller.number"], **ways}
        case "queue":
            return {"queue": said.get("queue", ""), "tell_agent": [], "longest_wait": "15m", **ways}
        case "sms":
            return {"sms": prompt, "to": ["caller.number"], **ways}
        case "hours":
            return {"hours": said.get("calendar", ""), **ways}
        case "announcements":
            return {"announcements": said.get("board", ""), **ways}
    return {verb: prompt, **ways}
