"""`sms`: a text message on its way; nobody waits for it."""

from collections.abc import Iterable

from flows.conditions import is_mobile
from flows.course import Course, Next
from flows.flow import Sms
from flows.saying import written
from flows.values import SendText


def enter_sms(course: Course, step: Sms) -> Next:
    to = number_for_texts(course, step.to)
    if to is None:
        return Next(step.then, "no_number")
    text = written(course.line(step.prompt))
    course.actions.append(SendText(step.prompt, course.language, text, to))
    return Next(step.then, "text")


def number_for_texts(course: Course, names: Iterable[str]) -> str | None:
    """The first of the numbers that can be sent a text: a landline gets none."""
    return next((value for name in names if (value := course.known(name)) and gets_texts(course, name, value)), None)


def gets_texts(course: Course, name: str, number: str) -> bool:
    if name == "caller.number":
        return course.known("caller.number_kind") in ("mobile", "foreign")
    return is_mobile(number) or number.startswith("+")
