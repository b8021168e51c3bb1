"""The file of the flow itself, from its first word to its steps."""

from dataclasses import replace

from flows.flow import KeysEverywhere, Menu, Place
from flows.loading.destination import read_destination
from flows.loading.draft import Draft, Wording
from flows.loading.facts import built_in_facts, calendar_facts
from flows.loading.fields import Fields
from flows.loading.grammar import DEFAULTS, EVERYWHERE, FLOW_OPTIONAL, FLOW_REQUIRED, RESERVED
from flows.loading.kept import read_kept
from flows.loading.settings import read_settings
from flows.loading.steps import read_steps
from flows.loading.verbs.keys import read_keys
from flows.nodes import Mapping, Node

_FORMAT = "1"


def read_flow_file(draft: Draft, node: Node) -> None:
    """Fill the draft from the tree of its file; look-ups, queues and boards are in it already."""
    fields = Fields(draft, node, draft.file, Place(draft.file, 1, 1))
    if not fields.is_mapping:
        return
    fields.only((*FLOW_REQUIRED, *FLOW_OPTIONAL), "a flow")
    _read_results(draft, fields)
    # A flow that others run has its person from them.
    fields.require(*(word for word in FLOW_REQUIRED if word != "person" or not draft.results))
    _read_heading(draft, fields)
    _read_notes(draft, fields)
    _find_steps(draft, fields)
    _read_destinations(draft, fields)
    _read_defaults(draft, fields)
    _read_keys_everywhere(draft, fields)
    steps = fields.node("steps")
    if isinstance(steps, Mapping):
        read_steps(draft, [entry for entry in steps.entries if draft.step_places.get(entry.key.text) is entry.key.at])
        _check_told_in(draft)


def _check_told_in(draft: Draft) -> None:
    """The keys that work everywhere are told after a menu; anywhere else nobody would hear of them."""
    wording = next((wording for wording in draft.wordings if wording.key == "std_keys_everywhere"), None)
    step = draft.steps.get(draft.keys_everywhere.told_in or "")
    if wording and step and not isinstance(step, Menu):
        sentence = f'"told_in" names step "{step.name}", which is no menu. Callers would never hear of these keys.'
        draft.report(wording.at, "E03", sentence)


def _read_heading(draft: Draft, fields: Fields) -> None:
    name, version = fields.scalar("flow"), fields.scalar("format")
    if name and name.text != draft.name:
        fields.report(name.at, f'this flow says it is "{name.text}", but its file is called {draft.file}.')
    if version and version.text != _FORMAT:
        fields.report(version.at, f'format "{version.text}" is not known here. This version reads format {_FORMAT}.')
    languages = fields.scalars("languages")
    draft.title = fields.text("title", draft.name)
    draft.languages = tuple(dict.fromkeys(scalar.text for scalar in languages))
    draft.languages_at = languages[0].at if languages else None
    first = draft.languages[0] if draft.languages else ""
    draft.written_in = fields.one_of("written_in", draft.languages, first)


def _read_results(draft: Draft, fields: Fields) -> None:
    for scalar in fields.scalars("results"):
        draft.results_at[scalar.text] = scalar.at
        if scalar.text in RESERVED:
            sentence = (
                f'a result cannot be called "{scalar.text}": as a destination that word has a meaning of its own.'
            )
            fields.report(scalar.at, f"{sentence} Choose another name.")
    draft.results = tuple(draft.results_at)


def _read_notes(draft: Draft, fields: Fields) -> None:
    notes = Fields(draft, fields.node("notes"), '"notes"', fields.at)
    for name, entry in notes.entries.items():
        draft.notes[name] = read_kept(draft, entry.value, f'note "{name}"')
        draft.note_places[name] = entry.key.at
    for look_up in draft.look_ups.values():
        for outcome in look_up.outcomes.values():
            draft.facts.update(outcome.facts)
    draft.facts.update(calendar_facts(draft.calendars or ()))
    draft.facts.update(built_in_facts(draft.languages))
    draft.facts.update(draft.notes)


def _find_steps(draft: Draft, fields: Fields) -> None:
    steps = Fields(draft, fields.node("steps"), '"steps"', fields.at)
    for name, entry in steps.entries.items():
        draft.step_places[name] = entry.key.at
        if name in RESERVED:
            sentence = f'a step cannot be called "{name}": as a destination that word has a meaning of its own.'
            fields.report(entry.key.at, f"{sentence} Choose another name.")
        elif name in draft.results_at:
            sentence = f'"{name}" is a step and a result of this flow. Nobody could say which of them is meant.'
            draft.report(entry.key.at, "E02", f"{sentence} Choose another name for one.")
        elif "/" in name:
            fields.report(entry.key.at, f'a step cannot be called "{name}": a stroke joins the names of two flows.')


def _read_destinations(draft: Draft, fields: Fields) -> None:
    draft.start = _read_step_name(draft, fields, "start")
    draft.person = _read_step_name(draft, fields, "person")
    alone = "" if draft.results else draft.start
    draft.home = _read_step_name(draft, fields, "home") if fields.has("home") else alone


def _read_step_name(draft: Draft, fields: Fields, word: str) -> str:
    scalar = fields.scalar(word)
    if scalar is None:
        return ""
    if scalar.text in RESERVED:
        hint = "It needs the name of a step."
        draft.report(scalar.at, "E05", f'"{word}" goes to "{scalar.text}", which is no step. {hint}')
        return ""
    return read_destination(draft, scalar, f'"{word}"', scalar.at)


def _read_defaults(draft: Draft, fields: Fields) -> None:
    node = Fields(draft, fields.node("defaults"), '"defaults"', fields.at)
    node.only(DEFAULTS, '"defaults"')
    inherited = draft.runner.defaults if draft.runner else draft.defaults
    draft.defaults = read_settings(draft, node, inherited, "")
    if node.has("give_up"):
        to = read_destination(draft, node.node("give_up"), '"give_up"', node.key_at("give_up"))
        draft.defaults = replace(draft.defaults, give_up=to)


def _read_keys_everywhere(draft: Draft, fields: Fields) -> None:
    if draft.runner:
        # A caller must not find other keys in a menu only because somebody wrote it down elsewhere.
        draft.keys_everywhere, draft.key_places = draft.runner.keys_everywhere, draft.runner.key_places
        return
    node = Fields(draft, fields.node("keys_everywhere"), '"keys_everywhere"', fields.at)
    told_in = node.entries.pop("told_in", None)
    keys: dict[str, str] = {}
    for key, entry in read_keys(draft, node):
        scalar = node.as_scalar(entry.value, entry.key.text)
        if scalar and scalar.text not in EVERYWHERE:
            hint = draft.suggest(scalar.text, EVERYWHERE) or f" It can be: {', '.join(EVERYWHERE)}."
            node.report(scalar.at, f'"keys_everywhere": "{scalar.text}" is nothing a key can do in every menu.{hint}')
        elif scalar:
            keys[key] = scalar.text
            draft.key_places[key] = entry.key.at
    told = read_destination(draft, told_in.value, '"told_in"', told_in.key.at) if told_in else ""
    draft.keys_everywhere = KeysEverywhere(keys, told or None)
    if told and told_in:
        draft.wordings.append(Wording("std_keys_everywhere", told_in.value.at, told, given=EVERYWHERE))
