"""What a flow may name besides its own notes: facts of the caller, the queue, the office, and what they can be."""

from collections.abc import Iterable

from flows.flow import NoteType, Place
from flows.loading.draft import Draft

NUMBER_KINDS = ("mobile", "landline", "foreign", "confirmed")
"""What `caller.number is ...` can be compared with, besides known and withheld."""

CALENDAR_FACTS = {
    "opens": NoteType(kind="time"),
    "closes": NoteType(kind="time"),
    "next_open": NoteType(kind="day_time"),
    "holiday": NoteType(kind="name"),
}


def built_in_facts(languages: tuple[str, ...]) -> dict[str, NoteType]:
    """The facts that exist in every flow."""
    return {
        "caller.number": NoteType(values=NUMBER_KINDS, kind="digits"),
        "caller.returning": NoteType(values=("yes", "no")),
        "caller.language": NoteType(values=languages),
        "call.language": NoteType(values=languages),
        "queue.place": NoteType(kind="number"),
        "queue.minutes": NoteType(kind="number"),
        "callback.number": NoteType(kind="digits"),
        "callback.by": NoteType(kind="day_time"),
        "request.reference": NoteType(kind="digits"),
    }


def calendar_facts(calendars: Iterable[str]) -> dict[str, NoteType]:
    """`office.opens` and the like, for each calendar."""
    return {f"{name}.{fact}": kind for name in calendars for fact, kind in CALENDAR_FACTS.items()}


def is_fact(draft: Draft, name: str) -> bool:
    """Whether a step may name this. While a file of declarations cannot be read, anything may be."""
    if name in draft.facts:
        return True
    if draft.calendars is None and name.partition(".")[2] in CALENDAR_FACTS:
        return True
    return bool(draft.unread & {"lookups.yaml", "calendars.yaml"}) and "." in name


def report_unknown(draft: Draft, at: Place, name: str, what: str) -> None:
    """E13 for a note or fact that nothing declares. `what` begins the sentence."""
    if is_fact(draft, name):
        return
    hint = draft.suggest(name, draft.facts) or " Declare it under notes."
    draft.report(at, "E13", f"{what}, but there is no note or fact with that name.{hint}")


def check_value(draft: Draft, at: Place, name: str, kept: NoteType, value: str) -> bool:
    """E13 unless the note or fact can have this value."""
    if not kept.values or value in kept.values:
        return True
    hint = draft.suggest(value, kept.values) or f" It can be: {', '.join(kept.values)}."
    draft.report(at, "E13", f'"{name}" can never be "{value}".{hint}')
    return False
