"""The text messages of a flow: what its steps send, and what the rest of the product sends in the flow's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.compose import compose_line
from flows.flow import Flow, NoteType, Sms
from flows.saying import written

REGISTERED = "sms_registered"
CODE = "sms_code"


@dataclass(frozen=True, slots=True)
class SystemText:
    """A text that no step sends: what is known when it is sent, and what it is sent for."""

    facts: Mapping[str, NoteType]
    must_say: str


SYSTEM_TEXTS: Mapping[str, SystemText] = {
    # No name and no words of the complaint: whoever holds the telephone reads it.
    REGISTERED: SystemText(
        {
            "reference": NoteType(kind="digits"),
            "complaint.department": NoteType(kind="name"),
            "complaint.due_on": NoteType(kind="date"),
        },
        must_say="reference",
    ),
    CODE: SystemText({"code": NoteType(kind="code")}, must_say="code"),
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
    return written(compose_line(flow, spoken, prompt, facts.get))
