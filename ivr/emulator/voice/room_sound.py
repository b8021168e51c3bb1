"""The sound of a conference as a recording takes it, for tests and for people who try."""

import asyncio

import numpy as np
from aiohttp import web

from ivr.emulator.voice.block import BLOCK, RATE, Samples
from ivr.emulator.wav import as_wav
from ivr.emulator.wire import exchange_of, refuse

_MOST_SECONDS = 30.0


async def hear_room(request: web.Request) -> web.Response:
    """GET /local/rooms/{sid}/sound?seconds=1: the seconds that follow, as WAV. No whisper is in it."""
    ex = exchange_of(request)
    conference = ex.conferences.get(request.match_info["sid"])
    if conference is None or not conference.live or ex.mixer is None:
        return refuse(404, "No such conference goes on here with sound.")
    try:
        seconds = float(request.query.get("seconds", "1"))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MOST_SECONDS:
        return refuse(400, f"seconds is a number above 0, at most {_MOST_SECONDS:.0f}.")
    blocks: list[Samples] = []
    enough = asyncio.Event()

    def take(_at: float, block: Samples) -> None:
        blocks.append(block)
        if len(blocks) * BLOCK >= seconds * RATE:
            enough.set()

    tap = ex.mixer.tap(conference, take)
    try:
        await enough.wait()
    finally:
        ex.mixer.untap(tap)
    return web.Response(body=as_wav(np.concatenate(blocks).tobytes(), RATE), content_type="audio/wav")
