"""A take: what a person has spoken into a microphone, judged before callers hear it.

Nothing is believed but the content: not the name of the file, not the kind that the browser tells, not the length in
its header. Nothing is written to disk, and neither memory nor time grows with what is sent.
"""

import io
from collections.abc import Mapping
from enum import StrEnum
from typing import BinaryIO

import numpy as np
import soundfile

from audio.telephone import Samples, active_frames, encode, limit_band, loudness, to_telephone

MOST_BYTES = 10_000_000
LONGEST = 30.0  # seconds
SHORTEST = 0.2

_QUIETEST = -45.0  # dBFS of the active frames: made as loud as the others, the noise of the room would be too
_NEAR_FULL = 0.985  # of full scale
_MOST_CLIPPED = 0.2  # hundredths of the samples; a voice whose highest peak just fits has a tenth of that
_LEAST_SPOKEN = 10.0  # hundredths of the length
_RATES = (8_000, 96_000)
_CHANNELS = 2
_BLOCK = 65_536  # frames

_WAV, _OGG, _FLAC, _ID3 = b"RIFF", b"OggS", b"fLaC", b"ID3"
_WEBM, _MP4 = b"\x1aE\xdf\xa3", b"ftyp"


class Fault(StrEnum):
    """What is wrong with a take. The names stand for good: whoever shows them has the words."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NO_SOUND = "no_sound"
    OTHER_CONTAINER = "other_container"
    BROKEN = "broken"
    OTHER_SHAPE = "other_shape"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    TOO_QUIET = "too_quiet"
    CLIPPED = "clipped"
    MOSTLY_SILENCE = "mostly_silence"


_SENTENCES = {
    Fault.EMPTY: "The file is empty. Record it again.",
    Fault.TOO_BIG: "The file is larger than {most_megabytes:g} MB. One recording holds one prompt.",
    Fault.NO_SOUND: "The file holds no sound. Send WAV, MP3, Ogg or FLAC.",
    Fault.OTHER_CONTAINER: "WebM and MP4 files cannot be read here. Send WAV, MP3, Ogg or FLAC.",
    Fault.BROKEN: "The file begins as a sound but cannot be read to its end. Record it again.",
    Fault.OTHER_SHAPE: "The file has {channels:g} channels at {rate:g} Hz. Send one or two at 8,000 to 96,000 Hz.",
    Fault.TOO_LONG: "The recording is longer than {most_seconds:g} seconds. Record one prompt at a time.",
    Fault.TOO_SHORT: "The recording lasts {seconds:.2f} seconds, so that nothing can be said in it. Record it again.",
    Fault.TOO_QUIET: "The voice is too quiet: {loudness:.0f} dB, and it needs {least_loudness:.0f} dB. Speak nearer.",
    Fault.CLIPPED: "The recording is too loud: {percent:.1f} % of it is cut off. Turn the microphone down.",
    Fault.MOSTLY_SILENCE: "The voice is heard in {percent:.0f} % of the recording only. Record it with less silence.",
}


class UnusableTake(ValueError):
    """This take cannot be played to callers. `fault` says why, `numbers` how much; the message is for a shell."""

    def __init__(self, fault: Fault, **numbers: float) -> None:
        super().__init__(_SENTENCES[fault].format(**numbers))
        self.fault = fault
        self.numbers: Mapping[str, float] = numbers


def telephone_clip(file: BinaryIO) -> bytes:
    """The take as a mu-law WAV file like all others. Raises UnusableTake."""
    samples, rate = _read(file)
    _judge(samples, rate)
    return encode(to_telephone(samples, rate))


def clip_seconds(clip: bytes) -> float:
    """How long a telephone clip lasts."""
    return float(soundfile.info(io.BytesIO(clip)).duration)


def _read(file: BinaryIO) -> tuple[Samples, int]:
    sent = file.read(MOST_BYTES + 1)
    if not sent:
        raise UnusableTake(Fault.EMPTY)
    if len(sent) > MOST_BYTES:
        raise UnusableTake(Fault.TOO_BIG, most_megabytes=MOST_BYTES / 1e6)
    _look_at_beginning(sent[:12])
    try:
        with soundfile.SoundFile(io.BytesIO(sent)) as sound:
            return _decode(sound), sound.samplerate
    except soundfile.SoundFileError as error:
        raise UnusableTake(Fault.BROKEN) from error


def _look_at_beginning(begins: bytes) -> None:
    """Let only what is to be read here reach the library that reads every kind of sound there ever was."""
    if begins.startswith(_WEBM) or begins[4:8] == _MP4:
        raise UnusableTake(Fault.OTHER_CONTAINER)
    is_wav = begins.startswith(_WAV) and begins[8:12] == b"WAVE"
    is_mp3 = begins.startswith(_ID3) or (begins[:1] == b"\xff" and begins[1:2] >= b"\xe0")
    if not (is_wav or is_mp3 or begins.startswith((_OGG, _FLAC))):
        raise UnusableTake(Fault.NO_SOUND)


def _decode(sound: soundfile.SoundFile) -> Samples:
    """One channel of it. A small file may unfold to hours, so it is read only as far as a take may last."""
    lowest, highest = _RATES
    if not (lowest <= sound.samplerate <= highest and 1 <= sound.channels <= _CHANNELS):
        raise UnusableTake(Fault.OTHER_SHAPE, rate=sound.samplerate, channels=sound.channels)
    most = int(LONGEST * sound.samplerate)
    blocks: list[Samples] = []
    frames = 0
    while (block := sound.read(_BLOCK, dtype="float64", always_2d=True)).size:
        frames += len(block)
        if frames > most:
            raise UnusableTake(Fault.TOO_LONG, most_seconds=LONGEST)
        blocks.append(block.mean(axis=1))
    samples: Samples = np.concatenate(blocks) if blocks else np.zeros(0)
    if not np.isfinite(samples).all():
        raise UnusableTake(Fault.BROKEN)
    return samples


def _judge(samples: Samples, rate: int) -> None:
    seconds = samples.size / rate
    if seconds < SHORTEST:
        raise UnusableTake(Fault.TOO_SHORT, seconds=seconds)
    clipped = 100 * float(np.mean(np.abs(samples) >= _NEAR_FULL))
    if clipped > _MOST_CLIPPED:
        raise UnusableTake(Fault.CLIPPED, percent=clipped)
    heard = limit_band(samples, rate)
    loud = loudness(heard)
    if loud < _QUIETEST:
        raise UnusableTake(Fault.TOO_QUIET, loudness=max(loud, -120.0), least_loudness=_QUIETEST)
    spoken = 100 * float(np.mean(active_frames(heard)))
    if spoken < _LEAST_SPOKEN:
        raise UnusableTake(Fault.MOSTLY_SILENCE, percent=spoken)
