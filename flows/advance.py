"""`advance`: what a call does with one event. Pure and total: any event in any state has an answer."""

from collections.abc import Callable
from functools import partial

from flows.conditions import NUMBER_CONFIRMED
from flows.course import Course, Next
from flows.expected import refuse
from flows.flow import Ask, ChooseLanguage, Flow, Menu, Step
from flows.missing import Missing
from flows.own_outcome import outcome_of_fault
from flows.steps import record
from flows.values import Action, Answered, Arrived, Event, Faulted, HungUp, Reject, Resumed, State
from flows.verbs import ENTER, HEAR

AUTOMATIC_STEPS = 50  # in one turn; more is a loop that no caller's key can end
BACK_STEPS = 20  # that a caller can go back; a state must not grow with the length of a call
ASKED_OF_CALLER = (Menu, Ask, ChooseLanguage)  # what `back` returns to


def advance(flow: Flow, state: State | None, event: Event) -> tuple[State, list[Action]]:
    """Answer `event`: the state after it and what is to be done. `state` is None before the call has arrived."""
    if state is None or state.expects == "arrival":
        if isinstance(event, Arrived):
            return begin(flow, event)
        return state or _blank_state(flow), [Reject("the call has not arrived yet")]
    refusal = refuse(flow, state, event)
    if refusal is not None:
        return state, [refusal]
    course = Course(flow, state, event.at)
    _run(course, partial(_hear, course, event))
    return course.freeze(), course.actions


def bring_to_person(flow: Flow, state: State, event: Event) -> tuple[State, list[Action]]:
    """Lead a call on to a person in `flow`, whatever was pressed: the version that it began with is withdrawn.

    What it has noted goes along. Only of a call that waits for keys.
    """
    refusal = refuse(flow, state, event)
    if refusal is not None:
        return state, [refusal]
    course = Course(flow, state, event.at)
    course.version = flow.version
    course.back = ()
    course.language = state.language if state.language in flow.catalogues else flow.languages[0]
    _run(course, partial(Next, "person", "withdrawn"))
    return course.freeze(), course.actions


def begin(flow: Flow, arrived: Arrived) -> tuple[State, list[Action]]:
    """Answer the first ring."""
    course = Course(flow, _blank_state(flow), arrived.at)
    course.entered_menus_at = arrived.at
    course.facts.update(_facts_of_caller(flow, arrived))
    course.language = course.facts.get("caller.language", course.language)
    _run(course, partial(Next, flow.start, "arrived"))
    return course.freeze(), course.actions


def _blank_state(flow: Flow) -> State:
    return State(version=flow.version, step="", turn=0, expects="arrival", language=next(iter(flow.languages), "en"))


def _facts_of_caller(flow: Flow, arrived: Arrived) -> dict[str, str]:
    facts = dict(arrived.facts)
    facts["caller.number_kind"] = arrived.number_kind
    facts["caller.returning"] = "yes" if arrived.returning else "no"
    if arrived.number and arrived.number_kind != "withheld":
        facts["caller.number"] = arrived.number
        if arrived.number_confirmed:
            facts[NUMBER_CONFIRMED] = "yes"
    # A language that is no longer offered is forgotten: the caller is asked again.
    if arrived.remembered_language in flow.languages:
        facts["caller.language"] = arrived.remembered_language
    return facts


def _run(course: Course, first: Callable[[], Next | None]) -> None:
    """Go from step to step until the caller, or the outside, has to say something."""
    onward = _guard(course, first)
    while onward is not None:
        onward = _guard(course, partial(_go, course, onward))


def _guard(course: Course, move: Callable[[], Next | None]) -> Next | None:
    try:
        return move()
    except Missing:
        return _fault(course)


def _hear(course: Course, event: Event) -> Next | None:
    if isinstance(event, HungUp):
        return _hear_end(course, event)
    if course.phase == record.GONE:
        return _hear_kept_after_all(course, event)
    step = course.flow.steps.get(course.step)
    if isinstance(event, Faulted):
        own = outcome_of_fault(step)
        return Next(own, "fault") if own else _fault(course)
    if isinstance(event, Resumed):
        course.request -= 1  # the same request is put again, under its own number
    hear = HEAR.get(type(step))
    if hear is None:
        raise Missing(course.step)
    return hear(course, step, event)


def _hear_end(course: Course, event: HungUp) -> Next | None:
    """The caller has gone. A message that was recorded but not yet kept is kept first."""
    course.talked = course.talked or event.talked
    course.went(course.step, "hung_up", "")
    if course.phase != record.GONE and record.is_unkept(course):
        return record.keep_after_all(course)
    course.close()
    return None


def _hear_kept_after_all(course: Course, event: Event) -> Next | None:
    course.settled = course.settled or (isinstance(event, Answered) and event.outcome == "kept")
    course.close()
    return None


def _go(course: Course, onward: Next) -> Next | None:
    course.steps += 1
    if course.steps > AUTOMATIC_STEPS:
        raise Missing("an end to this turn")
    origin = course.step
    target = _destination(course, onward.to)
    course.went(origin, onward.why, target)
    if target == "hang_up":
        course.hang_up()
        return None
    if onward.by_caller and onward.to not in ("repeat", "back", "home") and target != origin:
        _leave_behind(course, origin)
    step = _again(course) if target == origin and onward.to in ("repeat", "back") else course.enter(target, onward.to)
    return ENTER[type(step)](course, step)


def _destination(course: Course, to: str) -> str:
    if to == "repeat":
        return course.step
    if to == "back":
        if not course.back:
            return course.step
        *course_back, target = course.back
        course.back = tuple(course_back)
        return target
    if to == "home":
        course.back = ()
        return course.flow.home
    return course.flow.person if to == "person" else to


def _leave_behind(course: Course, origin: str) -> None:
    if isinstance(course.flow.steps.get(origin), ASKED_OF_CALLER) and origin not in course.back:
        course.back = (*course.back, origin)[-BACK_STEPS:]


def _again(course: Course) -> Step:
    """The same step once more, its counter as it stands."""
    step = course.flow.steps.get(course.step)
    if step is None:
        raise Missing(course.step)
    return step


def _fault(course: Course) -> Next | None:
    """Something is broken: the flow's own way out, once a call; then the built-in last resort."""
    course.faults += 1
    step = course.flow.steps.get(course.step)
    way_out = (step.defaults if step else course.flow.defaults).on_error
    if course.faults > 1 or way_out is None:
        course.went(course.step, "fault", "last_resort")
        course.resort_to_last()
        return None
    course.steps = 0
    return Next(way_out, "fault")
