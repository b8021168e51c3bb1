"""Telephones in code that have a voice: WebRTC peers that send a tone and measure what they hear."""

import asyncio
import io
import json
import ssl
import threading
import time
import wave
from collections.abc import Coroutine
from concurrent.futures import Future
from fractions import Fraction
from typing import Any, TypeVar

import aiohttp
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler
from numpy.typing import NDArray

T = TypeVar("T")

PATIENCE = 20.0  # seconds until something that must come is given up
_LOUD = 2000.0  # of 8000 that a tone has at its source
_QUIET = 400.0  # what a late packet leaves of any pitch is below
_HEARD = 8000  # samples that are measured: half a second at 16 kHz
_RATE = 16_000


def tone_file(pitch: float, seconds: float) -> bytes:
    """A WAV file of 8 kHz."""
    at = np.arange(int(8000 * seconds)) / 8000
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((8000 * np.sin(2 * np.pi * pitch * at)).astype("<i2").tobytes())
    return out.getvalue()


class Tone(MediaStreamTrack):
    """What a telephone says: one pitch, in the rate that its codec likes, or silence."""

    kind = "audio"

    def __init__(self, pitch: float, rate: int) -> None:
        super().__init__()
        self.pitch = pitch
        self._rate = rate
        self._sent = 0
        self._began = time.monotonic()

    async def recv(self) -> AudioFrame:
        count = self._rate // 50
        await asyncio.sleep(max(0.0, self._began + self._sent / self._rate - time.monotonic()))
        at = (self._sent + np.arange(count)) / self._rate
        loud = 8000 if self.pitch else 0
        samples = (loud * np.sin(2 * np.pi * self.pitch * at)).astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._sent
        self._sent += count
        return frame


class Voice:
    """One telephone with a tone of its own. `codec` is audio/PCMU (8 kHz), audio/G722 (16) or audio/opus (48)."""

    def __init__(self, voices: "Voices", pitch: float, codec: str) -> None:
        self._voices = voices
        self._heard: list[NDArray[np.int16]] = []
        rate = {"audio/PCMU": 8000, "audio/G722": 16_000, "audio/opus": 48_000}[codec]
        self.tone = Tone(pitch, rate)
        self._codec = codec
        self.connection = voices.run(self._make())

    async def _make(self) -> RTCPeerConnection:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.on("track", lambda track: asyncio.ensure_future(self._listen(track)))
        return connection

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
        try:
            while True:
                came = await track.recv()
                assert isinstance(came, AudioFrame)
                for frame in resampler.resample(came):
                    self._heard.append(frame.to_ndarray().reshape(-1).astype(np.int16, copy=False))
        except MediaStreamError:
            return

    async def offer(self) -> str:
        sender = self.connection.addTransceiver(self.tone, "sendrecv")
        wanted = [each for each in RTCRtpSender.getCapabilities("audio").codecs if each.mimeType == self._codec]
        sender.setCodecPreferences(wanted)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def take_answer(self, sdp: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def answer(self, sdp: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        self.connection.addTrack(self.tone)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return str(self.connection.localDescription.sdp)

    def loudness(self, pitch: float) -> float:
        """How strong a pitch is in the last half second that was heard."""
        heard = np.concatenate(self._heard[-100:])[-_HEARD:] if self._heard else np.zeros(0)
        if len(heard) < _HEARD:
            return 0.0
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(_HEARD))) / (_HEARD / 4)
        at = round(pitch * _HEARD / _RATE)
        return float(spectrum[at - 2 : at + 3].max())

    def hears(self, pitch: float, loud: float = _LOUD) -> None:
        """Wait until a pitch is heard. AssertionError if it does not come."""
        self._wait(pitch, lambda loudness: loudness > loud, "heard")

    def hears_no(self, pitch: float) -> None:
        """Wait until it is heard no more, and then for a second more in which it must stay away."""
        self._wait(pitch, lambda loudness: loudness < _QUIET, "silent")
        count = len(self._heard)
        self._until(lambda: len(self._heard) > count + 50, "sound to go on")
        assert self.loudness(pitch) < _QUIET, f"{pitch} Hz came back: {self.loudness(pitch)}"

    def _wait(self, pitch: float, is_so: Any, what: str) -> None:
        self._until(lambda: len(self._heard) > 30 and is_so(self.loudness(pitch)), f"{pitch} Hz to be {what}")

    def _until(self, happened: Any, what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not happened():
            heard = {pitch: round(self.loudness(pitch)) for pitch in range(400, 2000, 100)}
            assert time.monotonic() < until, f"waited for {what}; {len(self._heard)} pieces came, last heard: {heard}"
            time.sleep(0.05)


class Softphone:
    """A page with Twilio's library, in code: its signalling, and a voice for each call."""

    def __init__(self, voices: "Voices", url: str, token: str | None, **more: Any) -> None:
        self._voices = voices
        self._said: list[dict[str, Any]] = []
        self._read = 0
        self.socket = voices.run(self._open(url))
        if token is not None:
            self.say("listen", token=token, **more)

    async def _open(self, url: str) -> aiohttp.ClientWebSocketResponse:
        insecure = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        insecure.check_hostname, insecure.verify_mode = False, ssl.CERT_NONE
        socket = await self._voices.session.ws_connect(f"{url}/signal", ssl=insecure)
        self._reader = asyncio.ensure_future(self._listen(socket))
        return socket

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.data.strip():
                self._said.append(json.loads(message.data))

    def say(self, kind: str, **payload: Any) -> None:
        self._voices.run(self.socket.send_str(json.dumps({"type": kind, "payload": payload, "version": "1.6"})))

    def expect(self, kind: str) -> dict[str, Any]:
        """The next thing the gateway says; AssertionError if it is another one."""
        until = time.monotonic() + PATIENCE
        while len(self._said) <= self._read:
            assert time.monotonic() < until, f"waited for {kind}, after {self._said}"
            time.sleep(0.01)
        said = self._said[self._read]
        self._read += 1
        assert said["type"] == kind, said
        assert said["version"] == "1.6"
        return dict(said["payload"])

    def call(self, pitch: float, params: str = "", codec: str = "audio/PCMU") -> tuple[str, Voice]:
        """Call out as the library does; returns the call's SID once the application has taken it."""
        voice = self._voices.voice(pitch, codec)
        offer = self._voices.run(voice.offer())
        self.say("invite", callsid="TJ1", sdp=offer, twilio={"params": params})
        sid = str(self.expect("ringing")["callsid"])
        answer = self.expect("answer")
        assert answer["callsid"] == sid
        self._voices.run(voice.take_answer(answer["sdp"]))
        return sid, voice

    def close(self) -> None:
        self._voices.run(self.socket.close())


class Voices:
    """All that has a voice in one test, in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="voices", daemon=True)
        self._thread.start()
        self._made: list[Voice] = []
        self.session = self.run(self._open())

    async def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(PATIENCE)

    def voice(self, pitch: float, codec: str = "audio/PCMU") -> Voice:
        self._made.append(Voice(self, pitch, codec))
        return self._made[-1]

    def close(self) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        for voice in self._made:
            await voice.connection.close()
        await self.session.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
