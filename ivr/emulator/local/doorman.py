"""Lets pages of this machine, and no others, use the local API from a browser; puts its errors into words."""

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from ivr.emulator.errors import RestError
from ivr.emulator.local.body import BadBody
from ivr.emulator.wire import answer_json, refuse

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def doorman(request: web.Request, handler: Handler) -> web.StreamResponse:
    """For local paths only."""
    if not request.path.startswith("/local/"):
        return await handler(request)
    origin = request.headers.get("Origin", "")
    if origin and not is_loopback(origin):
        return refuse(403, "Only pages of this machine may use the emulator.")
    response = web.Response(status=204) if request.method == "OPTIONS" else await _answer(request, handler)
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
        response.headers["Vary"] = "Origin"
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadBody as error:
        return refuse(400, str(error))
    except RestError as error:
        return answer_json({"error": error.message, "code": error.code}, error.status)
    except web.HTTPException as error:
        return refuse(error.status, error.text or error.reason)


def is_loopback(origin: str) -> bool:
    """Whether a page's origin is on this machine."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
