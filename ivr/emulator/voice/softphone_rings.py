"""The ring at one page that has registered."""

import asyncio
from collections.abc import Callable

from ivr.emulator import session
from ivr.emulator.access_token import Grant
from ivr.emulator.device import Device
from ivr.emulator.exchange import Exchange
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.peer import Peer
from ivr.emulator.voice.softphone_leg import Payload, Send, SoftphoneLeg

_LOOK = 10.0  # real seconds


class SoftphoneRings:
    """`take` is given the calls that were answered here."""

    def __init__(self, ex: Exchange, mixer: Mixer, send: Send, take: Callable[[SoftphoneLeg], None]) -> None:
        self._ex = ex
        self._mixer = mixer
        self._send = send
        self._take = take
        self._device: Device | None = None
        self._following: asyncio.Task[None] | None = None
        self._offered: dict[str, SoftphoneLeg] = {}

    def register(self, grant: Grant) -> None:
        """From now on it rings here. A second time changes nothing."""
        if self._device is None:
            self._device = Device(grant.identity, self._ex.clock)
            self._ex.devices[self._device.sid] = self._device
            self._following = self._ex.spawn(self._follow(self._device))

    def unregister(self) -> None:
        if self._device is not None and self._following is not None:
            self._ex.devices.pop(self._device.sid, None)
            self._device = None
            self._following.cancel()
            for leg in self._offered.values():
                self._ex.spawn(leg.peer.close())
            self._offered.clear()

    async def answer(self, payload: Payload) -> None:
        """The page answers; the first one does. Raises BadOffer."""
        leg = self._offered.get(str(payload.get("callsid") or ""))
        ring = self._ex.rings.get(leg.call.sid) if leg else None
        if leg is None or ring is None:
            return  # taken elsewhere, or given up: the page is told by `cancel`
        await leg.peer.take_answer(str(payload.get("sdp") or ""))
        if ring.settle("answered"):
            del self._offered[leg.call.sid]
            self._take(leg)

    def reject(self, payload: Payload) -> None:
        call_sid = str(payload.get("callsid") or "")
        ring = self._ex.rings.get(call_sid)
        if ring is not None and call_sid in self._offered:
            ring.settle("busy")

    async def _follow(self, device: Device) -> None:
        seen = 0
        while True:
            for event in await device.events.wait_after(seen, _LOOK):
                seen = event["n"]
                if event["kind"] == "incoming":
                    await self._offer(device, event)
                else:
                    await self._call_off(event["call_sid"])

    async def _offer(self, device: Device, event: Payload) -> None:
        call = self._ex.calls[event["call_sid"]]
        # Every page of this person rings, each with a connection of its own until one of them answers.
        peer = Peer(self._ex, self._mixer, call, lambda: session.hang_up(call))
        leg = self._offered[call.sid] = SoftphoneLeg(call, device.identity, peer, self._send)
        leg.tell("invite", sdp=await peer.offer(), parameters={**event["parameters"], "ApiVersion": "2010-04-01"})

    async def _call_off(self, call_sid: str) -> None:
        leg = self._offered.pop(call_sid, None)
        if leg is not None:
            leg.tell("cancel")
            await leg.peer.close()
