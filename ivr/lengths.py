"""How long our sounds are, for those who reckon how long a caller listens."""

from weakref import WeakKeyDictionary

from audio.shelf import ShelfAway
from audio.store import SoundStore, Takes, UnknownSound
from audio.voices import UnknownLanguage, slowly
from flows.seconds import Clip

# A name never changes its sound, so each is opened once a process.
_measured: WeakKeyDictionary[SoundStore, dict[str, float]] = WeakKeyDictionary()


def clip_lengths(store: SoundStore, takes: Takes | None = None) -> Clip:
    """Seconds of each sound that has been rendered or recorded; of the recordings those in `takes`, else the newest."""

    def seconds(language: str, text: str, slow: bool) -> float | None:
        try:
            name = store.find(text, slowly(language) if slow else language, takes)
            return None if name is None else seconds_of_sound(store, name)
        except (UnknownSound, UnknownLanguage, ShelfAway):
            return None

    return seconds


def seconds_of_sound(store: SoundStore, name: str) -> float:
    """How long the sound of this name is. Raises UnknownSound, ShelfAway."""
    known = _measured.setdefault(store, {})
    if name not in known:
        known[name] = store.seconds(name)
    return known[name]
