"""E12: the same blanks in every language. E13: blanks that something can fill."""

from collections.abc import Iterable

from flows.checks.wording import needed_wordings
from flows.flow import Prompt
from flows.loading.catalogue import catalogue_file
from flows.loading.draft import Draft
from flows.loading.facts import report_unknown
from flows.texts import SYSTEM_TEXTS


def blanks_of(prompt: Prompt) -> set[str]:
    """The names of what is put into a prompt."""
    return {text.blank for text in prompt.texts if text.blank}


def check_same_blanks(draft: Draft) -> None:
    """E12, in the language that differs from the one the flow is written in."""
    source = draft.catalogues.get(draft.written_in)
    if source is None:
        return
    for catalogue in draft.catalogues.values():
        for key, prompt in catalogue.prompts.items():
            other = source.prompts.get(key)
            if other and prompt.texts and other.texts and blanks_of(prompt) != blanks_of(other):
                sentence = f'"{key}" has {_list(blanks_of(prompt) - blanks_of(other), blanks_of(prompt))} here but '
                sentence += f"{_list(blanks_of(other) - blanks_of(prompt), blanks_of(other))} in "
                sentence += f"{catalogue_file(source.language).rpartition('/')[2]}."
                mend = "Something would be missing or read out wrongly."
                draft.report(prompt.at, "E12", f"{sentence} {mend}")


def _list(differing: Iterable[str], all_of_them: Iterable[str]) -> str:
    names = sorted(differing) or sorted(all_of_them)
    return " and ".join(f"{{{name}}}" for name in names) or "no blank"


def check_blanks_exist(draft: Draft) -> None:
    """E13 for a blank that is no note or fact and that the step does not fill itself."""
    source = draft.catalogues.get(draft.written_in)
    told = set()
    for wording in needed_wordings(draft):
        if not wording.step and wording.key in SYSTEM_TEXTS:
            continue  # filled by no step, and judged as what it is
        prompt = source.prompts.get(wording.key) if source else None
        for name in sorted(blanks_of(prompt) - set(wording.given)) if prompt else ():
            if prompt and (wording.key, name) not in told:
                told.add((wording.key, name))
                report_unknown(draft, prompt.at, name, f'"{wording.key}" says {{{name}}}')
