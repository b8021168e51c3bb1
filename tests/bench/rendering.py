"""Every prompt rendered cold and warm, and what the conversion costs beside the synthesizer alone."""

import time
from dataclasses import dataclass
from pathlib import Path

from audio.program import SpeakProgram
from audio.render import render_missing
from audio.store import SoundStore
from audio.telephone import encode, rest, to_telephone
from audio.voices import voice_of
from audio.words import add_words
from flows.loader import load_flow, read_source
from ivr.publishing import SHIPPED, wanted_sounds


@dataclass(frozen=True)
class Rendering:
    """Clips, and the seconds that they took."""

    clips: int
    cold: float
    warm: float
    some: int  # every fourth clip, by one synthesizer
    synthesizer: float
    conversion: float
    keeping: float


def time_rendering(folder: Path) -> Rendering:
    """Render all into an empty folder, then again; then some in parts, so that each part is seen."""
    wanted = sorted(set(wanted_sounds(load_flow("helpline", read_source(SHIPPED)))))
    store = SoundStore(folder / "all")
    began = time.perf_counter()
    clips = render_missing(store, wanted)
    cold = time.perf_counter()
    render_missing(store, wanted)
    warm = time.perf_counter()
    some = wanted[::4]
    with SpeakProgram() as program:
        program.speak(*some[0])
        start = time.perf_counter()
        spoken = [program.speak(language, text) for language, text in some]
        synthesized = time.perf_counter()
    made = [
        add_words(encode(rest(to_telephone(*sound), voice_of(language).rest)), text, language)
        for sound, (language, text) in zip(spoken, some, strict=True)
    ]
    converted = time.perf_counter()
    parts = SoundStore(folder / "some")
    for wav, (language, text) in zip(made, some, strict=True):
        parts.put(parts.name_of(text, language), wav)
    kept = time.perf_counter()
    return Rendering(
        clips, cold - began, warm - cold, len(some), synthesized - start, converted - synthesized, kept - converted
    )
