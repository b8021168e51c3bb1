"""`run` and `try_out`: neither speaks nor waits."""

import hashlib

from flows.course import Course, Next
from flows.flow import Run, TryOut
from flows.missing import Missing

_OF_A_HUNDRED = 100


def enter_run(course: Course, step: Run) -> Next:
    """Go into the other flow, whose steps are here under this one's name."""
    for note, value in step.given.items():
        course.note(note, value)
    return Next(step.begins, "run")


def enter_try_out(course: Course, step: TryOut) -> Next:
    """The same caller always goes the same way, for as long as this version is heard."""
    lot = draw_lot(caller_of(course), step.name, course.version)
    for way in step.ways:
        lot -= way.share
        if lot < 0:
            return Next(way.go, way.name)
    raise Missing(f"{step.name}: ways")


def caller_of(course: Course) -> str:
    """The number; who withholds it is told apart by the moment of the call alone."""
    return course.known("caller.number") or f"withheld {course.entered_menus_at:.3f}"


def draw_lot(caller: str, step: str, version: str) -> int:
    """0 to 99, evenly spread over callers; another step or another version draws anew."""
    digest = hashlib.sha256("\n".join((caller, step, version)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % _OF_A_HUNDRED
