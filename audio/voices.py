"""The offline voices, one a language. Their settings are part of each clip's name: a changed one is new."""

from dataclasses import dataclass


class UnknownLanguage(ValueError):
    """There is no voice for this language. The message says for which there is one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How the synthesizer speaks. `rate` is words a minute, `pitch` 0 to 99, `gap` a pause between words in 10 ms."""

    name: str
    rate: int
    pitch: int = 45
    gap: int = 1

    @property
    def settings(self) -> list[str | int]:
        """What distinguishes this voice's sound from another's, in a fixed order."""
        return [self.name, self.rate, self.pitch, self.gap]


# Slower than the synthesizer's usual 175: the line is narrow and the street is loud.
VOICES = {
    "bn": Voice("bn", rate=150),
    "en": Voice("en-us", rate=150),
    "hi": Voice("hi", rate=150),
}


def voice_of(language: str) -> Voice:
    """The voice of a language; `bn-IN` counts as `bn`. Raises UnknownLanguage."""
    voice = VOICES.get(language.partition("-")[0].lower())
    if voice is None:
        raise UnknownLanguage(f"There is no voice for {language!r}. There are voices for {', '.join(sorted(VOICES))}.")
    return voice
