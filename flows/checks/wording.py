"""E11: wording in every language, for every value it may be chosen by. W04: no wording that nothing uses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from flows.checks.graph import STRUCTURE
from flows.checks.language_names import language_name
from flows.flow import Ask, ChooseLanguage, Menu, Otp, Queue, Record, Step
from flows.loading.catalogue import catalogue_file
from flows.loading.draft import Draft, Wording
from flows.loading.facts import report_unknown

_FACT_IN_KEY = re.compile(r"\{([^{}]*)\}")
_STANDARD = re.compile(r"std_[a-z_]+|key_star|key_hash")
_KEY_WORDS = {"*": "key_star", "#": "key_hash"}


def needed_wordings(draft: Draft) -> Iterator[Wording]:
    """Every catalogue key that some caller may hear, with where it is used; facts in keys made into each value."""
    for wording in (*draft.wordings, *_standard_wordings(draft)):
        yield from _expand(draft, wording)


def _expand(draft: Draft, wording: Wording) -> Iterator[Wording]:
    facts = _FACT_IN_KEY.findall(wording.key)
    kept = draft.facts.get(facts[0]) if len(facts) == 1 else None
    if not facts:
        yield wording
    elif kept and kept.values:
        for value in kept.values:
            key = wording.key.replace(f"{{{facts[0]}}}", value)
            yield replace(wording, key=key, chosen_by=facts[0])


def check_keys_by_fact(draft: Draft) -> None:
    """E13 for a prompt whose name is chosen by something that is not declared, or can be anything."""
    for wording in draft.wordings:
        facts = _FACT_IN_KEY.findall(wording.key)
        if len(facts) > 1:
            sentence = f'"{wording.key}" is chosen by several facts at once. Only one fact can choose a wording.'
            draft.report(wording.at, "E13", sentence)
        elif facts and facts[0] not in draft.facts:
            report_unknown(draft, wording.at, facts[0], f'"{wording.key}" is chosen by "{facts[0]}"')
        elif facts and not draft.facts[facts[0]].values:
            sentence = f'"{wording.key}" is chosen by "{facts[0]}", which can be anything, so wording would be missing.'
            draft.report(wording.at, "E13", f"{sentence} Declare its values with one_of.")


def _standard_wordings(draft: Draft) -> Iterator[Wording]:
    """What the system itself says in a step: confirmations, names of keys."""
    for step in draft.steps.values():
        for key in _standard_keys(draft, step):
            yield Wording(key, step.at, step.name, given=("typed",))
    told_in = draft.keys_everywhere.told_in
    for key in draft.keys_everywhere.keys:
        if told_in and key in _KEY_WORDS:
            yield Wording(_KEY_WORDS[key], draft.key_places[key], told_in)


def _standard_keys(draft: Draft, step: Step) -> Iterator[str]:
    if isinstance(step, Ask):
        if step.kind == "yes_no":
            yield from ("std_yes", "std_no")
        if step.read_back:
            yield from ("std_you_entered", "std_correct", "std_enter_again")
        if _is_anywhere(draft, f"std_bad_{step.kind}"):
            yield f"std_bad_{step.kind}"
    elif isinstance(step, Otp):
        yield from ("std_code_sent", "std_code_wrong")
    elif isinstance(step, Record) and step.listen_back:
        yield from ("std_keep_message", "std_record_again")
    for key in _spoken_keys(step):
        if key in _KEY_WORDS:
            yield _KEY_WORDS[key]


def _spoken_keys(step: Step) -> Iterable[str]:
    if isinstance(step, Menu):
        return [choice.key for choice in step.choices]
    if isinstance(step, ChooseLanguage):
        return [*step.choices, *([step.known_caller.change_key] if step.known_caller else [])]
    if isinstance(step, Queue):
        return [way.key for way in step.waiting.keys]
    return [step.finish_key] if isinstance(step, Record) else []


def _is_anywhere(draft: Draft, key: str) -> bool:
    return any(key in catalogue.prompts for catalogue in draft.catalogues.values())


def chosen_by_value(draft: Draft) -> Iterator[Wording]:
    """Wording that stands for the value of a blank without a kind: {category} is said as `category_ration`."""
    for key in dict.fromkeys(wording.key for wording in needed_wordings(draft)):
        for catalogue in draft.catalogues.values():
            prompt = catalogue.prompts.get(key)
            for text in prompt.texts if prompt else ():
                kept = draft.facts.get(text.blank)
                values = kept.values if kept and not kept.kind and not text.kind else ()
                name = text.blank.rsplit(".", 1)[-1]
                yield from (Wording(f"{name}_{value}", prompt.at, "") for value in values if prompt)


def check_wording(draft: Draft, also: Iterable[Wording] = ()) -> None:
    """E11. `also` is wording that the calendars need."""
    told = set()
    for wording in (*needed_wordings(draft), *chosen_by_value(draft), *also):
        if wording.key not in told:
            told.add(wording.key)
            _check_one(draft, wording)


def _check_one(draft: Draft, wording: Wording) -> None:
    missing = [language for language, catalogue in draft.catalogues.items() if not _is_worded(draft, language, wording)]
    if not missing:
        return
    if len(missing) == len(draft.catalogues):
        if not draft.unread & {catalogue_file(language) for language in draft.languages}:
            known = {key for catalogue in draft.catalogues.values() for key in catalogue.prompts}
            hint = _explain_value(wording) or draft.suggest(wording.key, known) or " Callers would hear nothing there."
            draft.report(wording.at, "E11", f'"{wording.key}" has no wording in any language.{hint}')
        return
    worded = draft.written_in if draft.written_in not in missing else _first_worded(draft, missing)
    says = draft.catalogues[worded].prompts[wording.key].source if worded in draft.catalogues else ""
    for language in missing:
        sentence = f'"{wording.key}" has no wording in {language_name(language)}.'
        also = f' In {language_name(worded)} it says: "{says}"' if says else ""
        draft.report(draft.prompts_at[language], "E11", sentence + also)


def _explain_value(wording: Wording) -> str:
    if not wording.chosen_by:
        return ""
    return f' It is said for one of the values of "{wording.chosen_by}"; callers would hear nothing then.'


def _first_worded(draft: Draft, missing: list[str]) -> str:
    return next((language for language in draft.catalogues if language not in missing), "")


def _is_worded(draft: Draft, language: str, wording: Wording) -> bool:
    return wording.key in draft.catalogues[language].prompts


def check_unused(draft: Draft, also: Iterable[Wording] = ()) -> None:
    """W04, once a key, in the language the flow is written in if it is there."""
    if draft.has_errors((*STRUCTURE, "E07", "E11", "E13")) or draft.unread:
        return  # what could not be understood may be what uses it
    used = {wording.key for wording in (*needed_wordings(draft), *chosen_by_value(draft), *also)}
    languages = sorted(draft.catalogues, key=lambda language: language != draft.written_in)
    told: set[str] = set()
    for language in languages:
        for key, prompt in draft.catalogues[language].prompts.items():
            if key not in used and key not in told and not _STANDARD.fullmatch(key):
                told.add(key)
                draft.report(prompt.at, "W04", f'nothing uses the wording "{key}". Take it out, or use it in a step.')
