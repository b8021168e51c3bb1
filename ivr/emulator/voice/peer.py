"""One WebRTC connection: a browser on one side, the sound of a call on the other."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.voice.decoding import mono, samples_of
from ivr.emulator.voice.leg import Leg
from ivr.emulator.voice.mixer import Mixer

_OVER = ("failed", "closed")


class BadOffer(ValueError):
    """The description of the other side makes no sense here."""


class Peer:
    """`on_over` is told when the browser's side is gone; not when `close` ends it."""

    def __init__(self, ex: Exchange, mixer: Mixer, call: Call, on_over: Callable[[], None]) -> None:
        self._ex = ex
        self._mixer = mixer
        self._call = call
        self._on_over = on_over
        self._leg = Leg()
        # No server is asked for our address: both sides are on this machine.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("track", self._hear)
        self._connection.on("connectionstatechange", self._look)
        self._closing: asyncio.Task[None] | None = None

    async def answer(self, sdp: str) -> str:
        """Take the browser's offer; returns our answer. Raises BadOffer."""
        with _as_bad_offer():
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            self._connection.addTrack(self._leg.ear)
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def offer(self) -> str:
        """Our offer to a browser that rings."""
        self._connection.addTrack(self._leg.ear)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def take_answer(self, sdp: str) -> None:
        """The browser's answer to our offer. Raises BadOffer."""
        with _as_bad_offer():
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def close(self) -> None:
        """End it from our side. A second time changes nothing."""
        if self._closing is None:
            self._mixer.detach(self._call, self._leg)
            self._closing = self._ex.finish(self._connection.close())
        # Whoever waits may be stopped meanwhile: half closed, its sockets would stay open for ever.
        await asyncio.shield(self._closing)

    def _look(self) -> None:
        state = self._connection.connectionState
        if self._closing is not None:
            return
        if state == "connected":
            self._mixer.attach(self._call, self._leg)
        elif state in _OVER:
            self._ex.spawn(self.close())
            self._on_over()

    def _hear(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._ex.spawn(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = mono()
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                for each in resampler.resample(frame) if isinstance(frame, AudioFrame) else ():
                    self._leg.put(samples_of(each))


@contextlib.contextmanager
def _as_bad_offer() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, IndexError, AttributeError, AssertionError, asyncio.InvalidStateError) as error:
        raise BadOffer(f"The description of the sound cannot be used: {error}") from error
