"""The sound of one call: what comes from its telephone, and what goes there."""

import asyncio
from collections import deque
from fractions import Fraction

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from ivr.emulator.voice.block import BLOCK, RATE, SILENCE, Samples

_MOST_WAITING = 10 * BLOCK  # samples: a telephone that sends faster than it is heard must not fall ever further behind
_FIRST_WAITING = 2 * BLOCK  # samples: so that one late packet is no gap
_MOST_UNSENT = 5  # blocks


class Ear(MediaStreamTrack):
    """The track that a telephone plays; the mixer gives it a block every 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._blocks: asyncio.Queue[Samples | None] = asyncio.Queue()
        self._sent = 0

    def give(self, block: Samples) -> None:
        if self._blocks.qsize() < _MOST_UNSENT:
            self._blocks.put_nowait(block)

    async def recv(self) -> AudioFrame:
        """The next block, as soon as it is there. Raises MediaStreamError once the track has stopped."""
        block = await self._blocks.get() if self.readyState == "live" else None
        if block is None:
            raise MediaStreamError
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._sent
        self._sent += BLOCK
        return frame

    def stop(self) -> None:
        super().stop()
        self._blocks.put_nowait(None)


class Leg:
    """What a telephone sends is taken in pieces of one block; silence where nothing has come."""

    def __init__(self) -> None:
        self.ear = Ear()
        self._waiting: deque[Samples] = deque()
        self._count = 0  # samples that wait
        self._flows = False

    def put(self, samples: Samples) -> None:
        """Sound from the telephone, any number of samples; the oldest is dropped where too much waits."""
        self._waiting.append(samples)
        self._count += len(samples)
        while self._count > _MOST_WAITING:
            self._count -= len(self._waiting.popleft())

    def take(self) -> Samples:
        """The next block."""
        if self._count < (BLOCK if self._flows else _FIRST_WAITING):
            self._flows = False
            return SILENCE
        self._flows = True
        parts: list[Samples] = []
        missing = BLOCK
        while missing:
            part = self._waiting.popleft()
            if len(part) > missing:
                self._waiting.appendleft(part[missing:])
                part = part[:missing]
            parts.append(part)
            missing -= len(part)
        self._count -= BLOCK
        return np.concatenate(parts)
