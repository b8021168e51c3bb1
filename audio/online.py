"""The online voice: gTTS says what to ask of its provider, and we ask, ahead of calls and never within one.

gTTS alone would ask without proving whom it talks to, and without an end for an answer that drips; so its library
cuts the text and composes the requests, and they are sent here. The provider allows only so many, and is away at times:
then it is left alone for a while, which costs nothing but a line in the log (`audio.render`).
"""

import base64
import binascii
import io
import json
import time
from collections.abc import Callable

import numpy as np
import requests
import soundfile
import urllib3
from gtts import gTTS

from audio.synthesizer import CannotRender, CannotSpeak
from audio.telephone import Samples
from audio.voices import is_slow, primary, voice_of

TIMEOUT_S = 5.0

_PATH = "/_/TranslateWebserverUi/data/batchexecute"
_APART_S = 0.5  # between two requests
_AGAIN_S = 1.0  # before the one further try
_TRIES = 2
_SHORTEST_REST_S, _LONGEST_REST_S = 60.0, 900.0
_MOST_BYTES = 4_000_000
_MOST_SPEECHLESS = 3  # texts in a row without sound: then it is not the texts


class OnlineVoice:
    """One conversation with the provider. Not for several threads at once."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = TIMEOUT_S,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = base_url + _PATH
        self._timeout = timeout
        self._clock, self._wait = clock, wait
        self._session = requests.Session()
        self._next_at = 0.0
        self._rests_until = 0.0
        self._rest = _SHORTEST_REST_S
        self._speechless = 0

    def speak(self, language: str, text: str) -> tuple[Samples, int]:
        """The sound of the text, one channel, and its samples a second.

        Raises CannotSpeak for words without sound, CannotRender when the provider is away, UnknownLanguage.
        """
        voice_of(language)
        if self._clock() < self._rests_until:
            raise CannotRender(f"The online voice is left alone for {self._rests_until - self._clock():.0f} s more.")
        try:
            parts = [_decoded(self._ask(body)) for body in _bodies(language, text)]
        except CannotSpeak as error:
            self._speechless += 1
            if self._speechless < _MOST_SPEECHLESS:
                raise
            raise self._leave_alone(str(error), 0.0) from error
        self._speechless = 0
        self._rest = _SHORTEST_REST_S
        return np.concatenate([samples for samples, _ in parts]), parts[0][1]

    def close(self) -> None:
        """End the conversation."""
        self._session.close()

    def _ask(self, body: str) -> bytes:
        """One part of a text as MP3."""
        for tries_left in reversed(range(_TRIES)):
            self._wait(max(0.0, self._next_at - self._clock()))
            self._next_at = self._clock() + _APART_S
            try:
                return _sound_in(self._post(body))
            except requests.RequestException as error:
                response = error.response
                status = response.status_code if response is not None else 0
                if tries_left and (status == 0 or status >= 500):
                    self._wait(_AGAIN_S)
                    continue
                asked_to_wait = response.headers.get("Retry-After", "") if response is not None else ""
                said = f"answers {status}" if status else f"does not answer ({type(error).__name__})"
                raise self._leave_alone(f"It {said}.", _seconds(asked_to_wait)) from error
        raise AssertionError("the last try returns or raises")

    def _post(self, body: str) -> bytes:
        """The provider's answer. `timeout` bounds each wait of it, and all of them together."""
        ends = self._clock() + self._timeout
        with self._session.post(
            self._url, body, headers=gTTS.GOOGLE_TTS_HEADERS, timeout=self._timeout, stream=True
        ) as response:
            response.raise_for_status()
            answer = bytearray()
            try:
                # Whatever has come, and not a full block of it: an answer that drips would never fill one.
                while block := response.raw.read1(65_536, decode_content=True):
                    answer += block
                    if len(answer) > _MOST_BYTES:
                        raise requests.ConnectionError("the answer has no end")
                    if self._clock() > ends:
                        raise requests.Timeout("the answer drips")
            except urllib3.exceptions.HTTPError as error:
                raise requests.ConnectionError("the answer broke off") from error
        return bytes(answer)

    def _leave_alone(self, why: str, asked: float) -> CannotRender:
        rest = min(max(self._rest, asked), _LONGEST_REST_S)
        self._rests_until = self._clock() + rest
        self._rest = min(2 * self._rest, _LONGEST_REST_S)
        self._speechless = 0
        return CannotRender(f"The online voice is away. {why} It is left alone for {rest:.0f} s.")


def _bodies(language: str, text: str) -> list[str]:
    try:
        # Its own check of the language asks the network; ours has been made.
        asked = gTTS(text, lang=primary(language), slow=is_slow(language), lang_check=False)
        bodies: list[str] = asked.get_bodies()
    except AssertionError as error:
        raise CannotSpeak(f"There is nothing to speak in {text!r}.") from error
    return bodies


def _sound_in(answer: bytes) -> bytes:
    """The MP3 in an answer: a line of JSON whose third element of its first row is JSON again."""
    for line in answer.decode("utf-8", errors="replace").splitlines():
        if f'"{gTTS.GOOGLE_TTS_RPC}"' in line:
            try:
                return base64.b64decode(json.loads(json.loads(line)[0][2])[0], validate=True)
            except (ValueError, TypeError, LookupError, binascii.Error) as error:
                raise CannotSpeak("The online voice answers without sound.") from error
    raise CannotSpeak("The online voice answers without sound.")


def _decoded(mp3: bytes) -> tuple[Samples, int]:
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float64", always_2d=True)
    except soundfile.SoundFileError as error:
        raise CannotSpeak("The online voice sends a sound that cannot be read.") from error
    if not len(samples):
        raise CannotSpeak("The online voice sends an empty sound.")
    return samples.mean(axis=1), rate


def _seconds(header: str) -> float:
    return float(header) if header.isdecimal() else 0.0
