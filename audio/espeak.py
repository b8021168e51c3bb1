"""The espeak-ng library through ctypes. It is under GPL-3: only the program `audio.speak` may import this module."""

import ctypes
import tempfile
from array import array
from pathlib import Path

from audio.voices import Voice

_RETRIEVE_ONLY = 1  # AUDIO_OUTPUT_RETRIEVAL: nothing is played
_DO_NOT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: without it missing data would end the process
_RATE, _PITCH, _GAP = 1, 3, 7
_UTF8 = 1
_BY_CHARACTER = 1
_LONGEST_PATH = 140  # the library cuts its data path at 160 bytes, without a word

_Take = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class NoSynthesizer(RuntimeError):
    """The offline synthesizer is not installed or does not start. The message names the mend."""


class Espeak:
    """One loaded synthesizer. `rate` is its samples a second."""

    def __init__(self) -> None:
        try:
            import espeakng_loader

            library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
            self._library = ctypes.CDLL(library)
        except (ImportError, OSError) as error:
            raise NoSynthesizer(
                "The offline synthesizer is not installed. Install the extra `speech` (package espeakng-loader)."
            ) from error
        self._heard = array("h")
        self._keep = _Take(self._take)
        self.rate = self._start(Path(data))

    def speak(self, text: str, voice: Voice) -> "array[int]":
        """Signed 16-bit samples of the text, one channel. Raises NoSynthesizer if the voice is missing."""
        self._heard = array("h")
        if self._library.espeak_SetVoiceByName(voice.name.encode()):
            raise NoSynthesizer(f"The synthesizer has no voice {voice.name!r}. Install espeakng-loader anew.")
        for parameter, value in ((_RATE, voice.rate), (_PITCH, voice.pitch), (_GAP, voice.gap)):
            self._library.espeak_SetParameter(parameter, value, 0)
        words = text.encode()
        self._library.espeak_Synth(words, ctypes.c_size_t(len(words) + 1), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return self._heard

    def _take(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count:
            self._heard.frombytes(ctypes.string_at(samples, count * 2))
        return 0

    def _start(self, data: Path) -> int:
        if len(str(data).encode()) > _LONGEST_PATH:
            self._short = tempfile.TemporaryDirectory(prefix="espeak")
            link = Path(self._short.name) / data.name
            link.symlink_to(data)
            data = link
        rate: int = self._library.espeak_Initialize(_RETRIEVE_ONLY, 0, str(data).encode(), _DO_NOT_EXIT)
        if rate <= 0:
            raise NoSynthesizer("The offline synthesizer does not start. Install espeakng-loader anew.")
        self._library.espeak_SetSynthCallback(self._keep)
        return rate
