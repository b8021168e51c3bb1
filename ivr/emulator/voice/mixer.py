"""Says who hears what, fifty times a second, as long as some telephone carries sound or a recording runs."""

import asyncio
import logging
from collections import OrderedDict
from itertools import chain

import numpy as np

from ivr.emulator.call import Call
from ivr.emulator.conference import Conference
from ivr.emulator.exchange import Exchange
from ivr.emulator.sounding import Sounding
from ivr.emulator.voice.block import BLOCK, RATE, SECONDS, Samples, add
from ivr.emulator.voice.decoding import read_samples
from ivr.emulator.voice.leg import Leg
from ivr.emulator.voice.music import waiting_music
from ivr.emulator.voice.tap import Take, Tap, Whose

_log = logging.getLogger(__name__)

_LATEST = 0.2  # seconds: a mixer that fell further behind leaves out what is late
_KEPT = 60  # decoded sounds
_SOON = 0.3  # seconds: whoever comes in so early still hears a sound from its beginning


class Mixer:
    """Rooms and bridges say who is heard by whom; documents say what is played. Each leg hears both, never itself."""

    def __init__(self, ex: Exchange) -> None:
        self._ex = ex
        self._legs: dict[str, Leg] = {}  # by call
        self._taps: list[Tap] = []
        self._decoded: OrderedDict[bytes, Samples] = OrderedDict()
        self._running: asyncio.Task[None] | None = None
        self._came = asyncio.Condition()

    def carries(self, call: Call) -> bool:
        """Whether the call's telephone sends and plays sound now."""
        return call.sid in self._legs

    def attach(self, call: Call, leg: Leg) -> None:
        """From now on the call sounds through `leg`; one that it had before falls silent."""
        self._legs[call.sid] = leg
        self._start()
        self._ex.spawn(self._tell_came())

    def detach(self, call: Call, leg: Leg) -> None:
        if self._legs.get(call.sid) is leg:
            del self._legs[call.sid]
        leg.ear.stop()

    async def wait_for(self, call: Call, seconds: float) -> None:
        """Until the call's telephone carries sound, or so many real seconds have passed."""
        try:
            async with asyncio.timeout(seconds), self._came:
                await self._came.wait_for(lambda: self.carries(call) or not call.live)
        except TimeoutError:
            return

    def tap(self, conference: Conference, take: Take) -> Tap:
        """Give `take` what a recording of the conference takes, block by block, until `untap`: no whisper is in it."""
        return self.tap_voices(lambda: [each.call for each in conference.recorded()], take)

    def tap_voices(self, whose: Whose, take: Take) -> Tap:
        """The same with the voices of any calls, as they are at each moment."""
        tap = Tap(whose, take, asyncio.get_running_loop().time())
        self._taps.append(tap)
        self._start()
        return tap

    def untap(self, tap: Tap) -> None:
        """A second time changes nothing."""
        if tap in self._taps:
            self._taps.remove(tap)

    def _start(self) -> None:
        if self._running is None or self._running.done():
            self._running = self._ex.spawn(self._run())

    async def _tell_came(self) -> None:
        async with self._came:
            self._came.notify_all()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while self._legs or self._taps:
            self.mix()
            due = max(due + SECONDS, loop.time() - _LATEST)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def mix(self) -> None:
        """One block of everything."""
        spoken = {sid: leg.take() for sid, leg in self._legs.items()}
        now = asyncio.get_running_loop().time()
        for sid, leg in self._legs.items():
            call = self._ex.calls[sid]
            voices = (spoken[other.sid] for other in call.hears() if other.sid in spoken)
            leg.ear.give(add(chain(voices, [self._played(sound, now) for sound in call.soundings])))
        for tap in list(self._taps):
            try:
                tap.give(now, add(spoken[call.sid] for call in tap.whose() if call.sid in spoken))
            except Exception:
                # Whoever listens badly must not silence everybody else.
                _log.exception("a tap on voices failed")
                self.untap(tap)

    def _played(self, sound: Sounding, now: float) -> Samples:
        """The next block of a sound; one that nobody could hear until now is heard from where it is by now."""
        if sound.at is None:
            late = now - sound.began
            sound.at = int(late * RATE) if late > _SOON else 0
        at, samples = sound.at, self._samples(sound)
        sound.at += BLOCK
        if sound.endless and len(samples):
            return samples.take(range(at, at + BLOCK), mode="wrap")
        block = samples[at : at + BLOCK]
        return block if len(block) == BLOCK else np.pad(block, (0, BLOCK - len(block)))

    def _samples(self, sound: Sounding) -> Samples:
        if not sound.file:
            return waiting_music()
        if sound.file not in self._decoded:
            self._decoded[sound.file] = read_samples(sound.file)
        self._decoded.move_to_end(sound.file)
        while len(self._decoded) > _KEPT:
            self._decoded.popitem(last=False)
        return self._decoded[sound.file]
