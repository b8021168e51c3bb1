"""How long our sounds are, for those who reckon how long a caller listens."""

from functools import cache

from audio.shelf import ShelfAway
from audio.store import SoundStore, UnknownSound
from audio.voices import UnknownLanguage, slowly
from flows.seconds import Clip


def clip_lengths(store: SoundStore) -> Clip:
    """Seconds of each sound that has been rendered; asked of the store once each."""

    @cache
    def seconds(language: str, text: str, slow: bool) -> float | None:
        try:
            name = store.find(text, slowly(language) if slow else language)
            return None if name is None else store.seconds(name)
        except (UnknownSound, UnknownLanguage, ShelfAway):
            return None

    return seconds
