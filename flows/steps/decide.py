"""`decide` and `set`: steps that neither speak nor wait."""

from flows.conditions import holds
from flows.course import Course, Next
from flows.flow import Decide, Set


def enter_decide(course: Course, step: Decide) -> Next:
    for number, row in enumerate(step.rows, start=1):
        if holds(row.when, course):
            return Next(row.go, f"row {number}")
    return Next(step.otherwise, "otherwise")


def enter_set(course: Course, step: Set) -> Next:
    for note, value in step.notes.items():
        course.note(note, value)
    return Next(step.then, "set")
