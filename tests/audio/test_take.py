"""What people send as a recording: taken where callers would understand it, else refused by name; nothing is kept."""

import io
import os
import struct
import tempfile
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.take import LONGEST, MOST_BYTES, Fault, UnusableTake, telephone_clip
from audio.telephone import RATE, TARGET, Samples, loudness

SOUND_RATE = 24_000


def voice(seconds: float = 2.0, rate: int = SOUND_RATE, size: float = 0.3) -> Samples:
    """Syllables of a vowel: four a second, the overtones of 130 Hz, with pauses."""
    at = np.arange(int(seconds * rate)) / rate
    vowel = sum(np.sin(2 * np.pi * 130 * n * at + n * n) / n for n in range(1, 20))
    spoken: Samples = vowel * np.clip(np.sin(2 * np.pi * 2 * at), 0, 1)
    loud: Samples = size * spoken / np.abs(spoken).max()
    return loud


def written(samples: Samples, kind: str = "WAV", subtype: str | None = None, rate: int = SOUND_RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


def fault_of(sent: bytes) -> UnusableTake:
    with pytest.raises(UnusableTake) as refused:
        telephone_clip(io.BytesIO(sent))
    return refused.value


@pytest.fixture(autouse=True)
def nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("WAV", "PCM_24"),
        ("WAV", "FLOAT"),
        ("WAV", "ULAW"),
        ("MP3", None),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("FLAC", None),
    ],
)
def test_each_kind_becomes_telephone_sound(kind: str, subtype: str | None) -> None:
    clip = telephone_clip(io.BytesIO(written(voice(), kind, subtype)))
    about = soundfile.info(io.BytesIO(clip))
    samples, _ = soundfile.read(io.BytesIO(clip))
    assert (about.format, about.subtype, about.samplerate, about.channels) == ("WAV", "ULAW", RATE, 1)
    assert loudness(samples) == pytest.approx(TARGET, abs=1.0)
    assert samples.size / RATE == pytest.approx(2.0, abs=0.35)


def test_both_ears_of_a_stereo_recording_are_heard() -> None:
    left = np.stack([voice(), np.zeros(2 * SOUND_RATE)], axis=1)
    samples, _ = soundfile.read(io.BytesIO(telephone_clip(io.BytesIO(written(left)))))
    assert loudness(samples) == pytest.approx(TARGET, abs=1.0)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def in_header(wav: bytes, offset: int, layout: str, value: int) -> bytes:
    """The file with another number in its header."""
    changed = bytearray(wav)
    struct.pack_into(layout, changed, offset, value)
    return bytes(changed)


FADING_VOICE = np.concatenate([voice(1.0), 1e-4 * np.random.default_rng(1).standard_normal(20 * SOUND_RATE)])


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (Fault.EMPTY, b""),
        (Fault.NO_SOUND, png()),
        (Fault.NO_SOUND, b"\0" * 1000),
        (Fault.NO_SOUND, b"Good morning.\n"),
        (Fault.NO_SOUND, b"RIFF\x10\0\0\0AVI LIST"),
        (Fault.NO_SOUND, written(voice(), "AIFF")),
        (Fault.OTHER_CONTAINER, b"\x1aE\xdf\xa3\x9fB\x86\x81\x01webm"),
        (Fault.OTHER_CONTAINER, b"\0\0\0\x18ftypM4A "),
        (Fault.BROKEN, b"RIFF\x10\0\0\0WAVEnonsense"),
        (Fault.BROKEN, b"OggS" + b"\xff" * 400),
        (Fault.BROKEN, b"fLaC" + b"\xff" * 400),
        (Fault.BROKEN, b"ID3" + b"\xff" * 400),
        (Fault.BROKEN, written(np.full(SOUND_RATE, np.nan), "WAV", "FLOAT")),
        (Fault.OTHER_SHAPE, written(np.zeros((4000, 6)))),
        (Fault.OTHER_SHAPE, in_header(written(voice()), 24, "<I", 4_000_000)),
        (Fault.OTHER_SHAPE, in_header(written(voice()), 24, "<I", 1)),
        (Fault.TOO_SHORT, written(voice(0.1))),
        (Fault.TOO_SHORT, written(np.zeros(0))),
        (Fault.TOO_LONG, written(voice(LONGEST + 1, rate=8000), rate=8000)),
        (Fault.TOO_QUIET, written(voice(size=0.004))),
        (Fault.TOO_QUIET, written(np.zeros(SOUND_RATE))),
        (Fault.TOO_QUIET, written(0.3 * np.sin(np.arange(SOUND_RATE) * 2 * np.pi * 50 / SOUND_RATE))),
        (Fault.CLIPPED, written(np.clip(voice(size=2.0), -1, 1))),
        (Fault.CLIPPED, written(np.clip(voice(size=2.0), -1, 1), "MP3")),
        (Fault.MOSTLY_SILENCE, written(FADING_VOICE)),
    ],
)
def test_what_callers_would_not_understand_is_refused_by_name(fault: Fault, sent: bytes) -> None:
    refused = fault_of(sent)
    assert refused.fault == fault
    assert str(refused).count("{") == 0
    assert str(refused).endswith(".")


def test_each_fault_is_told_with_its_numbers() -> None:
    assert fault_of(written(voice(0.1))).numbers == {"seconds": pytest.approx(0.1)}
    assert fault_of(written(voice(LONGEST + 1))).numbers == {"most_seconds": LONGEST}
    quiet = fault_of(written(voice(size=0.004)))
    assert quiet.numbers["loudness"] < quiet.numbers["least_loudness"] == -45
    assert "it needs -45 dB" in str(quiet)


def test_a_voice_whose_peak_just_fits_is_not_clipped() -> None:
    telephone_clip(io.BytesIO(written(voice(size=0.999))))


class Endless(io.RawIOBase):
    """Sends for ever, and notes how much was taken."""

    taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "all of it was asked for"
        self.taken += size
        return written(np.zeros(100))[:44] + b"\0" * (size - 44)


def test_of_fifty_megabytes_no_more_is_read_than_is_judged() -> None:
    endless = Endless()
    with pytest.raises(UnusableTake) as refused:
        telephone_clip(endless)  # type: ignore[arg-type]  # it reads, and that is all that is asked of it
    assert refused.value.fault == Fault.TOO_BIG
    assert endless.taken == MOST_BYTES + 1


@pytest.mark.parametrize(("kind", "subtype", "minutes"), [("FLAC", None, 60), ("OGG", "OPUS", 2), ("MP3", None, 2)])
def test_an_hour_in_a_small_file_is_not_unfolded(kind: str, subtype: str | None, minutes: int) -> None:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 8000, 1, format=kind, subtype=subtype) as sound:
        for _ in range(minutes):
            sound.write(np.zeros(60 * 8000, dtype="float32"))
    assert len(file.getvalue()) < MOST_BYTES
    tracemalloc.start()
    try:
        assert fault_of(file.getvalue()).fault == Fault.TOO_LONG
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 30_000_000
