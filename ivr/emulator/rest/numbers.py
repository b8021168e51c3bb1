"""The account's own telephone numbers."""

from typing import Any

from aiohttp import web

from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.names import rfc2822
from ivr.emulator.phone_number import PhoneNumber, VoiceAddresses
from ivr.emulator.placing import is_e164
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.rest.voice_fields import voice_json
from ivr.emulator.wire import answer_json, exchange_of

_ACCOUNT = "/2010-04-01/Accounts/{account}"


async def list_numbers(request: web.Request) -> web.Response:
    """GET IncomingPhoneNumbers.json, by PhoneNumber."""
    ex, wanted = exchange_of(request), request.query.get("PhoneNumber", "")
    rows = [_number_json(ex, each) for each in ex.numbers.values() if wanted in ("", each.number)]
    return answer_page(request, "incoming_phone_numbers", rows)


async def create_number(request: web.Request) -> web.Response:
    """POST IncomingPhoneNumbers.json: buy one."""
    ex, form = exchange_of(request), await Form.read(request)
    number = form.text("PhoneNumber")
    if not is_e164(number):
        raise RestError(400, 21217)
    bought = PhoneNumber(number, VoiceAddresses(), form.text("FriendlyName") or number)
    bought.voice.change(form.as_dict())
    ex.add_number(bought)
    return answer_json(_number_json(ex, bought), 201)


async def fetch_number(request: web.Request) -> web.Response:
    """GET IncomingPhoneNumbers/{sid}.json."""
    ex = exchange_of(request)
    return answer_json(_number_json(ex, found(ex.numbers.get(request.match_info["sid"]))))


async def update_number(request: web.Request) -> web.Response:
    """POST IncomingPhoneNumbers/{sid}.json."""
    ex, form = exchange_of(request), await Form.read(request)
    number: PhoneNumber = found(ex.numbers.get(request.match_info["sid"]))
    number.voice.change(form.as_dict())
    number.friendly_name = form.text("FriendlyName") or number.friendly_name
    return answer_json(_number_json(ex, number))


async def delete_number(request: web.Request) -> web.Response:
    """DELETE IncomingPhoneNumbers/{sid}.json."""
    ex = exchange_of(request)
    del ex.numbers[found(ex.numbers.get(request.match_info["sid"])).sid]
    return web.Response(status=204)


def _number_json(ex: Exchange, number: PhoneNumber) -> dict[str, Any]:
    account = ex.settings.account_sid
    began = rfc2822(ex.began_at)
    return {
        "sid": number.sid,
        "account_sid": account,
        "phone_number": number.number,
        "friendly_name": number.friendly_name or number.number,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "date_created": began,
        "date_updated": began,
        "api_version": "2010-04-01",
        "address_requirements": "none",
        "address_sid": None,
        "identity_sid": None,
        "bundle_sid": None,
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "trunk_sid": None,
        "sms_application_sid": None,
        "voice_application_sid": None,
        "voice_receive_mode": "voice",
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "uri": f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{number.sid}.json",
        **voice_json(number.voice),
    }


ROUTES = [
    web.get(f"{_ACCOUNT}/IncomingPhoneNumbers.json", list_numbers),
    web.post(f"{_ACCOUNT}/IncomingPhoneNumbers.json", create_number),
    web.get(_ACCOUNT + "/IncomingPhoneNumbers/{sid}.json", fetch_number),
    web.post(_ACCOUNT + "/IncomingPhoneNumbers/{sid}.json", update_number),
    web.delete(_ACCOUNT + "/IncomingPhoneNumbers/{sid}.json", delete_number),
]
