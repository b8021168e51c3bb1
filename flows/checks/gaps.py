"""W03: every blank is filled on every path. E19: a fact that chooses a wording is known on every path."""

from collections.abc import Mapping

from flows.checks.blanks import blanks_of
from flows.checks.coming_back import is_question, lost_by_going_back
from flows.checks.gains import CALLBACK_FACTS
from flows.checks.graph import STRUCTURE
from flows.checks.known import Knowledge
from flows.checks.wording import needed_wordings
from flows.flow import Callback, Queue
from flows.loading.draft import Draft, Wording


def check_gaps(draft: Draft) -> None:
    """W03, once for each prompt, step and blank: the caller hears a gap."""
    if draft.has_errors((*STRUCTURE, "E07", "E13")):
        return
    knowledge = Knowledge(draft)
    source = draft.catalogues.get(draft.written_in)
    told = set()
    for wording in needed_wordings(draft):
        prompt = source.prompts.get(wording.key) if source else None
        for name in sorted(blanks_of(prompt)) if prompt else ():
            if (wording.key, wording.step, name) not in told and _is_gap(draft, knowledge, wording, name):
                told.add((wording.key, wording.step, name))
                sentence = f'"{wording.key}" says {{{name}}}, but some callers reach step "{wording.step}" before'
                draft.report(wording.at, "W03", f"{sentence} {name} is known. They would hear a gap.")


def check_chosen(draft: Draft) -> None:
    """E19, once for each step and fact: there is no wording to say, so the step breaks."""
    if draft.has_errors((*STRUCTURE, "E07", "E13")):
        return
    chosen = {(one.step, one.chosen_by): one for one in needed_wordings(draft) if one.chosen_by}
    if not chosen:
        return
    knowledge = Knowledge(draft, lost_by_going_back(draft, _known_at_questions(draft, {name for _, name in chosen})))
    for (step, name), wording in chosen.items():
        if _is_gap(draft, knowledge, wording, name):
            sentence = f'step "{step}" chooses its words by {name}, but some callers reach it when that is not known.'
            draft.report(wording.at, "E19", f"{sentence} They would hear an apology instead.")


def _known_at_questions(draft: Draft, names: set[str]) -> Mapping[str, set[str]]:
    """By question, those of the facts that every caller has who comes to it first."""
    knowledge = Knowledge(draft)
    questions = (name for name in draft.steps if is_question(draft, name))
    known = {question: {name for name in names if knowledge.is_known(question, name)} for question in questions}
    return {question: facts for question, facts in known.items() if facts}


def _is_gap(draft: Draft, knowledge: Knowledge, wording: Wording, name: str) -> bool:
    step = draft.steps.get(wording.step)
    if name in wording.given or step is None or isinstance(step, Queue):
        return False  # a queue leaves out a line that it cannot fill
    if isinstance(step, Callback) and name in CALLBACK_FACTS and wording.key == step.prompt:
        return False  # spoken once the call-back is booked
    return not knowledge.is_known(wording.step, name)
