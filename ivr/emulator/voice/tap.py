"""A tap on some voices: their mixed sound, block by block."""

from collections.abc import Callable

from ivr.emulator.call import Call
from ivr.emulator.voice.block import SECONDS, Samples

Take = Callable[[float, Samples], None]
Whose = Callable[[], list[Call]]

_MOST_LATE = 0.2  # seconds


class Tap:
    """`take` is given where a block begins, in seconds since the tap was opened, and the block.

    A block is 20 ms, 16 kHz, 16 bit, one channel. They follow each other without a gap, silent ones too, unless the
    machine was too busy to mix.
    """

    def __init__(self, whose: Whose, take: Take, now: float) -> None:
        self.whose = whose
        self._take = take
        self._began = now
        self._at = 0.0

    def give(self, now: float, block: Samples) -> None:
        """`now` is by the event loop's clock, as at the beginning."""
        if now - self._began - self._at > _MOST_LATE:
            self._at = now - self._began
        self._take(self._at, block)
        self._at += SECONDS
