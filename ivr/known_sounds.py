"""Which words have a sound, and at what address."""

from collections.abc import Sequence
from time import monotonic

from audio.names import pack_name
from audio.store import SoundStore, Takes
from audio.voices import UnknownLanguage, at_usual_pace, is_slow, slowly
from flows.speaking import Unit
from ivr.addresses import Addresses
from ivr.joined import MOST_PARTS, SILENCES, Sealer
from ivr.speakers import speakers_of

_LOOK_AGAIN_S = 10.0
_MOST_MISSING = 10_000  # names of people and places, said by the provider's voice


class KnownSounds:
    """Remembers which words have a sound, so that a turn does not ask the disk about each of them again.

    `takes` are the recordings of a version: others are not heard in it. Every ten seconds it looks whether something
    new is there: a better voice, or words that had none.
    """

    def __init__(self, store: SoundStore, addresses: Addresses, sealer: Sealer, takes: Takes | None = None) -> None:
        self._store = store
        self._takes = takes
        self._addresses = addresses
        self._sealer = sealer
        self._known: dict[tuple[str, str], str] = {}  # names
        self._parts: dict[tuple[str, str], bytes] = {}  # the same as a plan holds them
        self._missing: set[tuple[str, str]] = set()
        self._addressed: dict[tuple[str, str], str] = {}
        self._named: dict[str, str] = {}
        self._seen = store.look_again()
        self._look_at = monotonic() + _LOOK_AGAIN_S

    def __call__(self, language: str, text: str) -> str | None:
        """The address of the best sound of `text`, or None while it has not been rendered."""
        if monotonic() >= self._look_at:
            self._look_again()
        address = self._addressed.get((language, text))
        if address is not None:
            return address
        name = self._name_of(language, text)
        if name is None:
            return None
        address = self._addresses.sound(name)
        if (language, text) in self._known:  # a slow sound that is missing may still be rendered
            self._addressed[language, text] = address
        return address

    def join(self, language: str, units: Sequence[Unit]) -> str | None:
        """The address of one sound of all the units, or None while one of them has not been rendered."""
        if len(units) > MOST_PARTS:
            return None
        if monotonic() >= self._look_at:
            self._look_again()
        slow_language = slowly(language)
        parts: list[bytes] = []
        names: list[bytes] = []
        for text, slow, pause in units:
            said = slow_language if slow else language, text
            part = self._parts.get(said) or self._part_of(said)
            if part is None:
                return None
            names.append(part)
            parts += (part, SILENCES[pause])
        return self._addresses.joined_sound(self._sealer.seal(b"".join(parts)), speakers_of(names))

    def _part_of(self, unit: tuple[str, str]) -> bytes | None:
        name = self._name_of(*unit)
        if name is None:
            return None
        part = pack_name(name)
        if unit in self._known:
            self._parts[unit] = part
        return part

    def _name_of(self, language: str, text: str) -> str | None:
        unit = (language, text)
        name = self._known.get(unit)
        if name is not None:
            return name
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
            for learnt in (self._known, self._parts, self._addressed, self._named):
                learnt.clear()

    def _at_usual_pace(self, unit: tuple[str, str]) -> str | None:
        """Where a slow sound is missing, the usual one: better than another voice in the middle of a sentence."""
        language, text = unit
        return self._name_of(at_usual_pace(language), text) if is_slow(language) else None

    def _is_there(self, unit: tuple[str, str]) -> bool:
        language, text = unit
        try:
            name = self._store.find(text, language, self._takes)
        except UnknownLanguage:
            name = None  # the provider's voice speaks it
        if name is None:
            if len(self._missing) >= _MOST_MISSING:
                self._missing.clear()
            self._missing.add(unit)
            return False
        self._known[unit] = name
        return True
