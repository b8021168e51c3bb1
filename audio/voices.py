"""The offline voices, one a language. Their settings are part of each clip's name: a changed one is new.

A language may say how it is to be read: `bn-x-slow` is Bengali for whoever writes along (a private subtag, RFC 5646).
"""

from dataclasses import dataclass, replace

_SLOWLY = "-x-slow"


class UnknownLanguage(ValueError):
    """There is no voice for this language. The message says for which there is one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How the synthesizer speaks. `rate` is words a minute, `pitch` 0 to 99, `gap` a pause between words in 10 ms.

    `rest` is the silence after each clip in 10 ms.
    """

    name: str
    rate: int
    pitch: int = 45
    gap: int = 1
    rest: int = 0

    @property
    def settings(self) -> list[str | int]:
        """What distinguishes this voice's sound from another's, in a fixed order."""
        return [self.name, self.rate, self.pitch, self.gap, *([self.rest] if self.rest else [])]


# Slower than the synthesizer's usual 175: the line is narrow and the street is loud.
VOICES = {
    "bn": Voice("bn", rate=150),
    "en": Voice("en-us", rate=150),
    "hi": Voice("hi", rate=150),
}
# One digit is soon said: what gives time to write it down is most of all the silence after it.
_SLOW_VOICES = {language: replace(voice, rate=110, rest=40) for language, voice in VOICES.items()}


def slowly(language: str) -> str:
    """The language, to be read slowly."""
    return language + _SLOWLY


def is_slow(language: str) -> bool:
    """Whether the language is one to be read slowly."""
    return language.endswith(_SLOWLY)


def at_usual_pace(language: str) -> str:
    """The language itself, however it is to be read."""
    return language.removesuffix(_SLOWLY)


def voice_of(language: str) -> Voice:
    """The voice of a language; `bn-IN` counts as `bn`. Raises UnknownLanguage."""
    voices = _SLOW_VOICES if is_slow(language) else VOICES
    voice = voices.get(primary(language))
    if voice is None:
        raise UnknownLanguage(f"There is no voice for {language!r}. There are voices for {', '.join(sorted(VOICES))}.")
    return voice


def online_settings(language: str) -> list[str | int]:
    """What distinguishes the online voice's sound from another's, in a fixed order. Raises UnknownLanguage."""
    about: list[str | int] = ["gtts", primary(language), voice_of(language).rest]
    return [*about, "slow"] if is_slow(language) else about


def primary(language: str) -> str:
    """The language without its region and pace."""
    return language.partition("-")[0].lower()
