"""How calls come about: someone dials in, a softphone connects, the application dials out."""

from collections.abc import Mapping
from urllib.parse import urlencode

from ivr.emulator import session
from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.interpreter import answer
from ivr.emulator.phone_number import Application, PhoneNumber
from ivr.emulator.ring import Ring
from ivr.emulator.twiml import Document

_DIALLED = 0.2  # telephone seconds between an order to dial and the network's first sign
MOST_DEVICES = 10
_UNTIL_SOUND = 4.0  # real seconds: then the call begins without


def dial_in(ex: Exchange, handset: str, shown: str, number: PhoneNumber, *, with_sound: bool = False) -> Call:
    """A telephone of the public network calls one of the account's numbers; `shown` is what it tells of itself.

    `with_sound` the line rings until the telephone's sound is there, so that not a word of the first prompt is missed.
    """
    call = ex.add_call(shown, number.number, "inbound", status="ringing", number_sid=number.sid, handset=handset)
    call.fallback = number.voice.fallback
    call.progress = number.voice.status
    call.events.add("ringing", status="ringing")
    voice = number.voice

    async def begin() -> Document:
        if with_sound and ex.mixer is not None:
            await ex.mixer.wait_for(call, _UNTIL_SOUND)
            call.check()  # whoever has put the receiver down meanwhile is no call for the application
        return await ex.document(call, voice.voice_url, voice.voice_method)

    call.task = ex.spawn(session.live(ex, call, begin))
    return call


def connect_in(ex: Exchange, identity: str, app: Application, params: Mapping[str, str]) -> Call:
    """A softphone calls out through a TwiML App. What it sends along arrives as fields of their own names."""
    own = [(name, value) for name, value in params.items() if name != "To"]
    call = ex.add_call(f"client:{identity}", params.get("To", ""), "inbound", status="ringing")
    call.called = ""
    call.extra = [("ApplicationSid", app.sid), *own]
    call.fallback = app.voice.fallback
    call.progress = app.voice.status
    call.events.add("ringing", status="ringing")
    voice = app.voice
    call.task = ex.spawn(session.live(ex, call, lambda: ex.document(call, voice.voice_url, voice.voice_method)))
    return call


async def ring(ex: Exchange, call: Call, seconds: float, *, delay: float = _DIALLED) -> bool:
    """Let the far end ring for so long. Moves the call to in-progress, or to its end; tells whether it was taken."""
    if delay:
        await call.rest(delay)
    call.move("initiated")
    ex.progress(call, "initiated")
    ringing = Ring(call)
    outcome = _at_once(ex, call)
    if outcome == "unreachable":
        await call.rest(seconds)
        outcome = "no-answer"
    if outcome in ("ringing", "answered", "busy"):
        call.move("ringing")
        ex.progress(call, "ringing")
    if outcome == "ringing":
        ex.rings[call.sid] = ringing
        _tell_devices(ex, call, "incoming")
        try:
            await call.rest(seconds, ringing.outcome)
        finally:
            ex.rings.pop(call.sid, None)
            _tell_devices(ex, call, "cancel")
        outcome = ringing.outcome.result() if ringing.outcome.done() else "no-answer"
    if outcome == "answered":
        answer(ex, call)
        return True
    call.move(outcome)
    return False


def _at_once(ex: Exchange, call: Call) -> str:
    """What the far end's network says before anybody can act: ringing, unreachable, or an outcome."""
    if call.to.startswith("client:"):
        return "ringing" if ringing_devices(ex, call.to.removeprefix("client:")) else "unreachable"
    if not is_e164(call.to):
        return "failed"
    handset = ex.handset(call.to)
    if handset.mode == "manual":
        return "busy" if _talking(ex, call) else "ringing"
    return {"answer": "answered", "busy": "busy", "reject": "busy", "off": "no-answer"}[handset.mode]


def _talking(ex: Exchange, call: Call) -> bool:
    others = (each for each in ex.calls.values() if each is not call and each.live and each.answered)
    return any(each.handset_number == call.to for each in others)


def ringing_devices(ex: Exchange, identity: str) -> list[str]:
    """The registered devices of an identity; none while it is on a call, which then ignores the invitation."""
    address = f"client:{identity}"
    on_call = any(address in (each.from_, each.to) and each.answered and each.live for each in ex.calls.values())
    found = [device.sid for device in ex.devices.values() if device.identity == identity]
    return [] if on_call else found[:MOST_DEVICES]


def _tell_devices(ex: Exchange, call: Call, kind: str) -> None:
    if not call.to.startswith("client:"):
        return
    identity = call.to.removeprefix("client:")
    for device in ex.devices.values():
        if device.identity == identity:
            parameters = {"From": call.from_, "To": call.to, "CallSid": call.sid, "AccountSid": call.account_sid}
            own = {**parameters, "Params": urlencode(list(call.parameters))}
            device.events.add(kind, call_sid=call.sid, parameters=own)


def is_e164(number: str) -> bool:
    return number.startswith("+") and number[1:].isdecimal() and 8 <= len(number) <= 16 and number[1] != "0"
