"""Telephones of the public network: dial, see what rings, read the texts."""

from typing import Any

from aiohttp import web

from ivr.emulator.call import Call
from ivr.emulator.handset import MODES
from ivr.emulator.local.body import read_body
from ivr.emulator.placing import dial_in, is_e164
from ivr.emulator.wire import answer_json, exchange_of, refuse

WITHHELD = "anonymous"


async def dial(request: web.Request) -> web.Response:
    """POST /local/phones/{number}/dial {"to", "withheld", "caller_id", "sound"}: `caller_id` is shown as it stands."""
    ex, body = exchange_of(request), await read_body(request)
    number, to = request.match_info["number"], str(body.get("to", ""))
    if not is_e164(number):
        return refuse(400, f"{number} is no telephone number. Write it like +919830012345.")
    line = ex.own_number(to)
    if line is None:
        known = ", ".join(each.number for each in ex.numbers.values())
        return refuse(404, f"Nobody answers {to or 'an empty number'} here. Dial {known}.")
    shown = str(body.get("caller_id") or (WITHHELD if body.get("withheld") else number))
    call = dial_in(ex, number, shown, line, with_sound=bool(body.get("sound")))
    return answer_json({"call_sid": call.sid}, 201)


async def show(request: web.Request) -> web.Response:
    """GET /local/phones/{number}: its live calls, what rings, its texts."""
    ex, number = exchange_of(request), request.match_info["number"]
    mine = [call for call in ex.calls.values() if call.live and call.handset_number == number]
    handset = ex.handset(number)
    return answer_json(
        {
            "number": number,
            "mode": handset.mode,
            "calls": [_brief(call) for call in mine if _is_on(call) and call.sid not in ex.rings],
            "ringing": [_brief(call) for call in mine if call.sid in ex.rings],
            "texts": handset.texts,
        }
    )


async def change(request: web.Request) -> web.Response:
    """POST /local/phones/{number} {"mode", "text_error"}: how it behaves when it rings or a text comes."""
    ex, body = exchange_of(request), await read_body(request)
    handset = ex.handset(request.match_info["number"])
    mode, error = body.get("mode", handset.mode), body.get("text_error", handset.text_error)
    if mode not in MODES or not isinstance(error, int):
        return refuse(400, f"mode is one of {', '.join(MODES)}; text_error is one of Twilio's codes, or 0.")
    handset.mode, handset.text_error = mode, error
    return answer_json({"mode": handset.mode, "text_error": handset.text_error})


def _is_on(call: Call) -> bool:
    """Whether the telephone is in the call: one that is made to it is nothing to it until it rings."""
    return call.direction == "inbound" or call.status == "in-progress"


def _brief(call: Call) -> dict[str, Any]:
    return {
        "call_sid": call.sid,
        "from": call.from_,
        "to": call.to,
        "status": call.status,
        "direction": call.direction,
    }


ROUTES = [
    web.post("/local/phones/{number}/dial", dial),
    web.get("/local/phones/{number}", show),
    web.post("/local/phones/{number}", change),
]
