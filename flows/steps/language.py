"""`language`: one line per language, each in its own; or, for a known caller, the last one again."""

from flows.compose import compose_line
from flows.course import Course, Next
from flows.flow import ChooseLanguage, KnownCaller
from flows.steps.question import go_everywhere, is_overdue, miss
from flows.values import Collect, Event, Keyed, Remember


def enter_language(course: Course, step: ChooseLanguage) -> Next | None:
    """A known caller is greeted in the language of last time, unless it is no longer offered."""
    if is_overdue(course, step):
        return _give_up(course, step)
    remembered = course.facts.get("caller.language")
    if step.known_caller and not course.language_chosen and remembered in step.choices.values():
        return _greet(course, step, step.known_caller)
    return _ask(course, step)


def _greet(course: Course, step: ChooseLanguage, known: KnownCaller) -> Next | None:
    course.phase = "known"
    course.speak([course.line(known.say, keys={"key": known.change_key})], interrupt=step.defaults.interrupt)
    course.wait(Collect(known.wait, 1, ""), "keys")
    return None


def _ask(course: Course, step: ChooseLanguage) -> Next | None:
    course.phase = "question"
    lines = [
        compose_line(course.flow, language, step.prompt, course.known, keys={"key": key}, at=course.at)
        for key, language in step.choices.items()
    ]
    course.speak(lines, interrupt=step.defaults.interrupt)
    course.wait(Collect(step.defaults.wait, 1, ""), "keys")
    return None


def hear_language(course: Course, step: ChooseLanguage, event: Event) -> Next | None:
    pressed = event.digits[:1] if isinstance(event, Keyed) else ""
    if course.phase == "known" and step.known_caller:
        if pressed == step.known_caller.change_key:
            course.went(step.name, f"key {pressed}", step.name)
            return _ask(course, step)
        if not pressed or not (elsewhere := go_everywhere(course, pressed)):
            # Whoever has called before and presses the key of the menu to come is in a hurry, and not wrong.
            return _settle(course, step, course.language, Next(step.then, "known_caller"))
        return _leave(course, step, elsewhere)
    if pressed in step.choices:
        return _settle(course, step, step.choices[pressed], Next(step.then, f"key {pressed}", by_caller=True))
    if pressed and (elsewhere := go_everywhere(course, pressed)):
        return _leave(course, step, elsewhere)
    if miss(course, step, "wrong_key" if pressed else "silence"):
        return _give_up(course, step) if is_overdue(course, step) else _ask(course, step)
    return _give_up(course, step)


def _settle(course: Course, step: ChooseLanguage, language: str, onward: Next) -> Next:
    course.language = language
    course.language_chosen = True
    if step.remember and onward.by_caller:
        course.facts["caller.language"] = language
        course.actions.append(Remember(language))
    return onward


def _leave(course: Course, step: ChooseLanguage, onward: Next) -> Next:
    """Who goes on without choosing is spoken to like one who stayed silent."""
    if onward.to in ("person", "home") and not course.language_chosen and course.phase != "known":
        course.language = step.speak_on_give_up
    course.language_chosen = course.language_chosen or onward.to in ("person", "home")
    return onward


def _give_up(course: Course, step: ChooseLanguage) -> Next:
    if not course.language_chosen:
        course.language = step.speak_on_give_up
    course.language_chosen = True
    return Next(step.then, "give_up")
