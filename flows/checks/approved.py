"""W09: translations that were approved against other words. W08: recordings that are not there."""

from collections.abc import Collection

from flows.approvals import Approvals, fingerprint
from flows.checks.language_names import language_name
from flows.loading.draft import Draft


def check_stale(draft: Draft, approvals: Approvals | None) -> None:
    """W09. Without a lock file nobody has asked for it."""
    source = draft.catalogues.get(draft.written_in)
    if approvals is None or source is None:
        return
    for language, catalogue in draft.catalogues.items():
        for key, prompt in catalogue.prompts.items():
            if language == draft.written_in or key not in source.prompts:
                continue
            mark = approvals.get((key, language))
            words = source.prompts[key].source
            if mark != fingerprint(words):
                why = "has not been approved" if mark is None else "was approved for other words"
                sentence = f'"{key}" in {language_name(language)} {why}. In {language_name(draft.written_in)} it now'
                draft.report(prompt.at, "W09", f'{sentence} says: "{words}"')


def check_recordings(draft: Draft, recordings: Collection[str] | None) -> None:
    """W08. `recordings` are the names of those there are; None if nobody knows."""
    for catalogue in draft.catalogues.values():
        for prompt in catalogue.prompts.values():
            if recordings is not None and prompt.recording and prompt.recording not in recordings:
                sentence = f'the recording "{prompt.recording}" of "{prompt.key}" is not there.'
                draft.report(prompt.at, "W08", f"{sentence} Callers would hear the synthesized voice instead.")
