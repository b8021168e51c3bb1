"""Softphones by plain HTTP: what a voice library in a browser would do by its own protocol."""

from aiohttp import web

from ivr.emulator import session
from ivr.emulator.access_token import Grant, read_token
from ivr.emulator.call import Call
from ivr.emulator.device import Device
from ivr.emulator.errors import RestError
from ivr.emulator.local.body import BadBody, read_body
from ivr.emulator.local.calls import press_on, settle
from ivr.emulator.local.watch import watch
from ivr.emulator.placing import connect_in
from ivr.emulator.wire import answer_json, exchange_of


async def connect(request: web.Request) -> web.Response:
    """POST /local/clients/connect {"params": {...}}: call out through the TwiML App that the token names."""
    ex, grant, body = exchange_of(request), _let_in(request), await read_body(request)
    app = ex.applications.get(grant.app_sid)
    if app is None:
        raise RestError(401, 20101, "The token allows no outgoing call through a TwiML App of this account.")
    params = body.get("params") or {}
    if not isinstance(params, dict):
        raise BadBody("params must be a JSON object.")
    call = connect_in(ex, grant.identity, app, {str(name): str(value) for name, value in params.items()})
    return answer_json({"call_sid": call.sid}, 201)


async def register(request: web.Request) -> web.Response:
    """POST /local/clients/register: from now on this softphone rings. Needs the incoming grant."""
    ex, grant = exchange_of(request), _let_in(request)
    if not grant.incoming:
        raise RestError(401, 20101, "The token allows no incoming calls.")
    device = Device(grant.identity, ex.clock)
    ex.devices[device.sid] = device
    return answer_json({"device": device.sid, "identity": grant.identity}, 201)


async def show_device(request: web.Request) -> web.Response:
    """GET /local/clients/devices/{device}?after=N&wait=seconds: incoming and cancel."""
    return await watch(request, _device(request).events)


async def unregister(request: web.Request) -> web.Response:
    """DELETE /local/clients/devices/{device}."""
    del exchange_of(request).devices[_device(request).sid]
    return web.Response(status=204)


async def show_events(request: web.Request) -> web.Response:
    """GET /local/clients/calls/{sid}?after=N&wait=seconds."""
    call = _own_call(request)
    return await watch(request, call.events, call)


async def press_keys(request: web.Request) -> web.Response:
    """POST /local/clients/calls/{sid}/keys."""
    call, body = _own_call(request), await read_body(request)
    return press_on(call, str(body.get("keys", "")))


async def hang_up(request: web.Request) -> web.Response:
    """POST /local/clients/calls/{sid}/hangup."""
    call = _own_call(request)
    session.hang_up(call)
    return answer_json({"status": call.status})


async def answer(request: web.Request) -> web.Response:
    """POST /local/clients/calls/{sid}/answer: the first device to do so wins."""
    return settle(request, _own_call(request), "answered")


async def reject(request: web.Request) -> web.Response:
    """POST /local/clients/calls/{sid}/reject."""
    return settle(request, _own_call(request), "busy")


def _let_in(request: web.Request) -> Grant:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        raise RestError(401, 20101)
    return read_token(exchange_of(request).settings, token)


def _own_call(request: web.Request) -> Call:
    grant = _let_in(request)
    call = exchange_of(request).calls.get(request.match_info["sid"])
    if call is None or f"client:{grant.identity}" not in (call.from_, call.to):
        raise RestError(404, 20404)
    return call


def _device(request: web.Request) -> Device:
    grant = _let_in(request)
    device = exchange_of(request).devices.get(request.match_info["device"])
    if device is None or device.identity != grant.identity:
        raise RestError(404, 20404)
    return device


ROUTES = [
    web.post("/local/clients/connect", connect),
    web.post("/local/clients/register", register),
    web.get("/local/clients/devices/{device}", show_device),
    web.delete("/local/clients/devices/{device}", unregister),
    web.get("/local/clients/calls/{sid}", show_events),
    web.post("/local/clients/calls/{sid}/keys", press_keys),
    web.post("/local/clients/calls/{sid}/hangup", hang_up),
    web.post("/local/clients/calls/{sid}/answer", answer),
    web.post("/local/clients/calls/{sid}/reject", reject),
]
