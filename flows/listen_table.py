"""The caller's ear as a table."""

from collections.abc import Sequence

from flows.course import KIND_NOTE
from flows.flow import Flow
from flows.listen import FIRST_KEY, PERSON, Ear

_WIDTH = 14


def tell_ears(flow: Flow, language: str, ears: Sequence[Ear]) -> str:
    """A row for each thing that a caller may want, a column for each caller."""
    kept = flow.notes.get(KIND_NOTE)
    goals = [FIRST_KEY, *(kept.values if kept else ()), PERSON]
    width = max(map(len, goals)) + 2
    lines = [
        f'{flow.title}: seconds of sound from "hello", in {language}',
        "",
        " " * width + "".join(_title(ear).rjust(_WIDTH) for ear in ears),
        " " * width + "".join(("interrupts" if ear.interrupts else "hears all").rjust(_WIDTH) for ear in ears),
        *(goal.ljust(width) + "".join(_cell(ear, goal).rjust(_WIDTH) for ear in ears) for goal in goals),
        "",
        "Who interrupts presses each key as its option ends; who hears all, when everything has been said.",
        "Each row but the first ends in the line for a person. After a plus: seconds of waiting in silence.",
        _source(ears),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _title(ear: Ear) -> str:
    return "returning" if ear.is_returning else "new"


def _cell(ear: Ear, goal: str) -> str:
    reached = ear.reached.get(goal)
    if reached is None:
        return "-"
    return f"{reached.seconds:.1f}" + (f" + {reached.silence:.0f}" if reached.silence else "")


def _source(ears: Sequence[Ear]) -> str:
    guessed = frozenset[tuple[str, str]]().union(*(ear.guessed for ear in ears))
    if not guessed:
        return "Measured: everything that is heard here has its sound."
    if not any(ear.measured for ear in ears):
        return "Guessed from the length of the words: nothing is rendered. Render it with: helpline prompts render"
    return f"Measured, but for {len(guessed)} pieces without a sound. Render them with: helpline prompts render"
