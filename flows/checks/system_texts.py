"""E12 and E13 for the texts that the product sends by itself: no step fills their blanks."""

from collections.abc import Iterator, Mapping

from flows.checks.blanks import blanks_of
from flows.flow import Place, Prompt
from flows.loading.draft import Draft, Wording
from flows.loading.templates import Template
from flows.texts import SYSTEM_TEXTS, SystemText


def add_sent_texts(draft: Draft, templates: Mapping[str, Template]) -> None:
    """Count what has a template, and what the product sends by itself, as wording that is needed in every language."""
    sent = {wording.key for wording in draft.wordings if wording.as_text}
    for key, at in _texts(draft, templates):
        if key not in sent:
            sent.add(key)
            draft.wordings.append(Wording(key, at, "", as_text=True))


def _texts(draft: Draft, templates: Mapping[str, Template]) -> Iterator[tuple[str, Place]]:
    worded = {key: prompt.at for catalogue in reversed(_source_first(draft)) for key, prompt in catalogue.items()}
    for template in templates.values():
        if template.prompt in worded:  # else E07 says that it has none
            yield template.prompt, template.at
    for key in SYSTEM_TEXTS:
        if key in worded:
            yield key, worded[key]


def _source_first(draft: Draft) -> list[Mapping[str, Prompt]]:
    languages = sorted(draft.catalogues, key=lambda language: language != draft.written_in)
    return [draft.catalogues[language].prompts for language in languages]


def check_system_texts(draft: Draft) -> None:
    """E13 for a blank that nobody could fill, E12 for a text that leaves out what it is sent for."""
    source = draft.catalogues.get(draft.written_in)
    for key, text in SYSTEM_TEXTS.items():
        prompt = source.prompts.get(key) if source else None
        if prompt is None or not prompt.texts:
            continue
        blanks = blanks_of(prompt)
        for name in sorted(blanks - set(text.facts)):
            sentence = f'"{key}" says {{{name}}}, which is not known when this text is sent.'
            draft.report(prompt.at, "E13", f"{sentence} It can say: {_list(text)}.")
        if text.must_say not in blanks:
            sentence = f'"{key}" does not say {{{text.must_say}}}, which is what this text is sent for.'
            draft.report(prompt.at, "E12", f"{sentence} Put it in.")


def _list(text: SystemText) -> str:
    return ", ".join(f"{{{name}}}" for name in text.facts)
