"""`queue`: the caller stands in line until somebody answers, or something else happens."""

from flows.conditions import holds
from flows.course import Course, Next
from flows.flow import Queue
from flows.missing import Missing
from flows.values import Event, JoinQueue, LeftQueue


def enter_queue(course: Course, step: Queue) -> None:
    course.back = ()
    course.waiting_since = course.at
    skills = {name: value for name in step.match_agent if (value := course.known(name))}
    skills.pop("call.language", None)
    course.wait(
        JoinQueue(
            queue=step.queue,
            language=course.language,
            skills=skills,
            urgent=step.urgent_when is not None and holds(step.urgent_when, course),
            tell={name: value for name in step.tell_agent if (value := course.known(name))},
            longest_wait=step.longest_wait,
            keys=tuple(key.key for key in step.waiting.keys),
        ),
        "queue",
    )


def is_way_out(step: Queue, event: LeftQueue) -> bool:
    """Whether the flow says where this leads. A stray key must not cost the caller the place."""
    return event.result != "key" or any(key.key == event.key for key in step.waiting.keys)


def hear_queue(course: Course, step: Queue, event: Event) -> Next:
    if not isinstance(event, LeftQueue) or event.result == "failed":
        raise Missing(step.queue)
    course.entered_menus_at += max(0.0, course.at - course.waiting_since)
    course.learn(event.facts)
    if event.result == "key":
        course.pressed_anything = True
        chosen = next(key for key in step.waiting.keys if key.key == event.key)
        return Next(chosen.go, f"key {chosen.key}", by_caller=True)
    if event.result == "answered":
        course.talked = True
        return Next(step.answered, "answered")
    ways = {"too_long": step.too_long, "nobody_working": step.nobody_working, "full": step.full}
    return Next(ways[event.result], event.result)
