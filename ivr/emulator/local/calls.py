"""What the person at a telephone does during a call, and hears of it."""

from aiohttp import web

from ivr.emulator import session
from ivr.emulator.call import Call
from ivr.emulator.local.body import read_body
from ivr.emulator.local.watch import watch
from ivr.emulator.wire import answer_json, exchange_of, refuse

_KEYS = frozenset("0123456789*#")


async def show_events(request: web.Request) -> web.Response:
    """GET /local/calls/{sid}?after=N&wait=seconds."""
    call = _named(request)
    return await watch(request, call.events, call)


async def press_keys(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/keys {"keys": "1"}. Answers which were heard and which came to nothing."""
    call, body = _named(request), await read_body(request)
    return press_on(call, str(body.get("keys", "")))


def press_on(call: Call, keys: str) -> web.Response:
    """Press keys on a live call."""
    if not keys or not set(keys) <= _KEYS:
        return refuse(400, "keys are one or more of 0 to 9, * and #.")
    if not call.live:
        return refuse(409, "The call is over.")
    taken, lost = call.press(keys)
    return answer_json({"taken": taken, "lost": lost})


async def speak(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/speak {"seconds": 3, "text": ""}."""
    call, body = _named(request), await read_body(request)
    seconds = body.get("seconds", 2)
    if not isinstance(seconds, int | float) or not 0 < seconds <= 3600:
        return refuse(400, "seconds is a number above 0, at most 3600.")
    if not call.live:
        return refuse(409, "The call is over.")
    call.speak(float(seconds), str(body.get("text", "")))
    return answer_json({"seconds": seconds})


async def hang_up(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/hangup. A second time changes nothing."""
    ex, call = exchange_of(request), _named(request)
    ring = ex.rings.get(call.sid)
    if ring is None or not ring.settle("busy"):
        session.hang_up(call)
    return answer_json({"status": call.status})


async def answer(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/answer: take a call that rings here. 409 where it rings no more."""
    return settle(request, _named(request), "answered")


async def reject(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/reject."""
    return settle(request, _named(request), "busy")


def settle(request: web.Request, call: Call, outcome: str) -> web.Response:
    """Decide a ring; only the first to do so wins."""
    ring = exchange_of(request).rings.get(call.sid)
    if ring is None or not ring.settle(outcome):
        return refuse(409, "This call does not ring any more.")
    return answer_json({"call_sid": call.sid})


def _named(request: web.Request) -> Call:
    call = exchange_of(request).calls.get(request.match_info["sid"])
    if call is None:
        raise web.HTTPNotFound(text="There is no such call.")
    return call


ROUTES = [
    web.get("/local/calls/{sid}", show_events),
    web.post("/local/calls/{sid}/keys", press_keys),
    web.post("/local/calls/{sid}/speak", speak),
    web.post("/local/calls/{sid}/hangup", hang_up),
    web.post("/local/calls/{sid}/answer", answer),
    web.post("/local/calls/{sid}/reject", reject),
]
