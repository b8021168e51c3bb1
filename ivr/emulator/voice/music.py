"""The music of somebody who waits where the application names none: six quiet notes, for ever."""

from functools import cache

import numpy as np

from ivr.emulator.voice.block import RATE, Samples

_NOTES = (392.0, 493.9, 587.3, 784.0, 587.3, 493.9)  # hertz: a broken chord of G
_SECONDS = 0.8  # of one note
_LOUDNESS = 3000


@cache
def waiting_music() -> Samples:
    """One round of it."""
    time = np.arange(int(RATE * _SECONDS)) / RATE
    fading = np.minimum(time / 0.03, 1) * np.exp(-2.5 * time)
    return np.concatenate(
        [(_LOUDNESS * fading * np.sin(2 * np.pi * pitch * time)).astype(np.int16) for pitch in _NOTES]
    )
