"""The sounds themselves, as the provider fetches them."""

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug import Response as WsgiResponse
from werkzeug.http import quote_etag

from audio.joining import NotTelephoneSound
from audio.shelf import ShelfAway
from audio.store import UnknownSound
from ivr import at_hand
from ivr.joined import BadAddress, Joiner

log = structlog.get_logger()
sounds = Blueprint("sounds", __name__)

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_THE_ASKER = "private, max-age=31536000, immutable"
_ETAG_LENGTH = 32  # characters of a token's end: 24 bytes of a sealed text, as good as random


@sounds.get("/sounds/<name>.wav")
def send_sound(name: str) -> WsgiResponse:
    """A sound by its content name: it can never change, so it may be kept for ever."""
    telephone = at_hand.telephone()
    telephone.store.before_waiting()  # a sound may come from another machine, and callers' turns need not wait for it
    try:
        with telephone.sounds.open(name) as file:
            body = file.read()
    except UnknownSound:
        return _no_such_sound()
    except ShelfAway as error:
        return _sounds_away(error)
    return _send(body, name, _FOR_EVER)


@sounds.get("/sounds/joined/<token>.wav")
def send_joined_sound(token: str) -> WsgiResponse:
    """Several sounds as one. What they say may be somebody's number: nobody on the way may keep it."""
    telephone = at_hand.telephone()
    telephone.store.before_waiting()
    joiner: Joiner = current_app.extensions["joiner"]
    try:
        body = joiner.join(telephone.sounds, token)
    except (BadAddress, UnknownSound, NotTelephoneSound) as error:
        log.warning("sound_not_joined", why=str(error))
        return _no_such_sound()
    except ShelfAway as error:
        return _sounds_away(error)
    return _send(body, token[-_ETAG_LENGTH:], _FOR_THE_ASKER)


def _send(body: bytes, etag: str, keep: str) -> WsgiResponse:
    response = Response(body, content_type="audio/wav")
    response.headers["Cache-Control"] = keep
    response.headers["ETag"] = quote_etag(etag)
    return response.make_conditional(request)


def _no_such_sound() -> WsgiResponse:
    return Response("There is no such sound.\n", 404, content_type="text/plain; charset=utf-8")


def _sounds_away(error: ShelfAway) -> WsgiResponse:
    log.warning("sound_store_away", why=str(error))
    return Response("The sounds cannot be reached just now.\n", 503, content_type="text/plain; charset=utf-8")
