"""`templates.yaml`: the words of text messages as they were approved.

In India a text is delivered only if it matches, byte for byte, a template that its sender had approved:

    callback_booked:                     # our name for it, or the number it was given
      prompt: sms_callback_booked        # the text that it approves
      en: "Helpline: request {#var#}. We will call you {#var#}."
      bn: ...
"""

import re
from dataclasses import dataclass

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


def as_approved(text: str) -> str:
    """A text with its blanks as a template writes them. Nothing else may differ, not even a space."""
    return _BLANK.sub("{#var#}", text)


def read_templates(draft: Draft, node: Node | None) -> dict[str, Template]:
    templates = Fields(draft, node, FILE, Place(FILE, 1, 1))
    read = {name: _read_template(draft, name, entry.value, entry.key.at) for name, entry in templates.entries.items()}
    draft.approved = {template.prompt: template.texts for template in read.values()}
    return read


def _read_template(draft: Draft, name: str, node: Node, at: Place) -> Template:
    fields = Fields(draft, node, f'template "{name}"', at)
    fields.only(("prompt", *draft.languages), "a template")
    fields.require("prompt")
    texts = {language: fields.text(language) for language in draft.languages if fields.has(language)}
    return Template(name, fields.text("prompt"), texts, at)
