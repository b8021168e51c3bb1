"""The door for browsers with Twilio's Voice JavaScript SDK: wss://host:port/signal."""

from aiohttp import web

from ivr.emulator.exchange import Exchange
from ivr.emulator.local.doorman import is_loopback
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.phone_sound import open_sound
from ivr.emulator.voice.room_sound import hear_room
from ivr.emulator.voice.signalling import Signalling
from ivr.emulator.voice.softphone_leg import SoftphoneLeg
from ivr.emulator.wire import exchange_of, refuse

LEGS: web.AppKey[dict[str, SoftphoneLeg]] = web.AppKey("softphone_legs", dict)


async def signal(request: web.Request) -> web.StreamResponse:
    """GET /signal: a WebSocket for as long as the page is open."""
    ex, origin = exchange_of(request), request.headers.get("Origin", "")
    if origin and not is_loopback(origin):
        return refuse(403, "Only pages of this machine may use the emulator.")
    if ex.mixer is None:
        return refuse(404, "This emulator carries no sound.")
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await Signalling(ex, ex.mixer, request.app[LEGS], socket).run()
    return socket


def add_voice(ex: Exchange, app: web.Application) -> None:
    """Carry sound from now on."""
    ex.mixer = Mixer(ex)
    app[LEGS] = {}
    app.add_routes(
        [
            web.get("/signal", signal),
            web.post("/local/calls/{sid}/sound", open_sound),
            web.get("/local/rooms/{sid}/sound", hear_room),
        ]
    )
