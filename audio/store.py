"""The store of sounds: mu-law WAV files, each named by what it says and how (`audio.names`), so that a name never
changes its sound and a file is written once."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import soundfile

from audio.names import Source, is_name, offline_name, online_name, recorded_name, source_of, takes_of, words_of_take
from audio.shelf import Folder, Shelf
from audio.telephone import encode, rest
from audio.voices import at_usual_pace, slowly, voice_of
from audio.words import add_words

_ORDER = tuple(Source)  # the best first

Takes = Mapping[str, str]
"""Which take counts: what the names of all takes of the same words begin with -> the name of one."""


def chosen_takes(names: Iterable[str]) -> Takes:
    """These takes, to be found by their words."""
    return {words_of_take(name): name for name in names}


class UnknownSound(KeyError):
    """The store has no sound of this name."""

    def __str__(self) -> str:
        return f"There is no sound {self.args[0]!r} in the store. Render the prompts."


class SoundStore:
    """The sounds on a shelf. `online`: an online voice is in use, and its renders count."""

    def __init__(self, place: Path | Shelf, *, online: bool = False) -> None:
        self.shelf: Shelf = Folder(place) if isinstance(place, Path) else place
        self.online = online
        self._takes: tuple[Mapping[str, float] | None, dict[str, str]] = (None, {})

    def name_of(self, text: str, language: str) -> str:
        """The name of these words in this language's offline voice, rendered or not. Raises UnknownLanguage."""
        return offline_name(text, language)

    def find(self, text: str, language: str, takes: Takes | None = None) -> str | None:
        """The best sound that there is of these words: a person's, else the online voice's, else the offline one's.

        Of a person's takes the one in `takes` counts, or without them the newest. None where there is none. Does not
        wait on a network. Raises UnknownLanguage.
        """
        take = self.newest_take(text, language) if takes is None else takes.get(takes_of(text, language))
        if take is not None and (takes is None or self.shelf.holds(take)):
            return take
        online = [online_name(text, language)] if self.online else []
        return next((name for name in (*online, offline_name(text, language)) if self.shelf.holds(name)), None)

    def newest_take(self, text: str, language: str) -> str | None:
        """The latest that a person has spoken of these words."""
        return self._newest_takes().get(takes_of(text, language))

    def lacks(self, text: str, language: str, source: Source) -> bool:
        """Whether these words are spoken by nobody who is as good as this source. Raises UnknownLanguage."""
        found = self.find(text, language)
        return found is None or _ORDER.index(source_of(found)) > _ORDER.index(source)

    def add_take(self, text: str, language: str, wav: bytes) -> str:
        """Have a person speak these words from now on, also where they are read slowly. Returns the name of the take.

        `wav` is a clip of `audio.take.telephone_clip`. Raises UnknownLanguage.
        """
        language = at_usual_pace(language)
        slow = slowly(language)
        samples, _ = soundfile.read(io.BytesIO(wav), dtype="float64")
        name = recorded_name(text, language, wav)
        # The same voice for both: what gives time to write a digit down is most of all the silence after it.
        written_along = encode(rest(samples, voice_of(slow).rest))
        self.put(recorded_name(text, slow, wav), add_words(written_along, text, language))
        self.put(name, add_words(wav, text, language))
        self._takes = (None, {})
        return name

    def look_again(self) -> object:
        """See what other processes have written, without waiting. The same object for as long as nothing is new."""
        return self.shelf.seen()

    def refresh(self) -> Mapping[str, float]:
        """See what other processes have written, however long it takes: names and when. Raises ShelfAway."""
        return self.shelf.listed()

    def has(self, name: str) -> bool:
        """Whether the sound is there, as far as is known without waiting on a network. Raises UnknownSound."""
        return self.shelf.holds(_checked(name))

    def open(self, name: str) -> BinaryIO:
        """The WAV file, open for reading. May wait on a network. Raises UnknownSound, ShelfAway."""
        content = self.shelf.read(_checked(name))
        if content is None:
            raise UnknownSound(name)
        return io.BytesIO(content)

    def seconds(self, name: str) -> float:
        """How long the sound is. Raises UnknownSound."""
        with self.open(name) as file:
            return float(soundfile.info(file).duration)

    def put(self, name: str, wav: bytes) -> None:
        """Store a WAV file: whole or not at all, also when the power goes."""
        self.shelf.put(_checked(name), wav)

    def remove(self, name: str) -> None:
        """Have this sound no longer. Raises ShelfAway."""
        self.shelf.remove(_checked(name))

    def _newest_takes(self) -> dict[str, str]:
        """The newest take of each words that somebody has spoken."""
        seen = self.shelf.seen()
        listed, takes = self._takes
        if seen is not listed:
            recorded = [name for name in seen if name.startswith(Source.RECORDED)]
            takes = {words_of_take(name): name for name in sorted(recorded, key=lambda name: (seen[name], name))}
            self._takes = (seen, takes)
        return takes


def _checked(name: str) -> str:
    if not is_name(name):
        raise UnknownSound(name)
    return name
