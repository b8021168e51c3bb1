"""The text messages of a flow: what its steps send, and what the rest of the product sends in the flow's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.compose import compose_line
from flows.flow import Flow, NoteType, Sms
from flows.saying import written

REGISTERED = "sms_registered"
CODE = "sms_code"
REPORTED_WITH_LINK = "sms_action_reported_link"
LONGEST_NAME = 30  # characters: more the networks of India let into no blank of an approved text
_CUT = ".."


@dataclass(frozen=True, slots=True)
class SystemText:
    """A text that no step sends: what is known when it is sent, and what it is sent for."""

    facts: Mapping[str, NoteType]
    must_say: str


_REFERENCE: Mapping[str, NoteType] = {"reference": NoteType(kind="digits")}
_DEPARTMENT: Mapping[str, NoteType] = {"complaint.department": NoteType(kind="name")}
_DUE_ON: Mapping[str, NoteType] = {"complaint.due_on": NoteType(kind="date")}
# In two blanks, for each holds so little; both together are what is left of a long reason.
_REASON: Mapping[str, NoteType] = {
    "complaint.reason": NoteType(kind="name"),
    "complaint.reason_more": NoteType(kind="name"),
}
# In two blanks as well: where the pages are, and what nobody can guess.
_LINK: Mapping[str, NoteType] = {"link.address": NoteType(kind="name"), "link.secret": NoteType(kind="name")}
_REOPEN_BY: Mapping[str, NoteType] = {"complaint.reopen_by": NoteType(kind="date")}
_APPEAL_BY: Mapping[str, NoteType] = {"complaint.appeal_by": NoteType(kind="date")}


def _of_complaint(*facts: Mapping[str, NoteType]) -> SystemText:
    """No name and no words of the complaint: whoever holds the telephone reads it."""
    return SystemText({name: kind for some in (_REFERENCE, *facts) for name, kind in some.items()}, "reference")


SYSTEM_TEXTS: Mapping[str, SystemText] = {
    REGISTERED: _of_complaint(_DEPARTMENT, _DUE_ON),
    CODE: SystemText({"code": NoteType(kind="code")}, must_say="code"),
    # What becomes of a complaint, one for each thing that a citizen reads of (ivr/case_texts.py chooses).
    "sms_forwarded": _of_complaint(_DEPARTMENT, _DUE_ON),
    "sms_in_progress": _of_complaint(_DEPARTMENT, _DUE_ON),
    "sms_needs_info": _of_complaint(),
    "sms_action_reported": _of_complaint(),
    REPORTED_WITH_LINK: _of_complaint(_LINK),
    "sms_raised": _of_complaint(_DUE_ON),
    "sms_reopened": _of_complaint(_DUE_ON),
    "sms_closed_confirmed": _of_complaint(_REOPEN_BY),
    "sms_closed_unreachable": _of_complaint(_REOPEN_BY),
    "sms_closed_no_solution": _of_complaint(_REASON, _REOPEN_BY),
    "sms_closed_withdrawn": _of_complaint(_REOPEN_BY),
    "sms_rejected": _of_complaint(_REASON, _APPEAL_BY),
    "sms_appealed": _of_complaint(),
    "sms_merged": _of_complaint(),
    "sms_unmerged": _of_complaint(),
    "sms_extended": _of_complaint(_DUE_ON, _REASON),
}


def texts_of(flow: Flow) -> list[str]:
    """The prompts that citizens may be sent as texts."""
    sent = [step.prompt for step in flow.steps.values() if isinstance(step, Sms)]
    return list(dict.fromkeys((*sent, *SYSTEM_TEXTS)))


def is_approved(flow: Flow, prompt: str, language: str) -> bool:
    """Whether a text has an approved template in a language. That its words are those, E18 has made sure."""
    return language in flow.approved.get(prompt, {})


def compose_text(flow: Flow, prompt: str, language: str, facts: Mapping[str, str]) -> str:
    """The words of a text. A language that the flow does not speak gets the one it is written in.

    Raises Missing where the flow has no such prompt.
    """
    spoken = language if language in flow.catalogues else flow.written_in
    known = {name: _fitting(prompt, name, value) for name, value in facts.items()}
    return written(compose_line(flow, spoken, prompt, known.get))


def shorten(words: str, longest: int) -> str:
    """At most `longest` characters of `words`, cut between two of them where that can be, and marked as cut."""
    if len(words) <= longest:
        return words
    kept = words[: longest - len(_CUT) + 1]
    whole = kept.rpartition(" ")[0].rstrip() or kept[:-1]
    return f"{whole}{_CUT}"


def _fitting(prompt: str, name: str, value: str) -> str:
    """A name comes from outside, and has no length of its own."""
    text = SYSTEM_TEXTS.get(prompt)
    kept = text.facts.get(name) if text is not None else None
    return shorten(value, LONGEST_NAME) if kept is not None and kept.kind == "name" else value
