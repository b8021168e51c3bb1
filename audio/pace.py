"""How fast each voice speaks, measured from what it has spoken: it tells how long a menu takes."""

from collections import defaultdict
from collections.abc import Iterable

from audio.store import SoundStore


def measure_pace(store: SoundStore, rendered: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Words a second by language, from the clips of these (language, text) that are in the store."""
    words: defaultdict[str, int] = defaultdict(int)
    seconds: defaultdict[str, float] = defaultdict(float)
    for language, text in rendered:
        name = store.name_of(text, language)
        if store.has(name):
            words[language] += len(text.split())
            seconds[language] += store.seconds(name)
    return {language: words[language] / seconds[language] for language in words if seconds[language]}
