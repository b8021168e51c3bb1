"""The smallest piece of sound: 20 ms of one voice, 16 bit, 16 kHz."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

RATE = 16_000  # samples a second: what a conference is mixed at, whatever its legs bring
BLOCK = 320  # samples
SECONDS = BLOCK / RATE
TELEPHONE_RATE = RATE // 2
SILENCE: Samples = np.zeros(BLOCK, dtype=np.int16)


def for_telephone(samples: Samples) -> Samples:
    """The same at the rate of telephones: the mean of each two samples is enough for speech that came from one."""
    means: Samples = samples.reshape(-1, 2).mean(axis=1).astype(np.int16)
    return means


def add(parts: Iterable[Samples]) -> Samples:
    """All of them at once, each of one block; what would be too loud is cut."""
    voices = list(parts)
    if not voices:
        return SILENCE
    if len(voices) == 1:
        return voices[0]
    total = np.sum(voices, axis=0, dtype=np.int32)
    return np.clip(total, -32768, 32767).astype(np.int16)
