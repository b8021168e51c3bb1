"""What tests and demonstrations set: faults, time, text templates, bins; and the list of alerts."""

from dataclasses import asdict

from aiohttp import web

from ivr.emulator.clock import VirtualClock
from ivr.emulator.local.body import read_body
from ivr.emulator.sound import CannotSpeak
from ivr.emulator.wire import answer_json, exchange_of, refuse


async def show_faults(request: web.Request) -> web.Response:
    """GET /local/faults."""
    return answer_json(exchange_of(request).faults.as_json())


async def change_faults(request: web.Request) -> web.Response:
    """POST /local/faults: what is named is set, the rest stays."""
    faults = exchange_of(request).faults
    try:
        faults.change(await read_body(request))
    except ValueError as error:
        return refuse(400, str(error))
    return answer_json(faults.as_json())


async def show_clock(request: web.Request) -> web.Response:
    """GET /local/clock."""
    clock = exchange_of(request).clock
    return answer_json({"now": clock.now().isoformat(), "virtual": isinstance(clock, VirtualClock)})


async def move_clock(request: web.Request) -> web.Response:
    """POST /local/clock {"advance": seconds}: answers when all that falls due has been done."""
    clock, body = exchange_of(request).clock, await read_body(request)
    seconds = body.get("advance")
    if not isinstance(clock, VirtualClock):
        return refuse(409, "This emulator's clock runs by itself. Start it with --virtual-clock to move it.")
    if not isinstance(seconds, int | float) or seconds < 0:
        return refuse(400, "advance is a number of seconds, 0 or more.")
    await clock.advance(float(seconds))
    return answer_json({"now": clock.now().isoformat()})


async def show_alerts(request: web.Request) -> web.Response:
    """GET /local/alerts?level=warning|error, oldest first."""
    level = request.query.get("level", "")
    alerts = [each for each in exchange_of(request).alerts.all if level in ("", each.level)]
    return answer_json({"alerts": [{**asdict(each), "at": each.at.isoformat()} for each in alerts]})


async def change_templates(request: web.Request) -> web.Response:
    """POST /local/templates {"bodies": [...]}: the texts that India's operators let through; none: all of them."""
    ex, body = exchange_of(request), await read_body(request)
    bodies = body.get("bodies")
    if not isinstance(bodies, list) or not all(isinstance(each, str) for each in bodies):
        return refuse(400, "bodies is a list of texts, with {#var#} where something is filled in.")
    ex.templates.register(bodies)
    return answer_json({"bodies": list(ex.templates.bodies)})


async def read_bin(request: web.Request) -> web.Response:
    """GET or POST /local/bins/{name}: the document, for a call that asks."""
    document = exchange_of(request).bins.read(request.match_info["name"])
    if document is None:
        return refuse(404, "There is no such bin. PUT a document there first.")
    return web.Response(text=document, content_type="text/xml")


async def write_bin(request: web.Request) -> web.Response:
    """PUT /local/bins/{name}: the body is the document."""
    try:
        exchange_of(request).bins.write(request.match_info["name"], await request.text())
    except ValueError as error:
        return refuse(400, str(error))
    return web.Response(status=204)


async def say_aloud(request: web.Request) -> web.Response:
    """GET /local/say?text=&language=: the words as a sound, for those who listen in a browser."""
    text, language = request.query.get("text", ""), request.query.get("language", "en")
    if not text.strip():
        return refuse(400, "Give the words to say as text=.")
    try:
        sound = await exchange_of(request).speaker.speak(text, language)
    except CannotSpeak as error:
        return refuse(503, str(error))
    return web.Response(body=sound, content_type="audio/wav", headers={"Cache-Control": "max-age=3600"})


ROUTES = [
    web.get("/local/say", say_aloud),
    web.get("/local/faults", show_faults),
    web.post("/local/faults", change_faults),
    web.get("/local/clock", show_clock),
    web.post("/local/clock", move_clock),
    web.get("/local/alerts", show_alerts),
    web.post("/local/templates", change_templates),
    web.get("/local/bins/{name}", read_bin),
    web.post("/local/bins/{name}", read_bin),
    web.put("/local/bins/{name}", write_bin),
]
