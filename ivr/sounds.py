"""The addresses of sounds, and the sounds themselves."""

from time import monotonic

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug import Response as WsgiResponse
from werkzeug.http import quote_etag

from audio.shelf import ShelfAway
from audio.store import SoundStore, UnknownSound
from audio.voices import UnknownLanguage, at_usual_pace, is_slow
from ivr.addresses import Addresses
from ivr.telephone import Telephone

log = structlog.get_logger()
sounds = Blueprint("sounds", __name__)

_LOOK_AGAIN_S = 10.0
_MOST_MISSING = 10_000  # names of people and places, said by the provider's voice
_FOR_EVER = "public, max-age=31536000, immutable"


class KnownSounds:
    """Remembers which words have a sound, so that a turn does not ask the disk about each of them again.

    Every ten seconds it looks whether something new is there: a better voice, or words that had none.
    """

    def __init__(self, store: SoundStore, addresses: Addresses) -> None:
        self._store = store
        self._addresses = addresses
        self._known: dict[tuple[str, str], str] = {}
        self._missing: set[tuple[str, str]] = set()
        self._named: dict[str, str] = {}
        self._seen = store.look_again()
        self._look_at = monotonic() + _LOOK_AGAIN_S

    def address_of(self, language: str, text: str) -> str | None:
        """The address of the best sound of `text`, or None while it has not been rendered."""
        if monotonic() >= self._look_at:
            self._look_again()
        unit = (language, text)
        address = self._known.get(unit)
        if address is not None:
            return address
        if unit in self._missing or not self._is_there(unit):
            return self._at_usual_pace(unit)
        return self._known.get(unit)

    def address_of_name(self, name: str) -> str | None:
        """The address of the sound with this content name, or None while it is not in the store."""
        address = self._named.get(name)
        if address is None and self._store.has(name):
            address = self._named[name] = self._addresses.sound(name)
        return address

    def _look_again(self) -> None:
        self._look_at = monotonic() + _LOOK_AGAIN_S
        self._missing.clear()
        seen = self._store.look_again()
        if seen is not self._seen:
            self._seen = seen
            self._known.clear()
            self._named.clear()

    def _at_usual_pace(self, unit: tuple[str, str]) -> str | None:
        """Where a slow sound is missing, the usual one: better than another voice in the middle of a sentence."""
        language, text = unit
        return self.address_of(at_usual_pace(language), text) if is_slow(language) else None

    def _is_there(self, unit: tuple[str, str]) -> bool:
        language, text = unit
        try:
            name = self._store.find(text, language)
        except UnknownLanguage:
            name = None  # the provider's voice speaks it
        if name is None:
            if len(self._missing) >= _MOST_MISSING:
                self._missing.clear()
            self._missing.add(unit)
            return False
        self._known[unit] = self._addresses.sound(name)
        return True


@sounds.get("/sounds/<name>.wav")
def send_sound(name: str) -> WsgiResponse:
    """A sound by its content name: it can never change, so it may be kept for ever."""
    telephone: Telephone = current_app.extensions["telephone"]
    telephone.store.before_waiting()  # a sound may come from another machine, and callers' turns need not wait for it
    try:
        with telephone.sounds.open(name) as file:
            body = file.read()
    except UnknownSound:
        return Response("There is no such sound.\n", 404, content_type="text/plain; charset=utf-8")
    except ShelfAway as error:
        log.warning("sound_store_away", why=str(error))
        return Response("The sounds cannot be reached just now.\n", 503, content_type="text/plain; charset=utf-8")
    response = Response(body, content_type="audio/wav")
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["ETag"] = quote_etag(name)
    return response.make_conditional(request)
