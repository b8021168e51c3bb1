"""`callback`: somebody rings back, and the place in line may be kept."""

from flows.course import Course, Next
from flows.flow import Callback
from flows.values import Answered, BookCallback, Event


def enter_callback(course: Course, step: Callback) -> Next | None:
    number = course.first_known(step.number)
    if number is None:
        return Next(step.no_number, "no_number")
    course.ask_outside(BookCallback(course.next_request(), number, step.keep_place))
    return None


def hear_callback(course: Course, step: Callback, event: Event) -> Next | None:
    if not isinstance(event, Answered):
        return enter_callback(course, step)
    if event.outcome != "booked":
        return Next(step.failed, "failed")
    course.learn(event.facts)
    course.settled = True
    course.say(step, step.prompt)
    return Next(step.booked, "booked")
