"""What becomes known by leaving a step one way rather than another."""

from collections.abc import Callable, Iterator, Mapping

from flows.flow import Ask, Callback, Choice, Condition, Hours, Menu, Record, Run, Set, Step
from flows.loading.facts import CALENDAR_FACTS
from flows.loading.scalars import key_name

CALLBACK_FACTS = ("callback.number", "callback.by", "request.reference")
RECORD_FACTS = ("request.reference",)


def gained(step: Step | None, why: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """Notes and facts that are known for certain after `step` was left because of `why`."""
    if isinstance(step, Menu):
        yield from _from_menu(step, why, is_known)
    elif isinstance(step, Ask) and why == "then":
        yield step.note
    elif isinstance(step, Set):
        yield from _from_assignments(step.notes, is_known)
    elif isinstance(step, Run) and why == "run":
        yield from _from_assignments(step.given, is_known)
    elif isinstance(step, Hours):
        facts = CALENDAR_FACTS if why == "holiday" else [fact for fact in CALENDAR_FACTS if fact != "holiday"]
        yield from (f"{step.calendar}.{fact}" for fact in facts)
    elif isinstance(step, Callback) and why == "booked":
        yield from CALLBACK_FACTS
    elif isinstance(step, Record) and why == "recorded":
        yield from RECORD_FACTS


def _from_menu(step: Menu, why: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    if why == "then":
        # One way stands for all choices that name no destination: only what each of them writes is certain.
        ways = [set(_from_choice(step, choice, is_known)) for choice in step.choices if choice.go is None]
        yield from set.intersection(*ways) if ways else ()
    for choice in step.choices:
        if why == f"key {key_name(choice.key)}":
            yield from _from_choice(step, choice, is_known)


def _from_choice(step: Menu, choice: Choice, is_known: Callable[[str], bool]) -> Iterator[str]:
    if step.note and choice.value is not None:
        yield step.note
    yield from _from_assignments(choice.sets, is_known)


def _from_assignments(assigned: Mapping[str, str], is_known: Callable[[str], bool]) -> Iterator[str]:
    """A note that copies a fact is known if the fact is; facts have a point in their name, or are notes."""
    for note, value in assigned.items():
        if "." not in value or is_known(value):
            yield note


def known_if(condition: Condition, *, holds: bool) -> list[str]:
    """What must be known if a condition holds, or does not. Of several clauses nobody knows which one failed."""
    if not holds and len(condition.clauses) > 1:
        return []
    return [clause.subject for clause in condition.clauses if clause.negated != holds]
