"""`ask`: digits of a kind, checked, and read back where the flow says so."""

from flows.course import Course, Next
from flows.entries import DIGITS, read_entry
from flows.flow import Ask
from flows.steps.question import give_up, is_overdue, miss
from flows.values import Collect, Event, Keyed, Mistyped

CORRECT, ENTER_AGAIN = "1", "2"
YES, NO = "1", "2"


def enter_ask(course: Course, step: Ask) -> Next | None:
    if is_overdue(course, step):
        return give_up(step)
    course.phase = "question"
    course.typed = ""
    course.say(step, step.prompt)
    if step.kind == "yes_no":
        lines = [course.choice_line("std_yes", YES), course.choice_line("std_no", NO)]
        course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(Collect(step.defaults.wait, step.digits or DIGITS[step.kind], step.finish_key), "keys")
    return None


def hear_ask(course: Course, step: Ask, event: Event) -> Next | None:
    pressed = event.digits if isinstance(event, Keyed) else ""
    if "*" in pressed and step.finish_key != "*":
        return Next("back", "key *", by_caller=True)
    if course.phase == "read_back":
        return _hear_confirmation(course, step, pressed)
    digits = pressed.rstrip("#").rstrip("*")
    if not digits:
        return enter_ask(course, step) if miss(course, step, "silence") else give_up(step)
    if not _fits(step, digits):
        return _refuse(course, step)
    course.typed = digits
    return _read_back(course, step) if step.read_back else _take(course, step)


def _fits(step: Ask, digits: str) -> bool:
    right_length = step.digits is None or len(digits) == step.digits
    return right_length and read_entry(step.kind, digits) is not None


def _refuse(course: Course, step: Ask) -> Next | None:
    course.actions.append(Mistyped(step.kind))
    wording = f"std_bad_{step.kind}"
    if miss(course, step, "wrong_key", wording=wording if course.has_prompt(wording) else ""):
        return enter_ask(course, step)
    return give_up(step)


def _read_back(course: Course, step: Ask) -> Next | None:
    if is_overdue(course, step):
        return give_up(step)
    course.phase = "read_back"
    lines = [
        course.line("std_you_entered"),
        course.choice_line("std_correct", CORRECT),
        course.choice_line("std_enter_again", ENTER_AGAIN),
    ]
    course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(Collect(step.defaults.wait, 1, ""), "keys")
    return None


def _hear_confirmation(course: Course, step: Ask, pressed: str) -> Next | None:
    match pressed[:1]:
        case "1":
            return _take(course, step)
        case "2":
            course.went(step.name, "key 2", step.name)
            return enter_ask(course, step)
        case "#":
            # Many finish a number with hash by habit; when the last digit has already ended it, the hash lands here.
            return _read_back(course, step)
    if miss(course, step, "wrong_key" if pressed else "silence"):
        return _read_back(course, step)
    return give_up(step)


def _take(course: Course, step: Ask) -> Next | None:
    value = read_entry(step.kind, course.typed)
    if value is None:
        return _refuse(course, step)
    course.notes[step.note] = value
    course.typed = ""
    return Next(step.then, "typed", by_caller=True)
