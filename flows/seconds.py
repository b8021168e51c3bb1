"""How long words take to listen to: as long as their sound, where there is one, else about as long as is usual."""

from collections.abc import Callable, Iterable

from flows.saying import phrase
from flows.values import Line

Clip = Callable[[str, str, bool], float | None]
"""Seconds of the sound of (language, text, whether it is read slowly); None where it has not been rendered."""

# Characters a second of unhurried speech on the telephone, by language; Indic scripts write a syllable in more of them.
_PACE = {"bn": 12.0, "en": 14.0, "hi": 12.0}
_PAUSE = 0.4  # after each line that is guessed
_SLOW_PAUSE = 0.5  # longer for each unit that is read slowly


def no_clips(language: str, text: str, slow: bool) -> None:
    """Nothing has been rendered: everything is guessed."""
    return


def seconds_of(lines: Iterable[Line], clip: Clip = no_clips) -> float:
    """Seconds that the lines take one after the other."""
    return sum(_seconds_of_line(line, clip) for line in lines)


Units = frozenset[tuple[str, str]]


def sort_units(lines: Iterable[Line], clip: Clip = no_clips) -> tuple[Units, Units]:
    """The units of (language, text) that have a sound, and those whose seconds are a guess."""
    units = {(line.language, text, slow) for line in lines for text, slow, _ in phrase(line)}
    guessed = frozenset((language, text) for language, text, slow in units if clip(language, text, slow) is None)
    return frozenset((language, text) for language, text, _ in units) - guessed, guessed


def _seconds_of_line(line: Line, clip: Clip) -> float:
    seconds, after = 0.0, 0.0
    for text, slow, pause in phrase(line):
        measured = clip(line.language, text, slow)
        if measured is None:
            measured = len(text) / _PACE.get(line.language, 13.0) + slow * _SLOW_PAUSE
            after = _PAUSE
        seconds += measured + pause / 100
    return seconds + after
