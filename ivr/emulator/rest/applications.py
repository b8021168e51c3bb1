"""TwiML Apps, through which softphones call out."""

from typing import Any

from aiohttp import web

from ivr.emulator.exchange import Exchange
from ivr.emulator.names import rfc2822
from ivr.emulator.phone_number import Application, VoiceAddresses
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.rest.voice_fields import voice_json
from ivr.emulator.wire import answer_json, exchange_of

_ACCOUNT = "/2010-04-01/Accounts/{account}"


async def list_applications(request: web.Request) -> web.Response:
    """GET Applications.json."""
    ex = exchange_of(request)
    return answer_page(request, "applications", [_app_json(ex, each) for each in ex.applications.values()])


async def create_application(request: web.Request) -> web.Response:
    """POST Applications.json."""
    ex, form = exchange_of(request), await Form.read(request)
    app = Application(form.text("FriendlyName"), VoiceAddresses())
    app.voice.change(form.as_dict())
    ex.applications[app.sid] = app
    return answer_json(_app_json(ex, app), 201)


async def fetch_application(request: web.Request) -> web.Response:
    """GET Applications/{sid}.json."""
    ex = exchange_of(request)
    return answer_json(_app_json(ex, found(ex.applications.get(request.match_info["sid"]))))


async def update_application(request: web.Request) -> web.Response:
    """POST Applications/{sid}.json."""
    ex, form = exchange_of(request), await Form.read(request)
    app: Application = found(ex.applications.get(request.match_info["sid"]))
    app.voice.change(form.as_dict())
    app.friendly_name = form.text("FriendlyName") or app.friendly_name
    return answer_json(_app_json(ex, app))


def _app_json(ex: Exchange, app: Application) -> dict[str, Any]:
    account = ex.settings.account_sid
    began = rfc2822(ex.began_at)
    return {
        "sid": app.sid,
        "account_sid": account,
        "friendly_name": app.friendly_name,
        "api_version": "2010-04-01",
        "date_created": began,
        "date_updated": began,
        "message_status_callback": None,
        "sms_status_callback": None,
        "public_application_connect_enabled": False,
        "uri": f"/2010-04-01/Accounts/{account}/Applications/{app.sid}.json",
        **voice_json(app.voice),
    }


ROUTES = [
    web.get(f"{_ACCOUNT}/Applications.json", list_applications),
    web.post(f"{_ACCOUNT}/Applications.json", create_application),
    web.get(_ACCOUNT + "/Applications/{sid}.json", fetch_application),
    web.post(_ACCOUNT + "/Applications/{sid}.json", update_application),
]
