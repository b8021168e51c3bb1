"""W03: every blank is filled on every path."""

from flows.checks.blanks import blanks_of
from flows.checks.gains import CALLBACK_FACTS
from flows.checks.graph import STRUCTURE
from flows.checks.known import Knowledge
from flows.checks.wording import needed_wordings
from flows.flow import Callback, Queue
from flows.loading.draft import Draft, Wording


def check_gaps(draft: Draft) -> None:
    """W03, once for each prompt, step and blank."""
    if draft.has_errors((*STRUCTURE, "E07", "E13")):
        return
    knowledge = Knowledge(draft)
    source = draft.catalogues.get(draft.written_in)
    told = set()
    for wording in needed_wordings(draft):
        prompt = source.prompts.get(wording.key) if source else None
        names = blanks_of(prompt) if prompt else set()
        if wording.chosen_by:
            names.add(wording.chosen_by)
        for name in sorted(names):
            if (wording.key, wording.step, name) not in told and _is_gap(draft, knowledge, wording, name):
                told.add((wording.key, wording.step, name))
                sentence = f'"{wording.key}" says {{{name}}}, but some callers reach step "{wording.step}" before'
                draft.report(wording.at, "W03", f"{sentence} {name} is known. They would hear a gap.")


def _is_gap(draft: Draft, knowledge: Knowledge, wording: Wording, name: str) -> bool:
    step = draft.steps.get(wording.step)
    if name in wording.given or step is None or isinstance(step, Queue):
        return False  # a queue leaves out a line that it cannot fill
    if isinstance(step, Callback) and name in CALLBACK_FACTS and wording.key == step.prompt:
        return False  # spoken once the call-back is booked
    return not knowledge.is_known(wording.step, name)
