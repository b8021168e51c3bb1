"""What speaks a text, whichever way: the offline program, the online voice, and for tests a silent one."""

from typing import Protocol

import numpy as np

from audio.telephone import RATE, Samples
from audio.voices import voice_of


class CannotRender(RuntimeError):
    """The synthesizer is missing, away or has failed. The message says which, and the mend where there is one."""


class CannotSpeak(CannotRender):
    """Only these words cannot be spoken; others may be."""


class Synthesizer(Protocol):
    """Speaks one text after the other, ahead of calls and never within one."""

    def speak(self, language: str, text: str) -> tuple[Samples, int]:
        """The sound of the text, one channel, and its samples a second. Raises CannotRender, UnknownLanguage."""
        ...


class Silence:
    """Speaks every text as silence, for whoever needs clips and no words."""

    def speak(self, language: str, text: str) -> tuple[Samples, int]:
        """A tenth of a second for each word. Raises UnknownLanguage."""
        voice_of(language)
        return np.zeros(RATE // 10 * max(1, len(text.split()))), RATE
