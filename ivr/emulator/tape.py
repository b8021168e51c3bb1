"""The sound of a recording of several people: what was put on it, and silence everywhere else."""

import math
from array import array
from dataclasses import dataclass, field

from ivr.emulator.wav import as_wav

RATE = 8000  # samples a second, as telephones have
_TONE = 440  # hertz: where there is no voice to keep, a tone stands for the speech
_LOUDNESS = 6000
_LOUDEST = 32_767

Span = tuple[float, float]
"""Seconds from the start of the recording: from, and until."""


@dataclass
class Tape:
    """16 bit, 8 kHz, one channel. What is put on it at the same time is heard together."""

    pieces: list[tuple[int, "array[int]"]] = field(default_factory=list)  # the sample it begins at, and its samples

    def put(self, at: float, samples: "array[int]") -> None:
        """Put sound on it, `at` seconds from its start."""
        self.pieces.append((max(0, round(at * RATE)), samples))

    def put_tone(self, at: float, seconds: float) -> None:
        """Put somebody's speech on it, for which a tone stands."""
        self.put(at, tone(seconds))

    def wav(self, seconds: float, silent: list[Span], left_out: list[Span]) -> bytes:
        """The file: so long, without sound in the `silent` spans, and without the time of those `left_out`."""
        # Loaded only here: most emulators never see this request, and the library is large.
        import numpy as np

        mixed = np.zeros(round(seconds * RATE), dtype=np.int32)
        for at, samples in self.pieces:
            part = np.frombuffer(samples, dtype=np.int16)[: max(0, len(mixed) - at)]
            mixed[at : at + len(part)] += part
        keeps = np.ones(len(mixed), dtype=bool)
        for begin, end in silent:
            mixed[round(begin * RATE) : round(end * RATE)] = 0
        for begin, end in left_out:
            keeps[round(begin * RATE) : round(end * RATE)] = False
        heard = np.clip(mixed[keeps], -_LOUDEST, _LOUDEST).astype(np.int16)
        return as_wav(heard.tobytes(), RATE)


def tone(seconds: float) -> "array[int]":
    """The sound that stands for speech."""
    period = [round(_LOUDNESS * math.sin(2 * math.pi * _TONE * n / RATE)) for n in range(RATE)]
    whole, rest = divmod(seconds, 1)
    return array("h", period * int(whole) + period[: int(rest * RATE)])
