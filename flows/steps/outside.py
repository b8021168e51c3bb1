"""`hours` and `look_up`: steps that ask the outside, and go where its answer leads."""

from collections.abc import Mapping

from flows.course import Course, Next
from flows.flow import Hours, LookUp, LookUpDeclaration, NoteType
from flows.missing import Missing
from flows.values import Answered, AskHours, AskLookUp, Event


def enter_hours(course: Course, step: Hours) -> None:
    course.ask_outside(AskHours(course.next_request(), step.calendar))


def hear_hours(course: Course, step: Hours, event: Event) -> Next | None:
    if not isinstance(event, Answered):
        enter_hours(course, step)
        return None
    ways = {"open": step.open, "closed": step.closed, "holiday": step.holiday}
    if event.outcome not in ways:
        raise Missing(event.outcome)
    course.learn(event.facts)
    return Next(ways[event.outcome], event.outcome)


def enter_look_up(course: Course, step: LookUp) -> None:
    given = {name: value for name in step.given if (value := course.known(name))}
    course.ask_outside(AskLookUp(course.next_request(), step.look_up, given, step.limit))


def hear_look_up(course: Course, step: LookUp, event: Event) -> Next | None:
    """Only what is declared for the outcome becomes known, and what an earlier answer told is forgotten."""
    if not isinstance(event, Answered):
        enter_look_up(course, step)
        return None
    declared = course.flow.look_ups.get(step.look_up)
    if declared is None:
        raise Missing(step.look_up)
    outcome = event.outcome if _keeps_its_word(declared, event) else "failed"
    if outcome not in step.outcomes:
        raise Missing(outcome)
    _forget(course, declared)
    facts = declared.outcomes[outcome].facts if outcome in declared.outcomes else {}
    course.learn({name: event.facts[name] for name in facts if name in event.facts})
    return Next(step.outcomes[outcome], outcome)


def _keeps_its_word(declared: LookUpDeclaration, event: Answered) -> bool:
    """Whether the answer is one that was declared: a value without wording would leave a gap in what is said."""
    outcome = declared.outcomes.get(event.outcome)
    return outcome is not None and _all_allowed(outcome.facts, event.facts)


def _all_allowed(facts: Mapping[str, NoteType], told: Mapping[str, str]) -> bool:
    return all(not fact.values or told.get(name) in fact.values for name, fact in facts.items() if name in told)


def _forget(course: Course, declared: LookUpDeclaration) -> None:
    for outcome in declared.outcomes.values():
        for name in outcome.facts:
            course.facts.pop(name, None)
