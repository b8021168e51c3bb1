"""The wording of one language: `prompts/bn.yaml`."""

from flows.flow import Catalogue, Place, Prompt
from flows.loading.draft import Draft
from flows.loading.fields import Fields
from flows.loading.words import read_words
from flows.nodes import Mapping, Node, Scalar

_KNOWN = ("language", "locale", "key_line", "prompts")
_KEY_LINE_BLANKS = {"say", "key"}


def catalogue_file(language: str) -> str:
    return f"prompts/{language}.yaml"


def read_catalogue(draft: Draft, language: str, node: Node | None) -> Catalogue | None:
    """The catalogue; None if there is no sense in judging its wording."""
    file = catalogue_file(language)
    fields = Fields(draft, node, file, Place(file, 1, 1))
    if node is None:
        fields.report(fields.at, f"{file} is empty.")
    if not fields.is_mapping:
        return None
    fields.only(_KNOWN, "a file of prompts")
    fields.require(*_KNOWN)
    written = fields.text("language", language)
    if written != language:
        fields.report(fields.key_at("language"), f'{file} says it is for "{written}", but its name says "{language}".')
    return Catalogue(
        language=language,
        locale=fields.text("locale", language),
        key_line=_read_key_line(draft, fields),
        prompts=_read_prompts(draft, fields, language),
    )


def _read_key_line(draft: Draft, fields: Fields) -> Prompt:
    scalar = fields.scalar("key_line")
    if scalar is None:
        return Prompt("key_line", fields.at, "", ())
    prompt = Prompt("key_line", scalar.at, scalar.text, read_words(draft, scalar, "key_line"))
    blanks = {text.blank for text in prompt.texts if text.blank}
    if blanks != _KEY_LINE_BLANKS:
        sentence = "key_line must hold {say} and {key} and no other blank, or callers would not hear what to press."
        draft.report(scalar.at, "E12", sentence)
    return prompt


def _read_prompts(draft: Draft, fields: Fields, language: str) -> dict[str, Prompt]:
    node = fields.node("prompts")
    draft.prompts_at[language] = fields.key_at("prompts")
    if node is None:
        return {}
    prompts = Fields(draft, node, f'{node.at.file}: "prompts"', node.at)
    read = {key: _read_prompt(draft, key, entry.value) for key, entry in prompts.entries.items()}
    return {key: prompt for key, prompt in read.items() if prompt}


def _read_prompt(draft: Draft, key: str, node: Node) -> Prompt | None:
    if isinstance(node, Scalar):
        return _worded(draft, key, node, None) if node.text.strip() else None
    if not isinstance(node, Mapping) or not any(entry.key.text == "text" for entry in node.entries):
        sentence = f'"{key}" should be words. Words that begin with a brace or bracket belong in quotation marks.'
        draft.report(node.at, "E03", sentence)
        return Prompt(key, node.at, "", ())  # there, if unreadable: it is not to be reported as missing too
    fields = Fields(draft, node, f'"{key}"', node.at)
    fields.only(("text", "recording"), "a prompt")
    text = fields.scalar("text")
    return _worded(draft, key, text or Scalar("", node.at), fields.text("recording") or None)


def _worded(draft: Draft, key: str, scalar: Scalar, recording: str | None) -> Prompt:
    return Prompt(key, scalar.at, scalar.text, read_words(draft, scalar, key), recording)
