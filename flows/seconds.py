"""About how long words take to listen to."""

from collections.abc import Iterable

from flows.saying import told
from flows.values import Line

# Characters a second of unhurried speech on the telephone, by language; Indic scripts write a syllable in more of them.
_PACE = {"bn": 12.0, "en": 14.0, "hi": 12.0}
_PAUSE = 0.4  # after each line
_SLOW_PAUSE = 0.5  # longer for each unit that is read slowly


def seconds_of_text(text: str, language: str) -> float:
    return len(text) / _PACE.get(language, 13.0)


def seconds_of(lines: Iterable[Line]) -> float:
    """Seconds that the lines take one after the other."""
    return sum(
        _PAUSE + sum(seconds_of_text(unit, line.language) + slow * _SLOW_PAUSE for unit, slow in told(line))
        for line in lines
    )
