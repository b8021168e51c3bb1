"""Sounds that documents play: fetched once, kept as long as their server allows."""

import re
from dataclasses import dataclass

from ivr.emulator.call import Call
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.exchange import Exchange
from ivr.emulator.wav import NotWav, seconds_of, words_in

_MOST_BYTES = 40 * 1024 * 1024
_UNKNOWN_SECONDS = 3.0  # of a sound that is no WAV file
_SHORTEST = 0.1


@dataclass(frozen=True, slots=True)
class Sound:
    """Its length, and its words where the file notes them."""

    seconds: float
    text: str = ""
    language: str = ""
    file: bytes = b""  # kept where somebody can hear it


async def fetch_sound(ex: Exchange, call: Call, url: str) -> Sound:
    """Get a sound. Raises WebhookFailed."""
    kept: Sound | None = ex.sounds.get(url)
    if kept is not None:
        return kept
    reply = await ex.webhooks.send(url, "GET", (), jar=call.jar, most_bytes=_MOST_BYTES)
    if not reply.content_type.startswith(("audio/", "application/octet-stream")):
        raise WebhookFailed(12300, url, f"a sound of type {reply.content_type or 'unknown'}")
    file = reply.body if ex.mixer is not None else b""
    try:
        sound = Sound(max(_SHORTEST, seconds_of(reply.body)), *words_in(reply.body), file=file)
    except NotWav:
        sound = Sound(_UNKNOWN_SECONDS, file=file)
    age = re.search(r"max-age=([1-9]\d*)", reply.headers.get("cache-control", ""))
    if age:
        ex.sounds[url] = sound
    return sound
