"""W13: a text fits into one part, its blanks at their longest. E07 and E18: it is worded as it was approved."""

from collections.abc import Mapping
from unicodedata import normalize

from flows.checks.language_names import language_name
from flows.checks.longest import longest_written
from flows.checks.segments import count_segments, measure
from flows.checks.wording import needed_wordings
from flows.flow import NoteType, Prompt
from flows.loading.draft import Draft
from flows.loading.templates import FILE, Template, as_approved
from flows.texts import SYSTEM_TEXTS


def check_length_of_texts(draft: Draft) -> None:
    """W13, in every language in which a text would take more than one part."""
    for key in _texts(draft):
        for language, catalogue in draft.catalogues.items():
            prompt = catalogue.prompts.get(key)
            text = _longest_text(draft, language, prompt) if prompt else ""
            parts = count_segments(text)
            if prompt and parts > 1:
                length, one, _ = measure(text)
                where = language_name(language)
                sentence = f'the text "{key}" can be {length} characters long in {where}, and is then sent and paid for'
                draft.report(prompt.at, "W13", f"{sentence} in {parts} parts. Only {one} fit into one.")


def _longest_text(draft: Draft, language: str, prompt: Prompt) -> str:
    """The text with every blank at its longest."""
    facts = SYSTEM_TEXTS[prompt.key].facts if prompt.key in SYSTEM_TEXTS else draft.facts
    parts = (text.words or _longest(facts, language, text.blank, text.kind) for text in prompt.texts)
    return normalize("NFC", "".join(parts))


def _longest(facts: Mapping[str, NoteType], language: str, name: str, kind: str) -> str:
    kept = facts.get(name)
    if kept and kept.values and not kind:
        return max(kept.values, key=len)
    return longest_written(language, kind or (kept.kind if kept and kept.kind else ""))


def _texts(draft: Draft) -> list[str]:
    """The catalogue keys that are sent rather than spoken."""
    return list(dict.fromkeys(wording.key for wording in needed_wordings(draft) if wording.as_text))


def check_templates(draft: Draft, templates: dict[str, Template]) -> None:
    """E07 for a text without an approved template, E18 for words that are not the approved ones."""
    if _names_unknown_prompt(draft, templates):
        return
    by_prompt = {template.prompt: template for template in templates.values()}
    for wording in needed_wordings(draft):
        template = by_prompt.get(wording.key)
        if not wording.as_text:
            continue
        if template is None:
            sender = f'step "{wording.step}" sends' if wording.step else "citizens are sent"
            sentence = f'{sender} the text "{wording.key}", for which {FILE} has no template.'
            draft.report(wording.at, "E07", f"{sentence} Networks in India drop texts that are not approved.")
        else:
            _check_words(draft, wording.key, template)


def _check_words(draft: Draft, key: str, template: Template) -> None:
    for language, catalogue in draft.catalogues.items():
        prompt = catalogue.prompts.get(key)
        approved = template.texts.get(language)
        if prompt is None:
            continue
        if approved is None:
            sentence = (
                f'the template "{template.name}" has no approved words in "{language}", in which "{key}" is sent.'
            )
            draft.report(template.at, "E07", f"{sentence} Networks in India drop texts that are not approved.")
        elif as_approved(normalize("NFC", prompt.source)) != as_approved(approved):
            draft.report(prompt.at, "E18", _say_difference(key, template, prompt.source, approved))


def _say_difference(key: str, template: Template, words: str, approved: str) -> str:
    if normalize("NFC", as_approved(words)) == normalize("NFC", as_approved(approved)):
        sentence = f'"{key}" looks like template "{template.name}", but some letters of the template are stored in'
        return f"{sentence} another way. Networks compare bytes and would drop it. Have it approved in NFC."
    sentence = f'"{key}" no longer says what was approved as template "{template.name}": "{approved}".'
    return f"{sentence} Networks would drop it. Have the new words approved first."


def _names_unknown_prompt(draft: Draft, templates: dict[str, Template]) -> bool:
    known = {key for catalogue in draft.catalogues.values() for key in catalogue.prompts}
    for template in templates.values():
        if template.prompt and known and template.prompt not in known:
            sentence = f'the template "{template.name}" is for the text "{template.prompt}", which has no wording.'
            draft.report(template.at, "E07", sentence + draft.suggest(template.prompt, known))
    return any(template.prompt not in known for template in templates.values())
