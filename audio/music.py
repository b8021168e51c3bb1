"""Sounds that are no words: the hold music and the tone after which a caller speaks. Synthesized, owed to nobody.

The hold music comes in sections of a few seconds, because a caller in a queue is asked after every few seconds; each
begins and ends in silence, and one follows the other without a seam.
"""

import hashlib
import json

import numpy as np

from audio.telephone import FORMAT, RATE, Samples, encode, fade, level, limit_band

_VERSION = 1  # part of the names: raise it whenever a sound changes
_SECTIONS = 4
_BEAT = 0.5  # seconds
_QUIETER = 0.5  # the music stays 6 dB under the voice
_NOTE_SECONDS = 2.2

# A slow walk over a pentatonic scale on D (semitones above D4), eight seconds a section. None is a rest.
_TUNE: tuple[tuple[int | None, ...], ...] = (
    (0, None, 4, 7, 9, None, 7, None, 4, None, 2, None),
    (2, None, 4, 9, 7, None, 4, None, 2, None, 0, None),
    (7, None, 9, 12, 14, None, 12, None, 9, None, 7, None),
    (9, None, 7, 4, 2, None, 4, None, 0, None, None, None),
)
_BASS = (-12, -5, -8, -12)
_D4 = 293.66  # Hz


class UnknownMusic(ValueError):
    """No music has this name. The message says which there is."""


def name_of(sound: str) -> str:
    """The name in the store of one synthesized sound."""
    return hashlib.sha256(json.dumps(["sound", sound, _VERSION, FORMAT]).encode()).hexdigest()


RECORD_TONE = name_of("record_tone")
HOLD_MUSIC = tuple(name_of(f"hold_music {section}") for section in range(_SECTIONS))


def sections_of(music: str) -> tuple[str, ...]:
    """Names in the store of the sections of `hold_music`, to play in turn. Raises UnknownMusic."""
    if music != "hold_music":
        raise UnknownMusic(f"There is no music {music!r}. There is hold_music.")
    return HOLD_MUSIC


def sounds() -> dict[str, bytes]:
    """Every synthesized sound as a mu-law WAV file, by its name in the store."""
    made = {name: encode(_section(number)) for number, name in enumerate(HOLD_MUSIC)}
    made[RECORD_TONE] = encode(_tone())
    return made


def _section(number: int) -> Samples:
    tune = _TUNE[number]
    length = int((len(tune) * _BEAT + _NOTE_SECONDS - 0.2) * RATE)
    section = np.zeros(length)
    for beat, step in enumerate(tune):
        if step is not None:
            _add(section, beat * _BEAT, _note(_D4 * 2 ** (step / 12)))
    _add(section, 0.0, 0.5 * _note(_D4 * 2 ** ((_BASS[number] + 12) / 12)))
    return fade(level(limit_band(section, RATE)) * _QUIETER)


def _note(frequency: float) -> Samples:
    at = np.arange(int(_NOTE_SECONDS * RATE)) / RATE
    # Two strings a hair apart beat softly; the overtones die first, as on a plucked one.
    parts = [
        np.sin(2 * np.pi * frequency * overtone * (1 + detune) * at) * np.exp(-at * (1.4 + overtone)) / overtone**1.6
        for overtone in (1, 2, 3)
        for detune in (0.0, 0.0015)
        if frequency * overtone < RATE / 2
    ]
    note: Samples = np.sum(parts, axis=0) * np.clip(at / 0.015, 0.0, 1.0)
    return note * np.clip((_NOTE_SECONDS - at) / 0.3, 0.0, 1.0)


def _add(section: Samples, start: float, note: Samples) -> None:
    first = int(start * RATE)
    section[first : first + note.size] += note[: section.size - first]


def _tone() -> Samples:
    at = np.arange(int(0.4 * RATE)) / RATE
    return fade(level(np.sin(2 * np.pi * 1000 * at)))
