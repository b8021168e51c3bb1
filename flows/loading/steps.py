"""The steps of a flow, each handed to the reader of its verb (E03, E06)."""

from collections.abc import Sequence
from dataclasses import replace

from flows.flow import Defaults, Place, Step
from flows.loading.destination import read_way
from flows.loading.draft import Draft, Way
from flows.loading.fields import Fields
from flows.loading.grammar import VERBS
from flows.loading.settings import read_settings
from flows.loading.step import StepNode
from flows.loading.verbs import READERS
from flows.nodes import Entry, Scalar

_OWN_GIVE_UP = ("menu", "ask")  # where `give_up` is a destination


def read_steps(draft: Draft, entries: Sequence[Entry]) -> None:
    """Fill `draft.steps`. A step that cannot be understood is unsure, and stays known as a destination."""
    for entry in entries:
        name = entry.key.text
        step = _read_step(draft, name, entry)
        if step is None:
            draft.unsure.add(name)
        else:
            draft.steps[name] = step


def _read_step(draft: Draft, name: str, entry: Entry) -> Step | None:
    owner = f'step "{name}"'
    fields = Fields(draft, entry.value, owner, entry.key.at)
    if not fields.is_mapping:
        return None
    verb = _find_verb(fields, entry.key.at)
    if verb is None:
        return None
    grammar = VERBS[verb]
    declared = draft.look_ups.get(_word(fields, "look_up"))
    if verb != "look_up" or declared:
        outcomes = tuple(declared.outcomes) if declared and verb == "look_up" else ()
        fields.only((*grammar.words(verb), *outcomes), f'a "{verb}" step')
    fields.require(*grammar.required)
    step = StepNode(draft, name, verb, entry.key.at, fields, _read_defaults(draft, name, verb, fields))
    return READERS[verb](step)


def _word(fields: Fields, word: str) -> str:
    node = fields.node(word)
    return node.text if isinstance(node, Scalar) else ""


def _find_verb(fields: Fields, at: Place) -> str | None:
    verbs = [word for word in fields.entries if word in VERBS]
    if len(verbs) == 1:
        return verbs[0]
    if verbs:
        several = " and ".join([", ".join(verbs[:-1]), verbs[-1]])
        parts = {2: "two"}.get(len(verbs), str(len(verbs)))
        sentence = f"{fields.owner} does {parts} things: {several}. Split it into {parts} steps."
        fields.report(fields.key_at(verbs[1]), sentence, "E06")
        return None
    first = next(iter(fields.entries), "")
    hint = fields.draft.suggest(first, VERBS) or f" A step begins with one of: {', '.join(VERBS)}."
    fields.report(
        at, f"{fields.owner} does nothing that we know. Callers who get there would hear nothing.{hint}", "E06"
    )
    return None


def _read_defaults(draft: Draft, name: str, verb: str, fields: Fields) -> Defaults:
    defaults = read_settings(draft, fields, draft.defaults, name)
    if verb not in _OWN_GIVE_UP:
        return defaults
    if not fields.has("give_up"):
        _inherit_give_up(draft, name, defaults)
        return defaults
    to = read_way(draft, fields.node("give_up"), name, "give_up", fields.key_at("give_up"), automatic=True)
    return replace(defaults, give_up=to)


def _inherit_give_up(draft: Draft, name: str, defaults: Defaults) -> None:
    draft.ways.append(Way(name, "give_up", defaults.give_up, draft.step_places[name], True))
