"""How long our sounds are, for those who reckon how long a caller listens."""

from functools import cache

from audio.store import SoundStore, UnknownSound
from audio.voices import UnknownLanguage, slowly
from flows.seconds import Clip


def clip_lengths(store: SoundStore) -> Clip:
    """Seconds of each sound that has been rendered; asked of the store once each."""

    @cache
    def seconds(language: str, text: str, slow: bool) -> float | None:
        try:
            return store.seconds(store.name_of(text, slowly(language) if slow else language))
        except (UnknownSound, UnknownLanguage):
            return None

    return seconds
