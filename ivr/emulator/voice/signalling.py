"""One page's signalling, in the words of Twilio's Voice JavaScript SDK: JSON {type, payload, version}."""

import asyncio
import json
import time
from collections.abc import Awaitable

from aiohttp import WSMsgType, web

from ivr.emulator.access_token import Grant, read_token
from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.peer import BadOffer
from ivr.emulator.voice.softphone_calls import NoApp, SoftphoneCalls
from ivr.emulator.voice.softphone_leg import Payload, SoftphoneLeg
from ivr.emulator.voice.softphone_rings import SoftphoneRings

_VERSION = "1.6"
_HEARTBEAT = 10.0  # seconds: the library gives a line up after 15 without a word
# As the gateway calls what the REST interface calls 20101 and 20104; the library tells its page the latter again.
_INVALID, _EXPIRED = 31204, 31205
_GATEWAY_CODES = {20101: _INVALID, 20104: _EXPIRED}
_BAD_REQUEST = 31400


class Signalling:
    """Lasts as long as one WebSocket."""

    def __init__(
        self, ex: Exchange, mixer: Mixer, legs: dict[str, SoftphoneLeg], socket: web.WebSocketResponse
    ) -> None:
        self._ex = ex
        self._socket = socket
        self._unsent: asyncio.Queue[str] = asyncio.Queue()
        self._grant: Grant | None = None
        self._expiry: asyncio.Task[None] | None = None
        self._calls = SoftphoneCalls(ex, mixer, legs, self._send)
        self._rings = SoftphoneRings(ex, mixer, self._send, self._calls.take)

    async def run(self) -> None:
        """Until the page leaves."""
        sending, beating = self._ex.spawn(self._send_all()), self._ex.spawn(self._beat())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT and message.data.strip():
                    await self._read(message.data)
        finally:
            for task in (sending, beating, self._expiry):
                if task is not None:
                    task.cancel()
            self._rings.unregister()
            self._calls.leave()

    def _send(self, kind: str, payload: Payload) -> None:
        self._unsent.put_nowait(json.dumps({"type": kind, "payload": payload, "version": _VERSION}))

    def _refuse(self, code: int, message: str, call_sid: object = None) -> None:
        about = {"callsid": call_sid} if call_sid else {}
        self._send("error", {**about, "error": {"code": code, "message": message}})

    async def _send_all(self) -> None:
        while not self._socket.closed:
            try:
                await self._socket.send_str(await self._unsent.get())
            except ConnectionError:
                return  # the page has gone, and `run` sees it too

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            self._unsent.put_nowait("\n")

    async def _read(self, text: str) -> None:
        try:
            said = json.loads(text)
            kind, payload = str(said["type"]), dict(said.get("payload") or {})
        except (ValueError, KeyError, TypeError):
            self._refuse(_BAD_REQUEST, "The message is no JSON object with a type")
            return
        if kind == "listen":
            self._listen(str(payload.get("token") or ""))
        elif self._grant is None:
            self._refuse(_INVALID, "Say listen, with a token, before anything else", payload.get("callsid"))
        else:
            try:
                await self._act(self._grant, kind, payload)
            except BadOffer as error:
                self._refuse(_BAD_REQUEST, str(error), payload.get("callsid"))
            except NoApp as error:
                self._refuse(_INVALID, str(error), payload.get("callsid"))

    def _listen(self, token: str) -> None:
        """The token, at first and whenever the page has a new one."""
        try:
            grant = read_token(self._ex.settings, token)
        except RestError as error:
            self._refuse(_GATEWAY_CODES[error.code], error.message)
            return
        if self._grant is not None and grant.identity != self._grant.identity:
            self._refuse(_INVALID, "The new token is somebody else's")
            return
        self._grant = grant
        left = max(0, int(grant.expires_at - time.time()))
        about = {"identity": grant.identity, "ttl": left}
        self._send("connected", {"edge": "local", "region": "local", "gateway": "emulator", "token": about})
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = self._ex.spawn(self._expire(left))

    async def _expire(self, seconds: float) -> None:
        """Calls under way go on; what ends with the token is making new ones, and the ring."""
        await asyncio.sleep(seconds)
        self._rings.unregister()
        self._grant = None
        self._refuse(_EXPIRED, "The token has expired")

    def _act(self, grant: Grant, kind: str, payload: Payload) -> Awaitable[None]:
        """What the page asks for. Newer libraries may say more than is known here: that is passed over."""
        if kind == "invite":
            return self._calls.invite(grant, payload)
        if kind == "answer":
            return self._rings.answer(payload)
        if kind == "register":
            self._register(grant, payload)
        elif kind == "hangup":
            self._calls.hang_up(payload)
        elif kind == "dtmf":
            self._calls.press(payload)
        elif kind == "reject":
            self._rings.reject(payload)
        return asyncio.sleep(0)

    def _register(self, grant: Grant, payload: Payload) -> None:
        wants = (payload.get("media") or {}).get("audio", True)
        if not wants:
            self._rings.unregister()
            self._send("offline", {})
        elif not grant.incoming:
            self._refuse(_INVALID, "The token allows no incoming calls")
        else:
            self._rings.register(grant)
            self._send("ready", {})
