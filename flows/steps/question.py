"""What all questions share: how often they are asked, what is said in between, and when they are given up."""

from collections.abc import Mapping
from typing import Literal

from flows.course import Course, Next
from flows.flow import StepBase

Miss = Literal["silence", "wrong_key"]


def miss(course: Course, step: StepBase, why: Miss, *, wording: str = "", tries: int = 0) -> bool:
    """Count a silence or a wrong key and speak the wording for it; False when the question is given up.

    `wording` takes the place of what the step says on that occasion; `tries` of its own number of them.
    """
    counter = course.counters.get(step.name, 0) + 1
    if counter >= allowed_tries(course, step, tries):
        course.given_up = True
        return False
    course.counters = {step.name: counter}
    course.went(step.name, why, step.name)
    said = wording or _wording_for(counter, _wordings(step, why))
    if said:
        course.say(step, said)
    return True


def allowed_tries(course: Course, step: StepBase, tries: int = 0) -> int:
    """A caller who has pressed nothing all call, and has been given up on once, is not kept waiting as long."""
    usual = tries or step.defaults.tries
    if course.given_up and not course.pressed_anything:
        return min(usual, step.defaults.quiet_caller_tries)
    return usual


def is_overdue(course: Course, step: StepBase) -> bool:
    """Whether the caller has been in menus for longer than the flow allows."""
    return course.at - course.entered_menus_at > step.defaults.longest_in_menus


def give_up(step: StepBase) -> Next:
    return Next(step.defaults.give_up, "give_up")


def go_everywhere(course: Course, key: str) -> Next | None:
    """Where a key leads that works in every menu; None if this one does not."""
    destination = course.flow.keys_everywhere.keys.get(key)
    return None if destination is None else Next(destination, f"key {key}", by_caller=True)


def _wordings(step: StepBase, why: Miss) -> Mapping[int, str]:
    return (step.defaults.on_silence if why == "silence" else step.defaults.on_wrong_key) or {}


def _wording_for(counter: int, wordings: Mapping[int, str]) -> str:
    """The wording with the highest number that is not above the counter."""
    number = max((number for number in wordings if number <= counter), default=None)
    return "" if number is None else wordings[number]
