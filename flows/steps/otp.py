"""`otp`: a code by text message, typed back. The digits go out to be compared, and are kept nowhere."""

from flows.course import Course, Next
from flows.flow import Otp
from flows.steps.question import is_overdue, miss
from flows.steps.sms import gets_texts
from flows.values import Answered, CheckCode, Collect, Event, Keyed, SendCode

CODE_DIGITS = 6


def enter_otp(course: Course, step: Otp) -> Next | None:
    number = course.known(step.to)
    if number is None or not gets_texts(course, step.to, number):
        return Next(step.cannot_send, "cannot_send")
    course.phase = "send"
    course.ask_outside(SendCode(course.next_request(), number))
    return None


def hear_otp(course: Course, step: Otp, event: Event) -> Next | None:
    if course.phase == "send":
        return _hear_sent(course, step, event)
    if course.phase == "check":
        return _hear_checked(course, step, event)
    return _hear_keys(course, step, event)


def _hear_sent(course: Course, step: Otp, event: Event) -> Next | None:
    if not isinstance(event, Answered):
        return enter_otp(course, step)
    if event.outcome != "sent":
        return Next(step.cannot_send, "cannot_send")
    course.say(step, "std_code_sent")
    return _ask(course, step)


def _ask(course: Course, step: Otp) -> Next | None:
    if is_overdue(course, step):
        return Next(step.not_verified, "give_up")
    course.phase = "code"
    course.say(step, step.prompt)
    course.wait(Collect(step.defaults.wait, CODE_DIGITS, "#", secret=True), "keys")
    return None


def _hear_keys(course: Course, step: Otp, event: Event) -> Next | None:
    digits = event.digits if isinstance(event, Keyed) else ""
    if "*" in digits:
        return Next("back", "key *", by_caller=True)
    number = course.known(step.to)
    if not digits:
        return _ask_again(course, step)
    if number is None or len(digits) != CODE_DIGITS:
        return _wrong(course, step)
    course.phase = "check"
    course.ask_outside(CheckCode(course.next_request(), number, digits))
    return None


def _hear_checked(course: Course, step: Otp, event: Event) -> Next | None:
    """After "one moment" the digits are gone on purpose: they are asked for again, and that is no wrong try."""
    if not isinstance(event, Answered):
        return _ask(course, step)
    match event.outcome:
        case "right":
            return Next(step.verified, "verified")
        case "wrong":
            return _wrong(course, step)
        case "spent":
            return Next(step.not_verified, "not_verified")
        case _:
            return Next(step.cannot_send, "cannot_send")


def _wrong(course: Course, step: Otp) -> Next | None:
    if miss(course, step, "wrong_key", wording="std_code_wrong"):
        return _ask(course, step)
    return Next(step.not_verified, "not_verified")


def _ask_again(course: Course, step: Otp) -> Next | None:
    if miss(course, step, "silence"):
        return _ask(course, step)
    return Next(step.not_verified, "not_verified")
