"""The sound of a citizen's telephone in a browser. Its keys and its ring go the same way as without sound."""

import asyncio

from aiohttp import web

from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.local.body import read_body
from ivr.emulator.voice.peer import BadOffer, Peer
from ivr.emulator.wire import answer_json, exchange_of, refuse


async def open_sound(request: web.Request) -> web.Response:
    """POST /local/calls/{sid}/sound {"sdp"}: the browser's offer; answers with ours. 409 where the call is over."""
    ex, body = exchange_of(request), await read_body(request)
    call = ex.calls.get(request.match_info["sid"])
    if call is None:
        return refuse(404, "There is no such call.")
    if ex.mixer is None:
        return refuse(409, "This emulator carries no sound.")
    if not call.live:
        return refuse(409, "The call is over.")
    # A page that is gone hangs up by itself, or comes back after a reload: its sound alone decides nothing.
    peer = Peer(ex, ex.mixer, call, lambda: None)
    try:
        sdp = await peer.answer(str(body.get("sdp", "")))
    except BadOffer as error:
        await peer.close()
        return refuse(400, str(error))
    ex.spawn(_close_after(ex, call, peer))
    return answer_json({"sdp": sdp})


async def _close_after(ex: Exchange, call: Call, peer: Peer) -> None:
    try:
        await asyncio.wait({call.over})
    finally:
        await peer.close()
