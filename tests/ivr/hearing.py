"""An offline recogniser with a grammar of the English prompts. `python -m tests.ivr.hearing` tells what 8 kHz lose.

Its model knows 16,000 samples a second; a room is never quite silent, so neither is what it hears: absolute silence
between words deafens it.
"""

import re
from collections.abc import Iterable

import numpy as np
from pocketsphinx import Decoder

from audio.program import SpeakProgram
from audio.telephone import RATE, Samples, to_telephone
from flows.loader import load_flow, read_source
from flows.speaking import fixed_units
from ivr.leg_phrases import leg_units
from ivr.phrases import all_units
from ivr.publishing import SHIPPED

_HEARD_AT = 16_000
_ROOM = 3e-4
_SILENCE = _HEARD_AT // 5
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Words of ours that an American dictionary lacks.
_SOUNDS = {
    "chief": "CH IY F",
    "helpline": "HH EH L P L AY N",
    "namaskar": "N AH M AH S K AA R",
    "panchayat": "P AH N CH AA Y AH T",
}


def words_of(text: str) -> str:
    """What is spoken, as the dictionary writes it."""
    spelled = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit[0])]} ", text.lower()).replace("-", " ")
    return " ".join(re.findall(r"[a-z']+", spelled))


def english_prompts() -> list[str]:
    """Every sentence that the shipped menus and the telephone itself say in English."""
    flow = load_flow("helpline", read_source(SHIPPED))
    others = [text for language, text in (*all_units(), *leg_units()) if language == "en"]
    return list(dict.fromkeys([*fixed_units(flow, "en"), *others]))


class Ear:
    """Hears one of the prompts that it knows, or nothing."""

    def __init__(self, prompts: Iterable[str]) -> None:
        self._decoder = Decoder(samprate=_HEARD_AT, lm=None, loglevel="FATAL")
        for word, sounds in _SOUNDS.items():
            if not self._decoder.lookup_word(word):
                self._decoder.add_word(word, sounds, False)
        self.prompts = [prompt for prompt in prompts if self._knows(prompt)]
        sentences = " | ".join(sorted({words_of(prompt) for prompt in self.prompts}))
        self._decoder.add_jsgf_string("prompts", f"#JSGF V1.0; grammar prompts; public <prompt> = {sentences} ;")
        self._decoder.activate_search("prompts")
        self._room = np.random.default_rng(1)

    def hear(self, samples: Samples, rate: int) -> str:
        """The words of the prompt that this is taken for."""
        self._decoder.start_utt()
        self._decoder.process_raw(self._at_its_rate(samples, rate), no_search=False, full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return str(heard.hypstr) if heard else ""

    def _knows(self, prompt: str) -> bool:
        words = words_of(prompt).split()
        return bool(words) and all(self._decoder.lookup_word(word) for word in words)

    def _at_its_rate(self, samples: Samples, rate: int) -> bytes:
        length = round(samples.size * _HEARD_AT / rate)
        spectrum = np.zeros(length // 2 + 1, dtype=complex)
        whole = np.fft.rfft(samples)[: spectrum.size]
        spectrum[: whole.size] = whole
        loud = np.fft.irfft(spectrum, length)
        quiet = np.pad(0.5 * loud / np.abs(loud).max(), _SILENCE)
        return (32767 * (quiet + _ROOM * self._room.standard_normal(quiet.size))).astype(np.int16).tobytes()


def heard_otherwise(ear: Ear, prompts: Iterable[str], *, on_the_telephone: bool) -> dict[str, str]:
    """What the ear takes the prompts for that it does not recognise, by what was said."""
    otherwise = {}
    with SpeakProgram() as program:
        for prompt in prompts:
            samples, rate = program.speak("en", prompt)
            sound = (to_telephone(samples, rate), RATE) if on_the_telephone else (samples, rate)
            if (heard := ear.hear(*sound)) != words_of(prompt):
                otherwise[words_of(prompt)] = heard
    return otherwise


def main() -> None:
    """Print what the recogniser loses at each rate."""
    ear = Ear(english_prompts())
    print(f"{len(ear.prompts)} of {len(english_prompts())} English prompts are in its dictionary.")  # noqa: T201  a report
    for on_the_telephone, where in ((False, "at 22 kHz"), (True, "at 8 kHz")):
        lost = heard_otherwise(ear, ear.prompts, on_the_telephone=on_the_telephone)
        print(f"\nNot recognised {where}: {len(lost)}")  # noqa: T201  a report
        for said, heard in lost.items():
            print(f"  {said}  ->  {heard or '(nothing)'}")  # noqa: T201  a report
        spoken = {word for prompt in ear.prompts for word in words_of(prompt).split()}
        kept = {word for prompt in ear.prompts if words_of(prompt) not in lost for word in words_of(prompt).split()}
        kept |= {word for said, heard in lost.items() for word in heard.split() if word in said.split()}
        print(f"Words heard in no prompt: {' '.join(sorted(spoken - kept))}")  # noqa: T201  a report


if __name__ == "__main__":
    main()
