"""The calls of one page: those it makes, and those it has taken."""

import asyncio
from urllib.parse import parse_qsl

from ivr.emulator import session
from ivr.emulator.access_token import Grant
from ivr.emulator.exchange import Exchange
from ivr.emulator.placing import connect_in
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.peer import BadOffer, Peer
from ivr.emulator.voice.softphone_leg import Payload, Send, SoftphoneLeg

_LOOK = 10.0  # real seconds
_KEYS = "0123456789*#"


class NoApp(ValueError):
    """The token leads to no TwiML App of this account."""


class SoftphoneCalls:
    """`legs` are those of all pages, by call: a page that comes back finds its own there."""

    def __init__(self, ex: Exchange, mixer: Mixer, legs: dict[str, SoftphoneLeg], send: Send) -> None:
        self._ex = ex
        self._mixer = mixer
        self._legs = legs
        self._send = send

    async def invite(self, grant: Grant, payload: Payload) -> None:
        """Call out, or go on with a call whose signalling was lost. Raises NoApp or BadOffer."""
        temporary = str(payload.get("callsid") or "")
        if payload.get("reconnect"):
            self._take_up(grant, temporary, payload["reconnect"])
            return
        app = self._ex.applications.get(grant.app_sid)
        if app is None:
            raise NoApp("The token allows no outgoing call through a TwiML App of this account")
        params = dict(parse_qsl((payload.get("twilio") or {}).get("params") or "", keep_blank_values=True))
        call = connect_in(self._ex, grant.identity, app, params)
        peer = Peer(self._ex, self._mixer, call, lambda: session.hang_up(call))
        leg = SoftphoneLeg(call, grant.identity, peer, self._send, temporary)
        self._legs[call.sid] = leg
        try:
            sdp = await peer.answer(str(payload.get("sdp") or ""))
        except BadOffer:
            session.hang_up(call)
            raise
        finally:
            self._ex.spawn(self._end(leg))
        leg.tell("ringing")
        self._ex.spawn(self._connect(leg, sdp))

    def take(self, leg: SoftphoneLeg) -> None:
        """A call that rang here and was answered."""
        self._legs[leg.call.sid] = leg
        leg.tell("answer", reconnect=leg.reconnect)
        self._ex.spawn(self._end(leg))

    def hang_up(self, payload: Payload) -> None:
        leg = self._own(payload)
        if leg is not None:
            session.hang_up(leg.call)

    def press(self, payload: Payload) -> None:
        leg = self._own(payload)
        keys = "".join(key for key in str(payload.get("dtmf") or "") if key in _KEYS)
        if leg is not None and keys and leg.call.live:
            leg.call.press(keys)

    def leave(self) -> None:
        """The page's signalling is lost: its calls go on for a while, in case it comes back."""
        for leg in [each for each in self._legs.values() if each.send == self._send]:
            leg.send = None
            self._ex.spawn(self._hang_up_unless_back(leg))

    def _take_up(self, grant: Grant, call_sid: str, word: str) -> None:
        leg = self._legs.get(call_sid)
        if leg is None or leg.identity != grant.identity or leg.reconnect != word:
            self._send("hangup", {"callsid": call_sid})
            return
        leg.send = self._send
        leg.tell("answer", reconnect=leg.reconnect)

    async def _connect(self, leg: SoftphoneLeg, sdp: str) -> None:
        """Tell the page once the application has taken its call."""
        seen = 0
        while leg.call.live and not leg.call.answered:
            events = await leg.call.events.wait_after(seen, _LOOK)
            seen = events[-1]["n"] if events else seen
        if leg.call.live:
            leg.tell("answer", sdp=sdp, reconnect=leg.reconnect)

    async def _end(self, leg: SoftphoneLeg) -> None:
        try:
            await asyncio.wait({leg.call.over})
            leg.tell("hangup")
        finally:
            self._legs.pop(leg.call.sid, None)
            await leg.peer.close()

    async def _hang_up_unless_back(self, leg: SoftphoneLeg) -> None:
        await asyncio.sleep(self._ex.settings.voice_grace)
        if leg.send is None:
            session.hang_up(leg.call)

    def _own(self, payload: Payload) -> SoftphoneLeg | None:
        name = str(payload.get("callsid") or "")
        mine = (leg for leg in self._legs.values() if leg.send == self._send)
        return next((leg for leg in mine if name and name in (leg.call.sid, leg.temporary)), None)
