"""The texts that India's operators have approved: anything else of the sender is filtered on the way."""

import re
from collections.abc import Iterable

_BLANK = "{#var#}"
_LONGEST_BLANK = 30  # characters, as the operators' register allows


class Templates:
    """Each is the exact words with {#var#} where something is filled in. With none registered, all texts pass."""

    def __init__(self, bodies: Iterable[str] = ()) -> None:
        self.bodies: tuple[str, ...] = ()
        self._patterns: tuple[re.Pattern[str], ...] = ()
        self.register(bodies)

    def register(self, bodies: Iterable[str]) -> None:
        """Replace the register."""
        self.bodies = tuple(bodies)
        self._patterns = tuple(_pattern(body) for body in self.bodies)

    def allow(self, text: str) -> bool:
        return not self._patterns or any(pattern.fullmatch(text) for pattern in self._patterns)


def _pattern(body: str) -> re.Pattern[str]:
    blank = f".{{0,{_LONGEST_BLANK}}}"
    return re.compile(blank.join(re.escape(part) for part in body.split(_BLANK)), re.S)
