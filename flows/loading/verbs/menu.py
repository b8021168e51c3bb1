"""`menu`: one line per choice, one key."""

from flows.flow import Choice, Menu, Place
from flows.loading.destination import read_way
from flows.loading.draft import Wording
from flows.loading.fields import Fields
from flows.loading.reference import check_assigned, read_assignments, read_note_name
from flows.loading.scalars import key_name
from flows.loading.step import StepNode
from flows.loading.verbs.keys import check_everywhere, check_prefixes, read_keys
from flows.nodes import Entry


def read_menu(step: StepNode) -> Menu:
    note = read_note_name(step.draft, step.fields, "note")
    then = step.way("then", automatic=False) if step.fields.has("then") else None
    return Menu(**step.base(), prompt=step.prompt("menu"), choices=_read_choices(step, note), note=note, then=then)


def _read_choices(step: StepNode, note: str | None) -> tuple[Choice, ...]:
    fields = Fields(step.draft, step.fields.node("choices"), f'step "{step.name}": "choices"', step.at)
    if fields.is_mapping and not fields.entries:
        fields.report(fields.at, f'step "{step.name}" offers no choices. Callers would have nothing to press.')
    choices = []
    places: dict[str, Place] = {}
    for key, entry in read_keys(step.draft, fields, several=True):
        places[key] = entry.key.at
        choice = _read_choice(step, note, key, entry)
        check_everywhere(step.draft, key, entry.key.at, choice.go if choice else None)
        if choice:
            choices.append(choice)
    check_prefixes(step.draft, places)
    return tuple(choices)


def _read_choice(step: StepNode, note: str | None, key: str, entry: Entry) -> Choice | None:
    owner = f'step "{step.name}", key {key_name(key)}'
    fields = Fields(step.draft, entry.value, owner, entry.key.at)
    fields.only(("say", "go", "is", "note", "remember"), "a choice")
    if not fields.is_mapping or not fields.require("say"):
        step.draft.unsure.add(step.name)
        return None
    say = fields.scalar("say")
    go = _read_go(step, fields, key, entry.key.at)
    if say:
        step.draft.wordings.append(Wording(say.text, say.at, step.name))
    return Choice(
        key=key,
        say=say.text if say else "",
        go=go,
        sets=read_assignments(step.draft, fields, "note") if fields.has("note") else {},
        value=_read_value(step, note, fields),
        at=entry.key.at,
        remembers_number=fields.one_of("remember", ("number",), "") == "number",
    )


def _read_go(step: StepNode, fields: Fields, key: str, at: Place) -> str | None:
    if fields.has("go") and getattr(fields.node("go"), "text", None) != "":
        return read_way(
            step.draft, fields.node("go"), step.name, f"key {key_name(key)}", fields.key_at("go"), automatic=False
        )
    if fields.has("go") or not step.fields.has("then"):
        step.report_unwired(at, f"key {key_name(key)}")
    return None


def _read_value(step: StepNode, note: str | None, fields: Fields) -> str | None:
    value = fields.scalar("is")
    if value is None:
        return None
    if note:
        check_assigned(step.draft, note, value)
    elif not step.fields.has("note"):
        sentence = f'{fields.owner} has "is", but the menu does not say which "note" it is written into.'
        fields.report(value.at, sentence)
    return value.text
