"""<Dial> to numbers and softphones: they ring at once, the first to answer wins, the others are called off."""

import asyncio
from dataclasses import dataclass

from ivr.emulator import session
from ivr.emulator.bridge import Bridge
from ivr.emulator.call import Call, Callback
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.frame import WHISPER, Frame
from ivr.emulator.interpreter import answer, run
from ivr.emulator.outgoing import Params
from ivr.emulator.placing import MOST_DEVICES, is_e164, ring
from ivr.emulator.twiml import Document, Node
from ivr.emulator.verbs.dial_talk import talk

_USUAL_TIMEOUT = 30.0


@dataclass(eq=False)
class _Leg:
    call: Call
    whisper_url: str
    whisper_method: str
    won: "asyncio.Future[None]"


async def dial_legs(frame: Frame, dial: Node, nouns: list[Node]) -> Params:
    """Returns the fields of the Dial action."""
    caller_id = _caller_id(frame, dial, nouns)
    if caller_id is None:
        frame.ex.alerts.note(13214, frame.call.sid, url=frame.document.url)
        return [("DialCallStatus", "failed")]
    nouns = [noun for noun in nouns[:MOST_DEVICES] if _can_be_dialled(frame, noun)]
    rounds = [[noun] for noun in nouns] if dial.flag("sequential", False) else [nouns]
    result: Params = [("DialCallStatus", "failed")]
    for each in rounds:
        if not each:
            continue
        result = await _ring_round(frame, dial, [_make_leg(frame, noun, caller_id) for noun in each])
        if dict(result)["DialCallStatus"] == "completed":
            break
    return result


def _caller_id(frame: Frame, dial: Node, nouns: list[Node]) -> str | None:
    """Who the far end sees; None where a number is not the account's own."""
    wanted = dial.get("callerId")
    if not wanted:
        return frame.call.from_
    if wanted.startswith("client:") and all(noun.name == "Client" for noun in nouns):
        return wanted
    allowed = wanted == frame.call.from_ or wanted == frame.call.to or frame.ex.own_number(wanted) is not None
    return wanted if allowed else None


def _can_be_dialled(frame: Frame, noun: Node) -> bool:
    if noun.name == "Client" or is_e164(noun.text.strip()):
        return True
    frame.ex.alerts.note(13224, frame.call.sid, url=frame.document.url)
    return False


def _make_leg(frame: Frame, noun: Node, caller_id: str) -> _Leg:
    if noun.name == "Client":
        identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
        to = f"client:{identity.strip()}"
    else:
        to = noun.text.strip()
    call = frame.ex.add_call(caller_id, to, "outbound-dial", parent_sid=frame.call.sid)
    call.parameters = [(child.get("name"), child.get("value")) for child in noun.children if child.name == "Parameter"]
    call.fallback = frame.call.fallback
    if noun.get("statusCallback"):
        events = frozenset((noun.get("statusCallbackEvent") or "completed").split())
        method = noun.get("statusCallbackMethod").upper() or "POST"
        call.progress = Callback(frame.resolve(noun.get("statusCallback")), method, events)
    whisper = frame.resolve(noun.get("url")) if noun.get("url") else ""
    return _Leg(call, whisper, noun.get("method").upper() or "POST", asyncio.get_running_loop().create_future())


async def _ring_round(frame: Frame, dial: Node, legs: list[_Leg]) -> Params:
    bridge = Bridge(frame.call)
    seconds = dial.number("timeout", _USUAL_TIMEOUT)
    for leg in legs:
        begin = _Begin(frame, leg, legs, bridge, seconds)
        leg.call.task = frame.ex.spawn(session.live(frame.ex, leg.call, begin))
    frame.call.events.add("dialling", count=len(legs))
    waiting: set[asyncio.Future[None]] = {leg.call.over for leg in legs}
    try:
        while waiting and not bridge.ready.done():
            await frame.call.race(bridge.ready, *waiting)
            waiting = {over for over in waiting if not over.done()}
        winner = next((leg for leg in legs if leg.won.done()), None)
        if winner is None or not bridge.ready.done():
            return _failure(legs)
        answer(frame.ex, frame.call)  # where the caller's own leg waited for the bridge
        return await talk(frame, dial, bridge, winner.call)
    finally:
        bridge.end()
        for leg in legs:
            session.hang_up(leg.call)


def _failure(legs: list[_Leg]) -> Params:
    statuses = [leg.call.status for leg in legs]
    best = next((each for each in ("busy", "no-answer", "failed", "canceled") if each in statuses), "no-answer")
    return [("DialCallStatus", best), ("DialCallSid", legs[-1].call.sid), ("DialBridged", "false")]


@dataclass
class _Begin:
    """What a dialled leg does: ring, hear its own word, and talk until the bridge is over."""

    frame: Frame
    leg: _Leg
    legs: list[_Leg]
    bridge: Bridge
    seconds: float

    async def __call__(self) -> Document | None:
        ex, leg, bridge = self.frame.ex, self.leg, self.bridge
        if not await ring(ex, leg.call, self.seconds):
            return None
        if any(other.won.done() for other in self.legs):
            return None
        leg.won.set_result(None)
        for other in self.legs:
            if other is not leg:
                session.hang_up(other.call)
        if leg.whisper_url:
            try:
                document = await ex.request(leg.call, leg.whisper_url, leg.whisper_method)
            except WebhookFailed as failure:
                ex.note(leg.call, failure, leg.whisper_method)
                return None
            await run(Frame(ex, leg.call, document, WHISPER))
        if bridge.over.done():
            return None
        bridge.begin()
        leg.call.events.add("bridge")
        try:
            with leg.call.hearing(lambda: [bridge.dialer]):
                await leg.call.race(bridge.over)
        finally:
            bridge.end()
        return None
