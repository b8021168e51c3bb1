"""`menu`: one line per choice, one key."""

from flows.course import Course, Next
from flows.flow import Choice, Menu
from flows.missing import Missing
from flows.steps.question import give_up, go_everywhere, is_overdue, miss
from flows.values import Collect, Event, Keyed, Line, RememberNumber


def enter_menu(course: Course, step: Menu) -> Next | None:
    if is_overdue(course, step):
        return give_up(step)
    lines = [course.line(step.prompt)]
    lines += [course.choice_line(choice.say, choice.key) for choice in step.choices]
    lines += _tell_keys(course, step)
    course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(Collect(step.defaults.wait, longest_key(step), ""), "keys")
    return None


def longest_key(step: Menu) -> int:
    return max((len(choice.key) for choice in step.choices), default=1)


def hear_menu(course: Course, step: Menu, event: Event) -> Next | None:
    pressed = event.digits if isinstance(event, Keyed) else ""
    choice = find_choice(step, pressed)
    if choice is not None:
        return _choose(course, step, choice)
    if pressed and (elsewhere := go_everywhere(course, pressed[0])):
        return elsewhere
    if miss(course, step, "wrong_key" if pressed else "silence"):
        return enter_menu(course, step)
    return give_up(step)


def find_choice(step: Menu, pressed: str) -> Choice | None:
    """The choice of the keys pressed. Of more keys than one choice takes, the first ones count."""
    return next((choice for choice in step.choices if pressed.startswith(choice.key)), None) if pressed else None


def _choose(course: Course, step: Menu, choice: Choice) -> Next:
    if step.note and choice.value is not None:
        course.note(step.note, choice.value)
    for note, value in choice.sets.items():
        course.note(note, value)
    if choice.remembers_number:
        course.actions.append(RememberNumber())
    to = choice.go or step.then
    if to is None:
        raise Missing(f"{step.name}: then")
    return Next(to, f"key {choice.key}", by_caller=True)


def _tell_keys(course: Course, step: Menu) -> list[Line]:
    """The keys that work everywhere, told once a call, after the menu that the flow names."""
    everywhere = course.flow.keys_everywhere
    if course.told_keys or everywhere.told_in != step.name:
        return []
    course.told_keys = True
    return [course.line("std_keys_everywhere", keys={meaning: key for key, meaning in everywhere.keys.items()})]
