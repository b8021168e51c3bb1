"""`record`: a message in the caller's own voice. Once spoken it is kept, whatever happens after."""

from flows.course import Course, Next
from flows.flow import Record
from flows.missing import Missing
from flows.steps.question import is_overdue, miss
from flows.values import (
    Answered,
    AwaitRecording,
    Collect,
    Event,
    KeepMessage,
    Keyed,
    PlayRecording,
    Recorded,
    TakeRecording,
)

KEEP, AGAIN = "1", "2"
RECORDING, SECONDS = "recording.id", "recording.seconds"
GONE = "gone"  # the caller has hung up, and the message is being kept


def enter_record(course: Course, step: Record) -> None:
    course.back = ()
    course.phase = "record"
    _forget(course)
    lines = [course.line(step.prompt, keys={"finish_key": step.finish_key})]
    course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(TakeRecording(step.longest, step.stop_after_silence, step.finish_key), "recording")


def hear_record(course: Course, step: Record, event: Event) -> Next | None:
    match course.phase:
        case "record":
            return _hear_recording(course, step, event)
        case "await":
            return _hear_of_sound(course, step, event)
        case "listen_back":
            return _hear_choice(course, step, event)
        case _:
            return _hear_kept(course, step, event)


def _hear_recording(course: Course, step: Record, event: Event) -> Next | None:
    if not isinstance(event, Recorded) or event.recording is None or event.seconds <= 0:
        return Next(step.nothing_recorded, "nothing_recorded")
    course.facts[RECORDING] = event.recording
    course.facts[SECONDS] = str(event.seconds)
    if step.listen_back and event.ended_by != "hang_up":
        return _listen_back(course, step)
    return _keep(course, step)


def _listen_back(course: Course, step: Record) -> Next | None:
    if is_overdue(course, step):
        return _keep(course, step)
    course.phase = "await"
    course.ask_outside(AwaitRecording(course.next_request(), course.facts[RECORDING]))
    return None


def _hear_of_sound(course: Course, step: Record, event: Event) -> Next | None:
    """A message whose sound cannot be had is still one to keep, or to record again."""
    if not isinstance(event, Answered):
        return _listen_back(course, step)
    course.phase = "listen_back"
    if event.outcome == "ready":
        course.actions.append(PlayRecording(course.facts[RECORDING]))
    lines = [course.choice_line("std_keep_message", KEEP), course.choice_line("std_record_again", AGAIN)]
    course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(Collect(step.defaults.wait, 1, ""), "keys")
    return None


def _hear_choice(course: Course, step: Record, event: Event) -> Next | None:
    """Silence keeps the message: nobody who has spoken is to be lost over this question."""
    pressed = event.digits[:1] if isinstance(event, Keyed) else ""
    if pressed in ("", KEEP):
        return _keep(course, step)
    if pressed == AGAIN:
        course.went(step.name, "key 2", step.name)
        enter_record(course, step)
        return None
    return _listen_back(course, step) if miss(course, step, "wrong_key") else _keep(course, step)


def _keep(course: Course, step: Record) -> Next | None:
    course.phase = "keep"
    course.ask_outside(
        KeepMessage(course.next_request(), course.facts[RECORDING], int(course.facts[SECONDS]), step.becomes)
    )
    return None


def _hear_kept(course: Course, step: Record, event: Event) -> Next | None:
    if not isinstance(event, Answered):
        return _keep(course, step)
    if event.outcome != "kept":
        raise Missing("the message")
    _forget(course)
    course.learn(event.facts)
    course.settled = True
    return Next(step.recorded, "recorded")


def is_unkept(course: Course) -> bool:
    """Whether a message lies there that nobody has taken in."""
    return RECORDING in course.facts and isinstance(course.flow.steps.get(course.step), Record)


def keep_after_all(course: Course) -> Next | None:
    """The caller has hung up on the question whether to keep the message: it is kept."""
    step = course.flow.steps.get(course.step)
    if isinstance(step, Record):
        _keep(course, step)
        course.phase = GONE
    return None


def _forget(course: Course) -> None:
    course.facts.pop(RECORDING, None)
    course.facts.pop(SECONDS, None)
