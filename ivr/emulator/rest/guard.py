"""Lets the account in, answers errors in Twilio's form, and strikes with the faults that are switched on."""

import asyncio
import base64
import binascii
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.wire import answer_json, exchange_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = logging.getLogger(__name__)
PREFIXES = ("/2010-04-01/", "/v1/")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """For REST paths only."""
    if not request.path.startswith(PREFIXES):
        return await handler(request)
    ex = exchange_of(request)
    if ex.faults.rest_latency:
        await asyncio.sleep(ex.faults.rest_latency)
    try:
        if request.match_info.route.name != "recording_media" or ex.settings.guard_recordings:
            _let_in(ex, request)
        if ex.faults.strikes(ex.faults.rest_errors):
            raise RestError(ex.faults.rest_status, 20500)
        response = await handler(request)
        if ex.faults.strikes(ex.faults.rest_errors_after):
            raise RestError(ex.faults.rest_status, 20500)
        return response
    except RestError as error:
        return _answer_error(ex, error)
    except web.HTTPException as error:
        return _answer_error(ex, RestError(error.status, 20404 if error.status == 404 else 20001))
    except Exception:
        _log.exception("the emulator failed on a REST request")
        return _answer_error(ex, RestError(500, 20500))


def _let_in(ex: Exchange, request: web.Request) -> None:
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user = password = ""
    settings = ex.settings
    known = ((settings.account_sid, settings.auth_token), (settings.api_key, settings.api_secret))
    account = request.match_info.get("account", settings.account_sid)
    if kind != "Basic" or (user, password) not in known or account != settings.account_sid:
        raise RestError(401, 20003)


def _answer_error(ex: Exchange, error: RestError) -> web.Response:
    more_info = f"https://www.twilio.com/docs/errors/{error.code}"
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "more_info": more_info,
        "status": error.status,
    }
    if ex.faults.rest_problem_json:
        body = {"type": more_info, "title": error.message, "status": error.status, "code": error.code}
    return answer_json(body, error.status)


def found(thing: Any) -> Any:
    """The thing, or Twilio's 404."""
    if thing is None:
        raise RestError(404, 20404)
    return thing
