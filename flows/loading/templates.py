"""`templates.yaml`: the words of text messages as they were approved.

In India a text is delivered only if it matches, byte for byte, a template that its sender had approved:

    callback_booked:                     # our name for it, or the number it was given
      prompt: sms_callback_booked        # the text that it approves
      en: "Helpline: request {#var#}. We will call you {#var#}."
      bn: ...
      en_id: "1107161234567890123"       # the number that it was approved under, if it is known
"""

import re
from dataclasses import dataclass, field

from flows.flow import Place
from flows.loading.draft import Draft
from flows.loading.fields import Fields
from flows.nodes import Node

FILE = "templates.yaml"
_BLANK = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    prompt: str
    texts: dict[str, str]  # by language
    at: Place
    numbers: dict[str, str] = field(default_factory=dict)  # by language: what it was approved under


def id_field(language: str) -> str:
    """Where the number of an approval stands."""
    return f"{language}_id"


def as_approved(text: str) -> str:
    """A text with its blanks as a template writes them. Nothing else may differ, not even a space."""
    return _BLANK.sub("{#var#}", text)


def read_templates(draft: Draft, node: Node | None) -> dict[str, Template]:
    templates = Fields(draft, node, FILE, Place(FILE, 1, 1))
    read = {name: _read_template(draft, name, entry.value, entry.key.at) for name, entry in templates.entries.items()}
    draft.approved = {template.prompt: template.texts for template in read.values()}
    draft.approved_under = {template.prompt: template.numbers for template in read.values()}
    return read


def _read_template(draft: Draft, name: str, node: Node, at: Place) -> Template:
    fields = Fields(draft, node, f'template "{name}"', at)
    fields.only(("prompt", *draft.languages, *map(id_field, draft.languages)), "a template")
    fields.require("prompt")
    texts = {language: fields.text(language) for language in draft.languages if fields.has(language)}
    numbers = {language: fields.text(id_field(language)) for language in texts if fields.has(id_field(language))}
    return Template(name, fields.text("prompt"), texts, at, numbers)
