"""From lines to what the telephone speaks: our own sound where there is one, else the provider's voice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from audio.voices import at_usual_pace, is_slow, slowly
from flows.speaking import GROUP_PAUSE, SLOW_GROUP_PAUSE, Unit, phrase
from flows.values import Line

# Voice and language are always both given: a wrong pair fails, and a missing voice is a setting of the account.
VOICES = {
    "bn": ("Google.bn-IN-Wavenet-A", "bn-IN"),
    "en": ("Google.en-IN-Wavenet-A", "en-IN"),
    "hi": ("Google.hi-IN-Wavenet-A", "hi-IN"),
}
LONGEST_SAY = 4500  # url-encoded characters; one Bengali letter is nine of them

SoundOf = Callable[[str, str], str | None]
"""The address of the sound of (language, text), or None where it has not been rendered. A language may be slow."""


class Sounds(Protocol):
    """The sounds there are: a SoundOf that also makes one sound of several."""

    def __call__(self, language: str, text: str, /) -> str | None: ...

    def join(self, language: str, units: Sequence[Unit]) -> str | None:
        """The address of one sound of all these units, or None where one of them has not been rendered."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Words in one language, to be spoken in one breath."""

    language: str
    text: str


def say_lines(lines: Iterable[Line], sounds: Sounds) -> str:
    """The TwiML that speaks `lines`. A line that is put together is one sound: no gap of twenty fetches in it."""
    out: list[str] = []
    waiting: list[tuple[str, str]] = []
    for line in lines:
        units = phrase(line)
        joined = sounds.join(line.language, units) if len(units) > 1 else None
        if joined is None:
            waiting += _apart(line.language, units, sounds)
        else:
            if waiting:
                out.append(say_units(waiting, sounds))
                waiting = []
            out.append(f"<Play>{joined}</Play>")
    return "".join(out) + say_units(waiting, sounds)


def _apart(language: str, units: Sequence[Unit], sound_of: SoundOf) -> Iterator[tuple[str, str]]:
    """The units one by one. A voice that reads them needs a comma where a group of digits ends."""
    for text, slow, pause in units:
        read_as = slowly(language) if slow else language
        ends_group = pause in (GROUP_PAUSE, SLOW_GROUP_PAUSE) and sound_of(read_as, text) is None
        yield read_as, f"{text}," if ends_group else text


def say_units(units: Iterable[tuple[str, str]], sound_of: SoundOf) -> str:
    """The TwiML that speaks units of (language, text). Neighbours without a sound are said together."""
    out: list[str] = []
    waiting: list[str] = []
    waiting_language = ""
    for language, text in units:
        address = sound_of(language, text)
        if waiting and (address is not None or language != waiting_language):
            out.append(_say(waiting_language, " ".join(waiting)))
            waiting.clear()
        if address is None:
            waiting_language = language
            waiting.append(text)
        else:
            out.append(f"<Play>{escape(address)}</Play>")
    if waiting:
        out.append(_say(waiting_language, " ".join(waiting)))
    return "".join(out)


def _say(language: str, text: str) -> str:
    voice, locale = VOICES.get(at_usual_pace(language), VOICES["en"])
    opening, closing = f'<Say voice="{voice}" language="{locale}">', "</Say>"
    if is_slow(language):
        opening, closing = f'{opening}<prosody rate="slow">', f"</prosody>{closing}"
    return "".join([f"{opening}{escape(part)}{closing}" for part in split_to_say(text)])


def split_to_say(text: str) -> list[str]:
    """Cut `text` at spaces into parts that one Say may hold."""
    if len(text) * 9 <= LONGEST_SAY or len(quote_plus(text)) <= LONGEST_SAY:
        return [text]
    parts: list[str] = []
    part: list[str] = []
    length = 0
    for word in _short_words(text):
        size = len(quote_plus(word)) + 1
        if part and length + size > LONGEST_SAY:
            parts.append(" ".join(part))
            part, length = [], 0
        part.append(word)
        length += size
    return [*parts, " ".join(part)]


def _short_words(text: str) -> Iterable[str]:
    longest = LONGEST_SAY // 12  # no character is longer than twelve when encoded
    for word in text.split():
        yield from (word[at : at + longest] for at in range(0, len(word), longest))
