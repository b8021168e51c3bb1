"""WAV files: made of samples; how long one lasts, and its words where its maker noted them (RIFF INFO entries)."""

import io
import struct
import wave
from collections.abc import Iterator


class NotWav(ValueError):
    """The bytes are no WAV file."""


def as_wav(samples: bytes, rate: int) -> bytes:
    """Samples of 16 bit, the lower byte first, of one channel, as a file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return out.getvalue()


def words_in(wav: bytes) -> tuple[str, str]:
    """Title and language as noted in the file; empty where it notes none. Raises NotWav."""
    noted: dict[bytes, str] = {}
    for name, body in _chunks(wav):
        if name == b"LIST" and body[:4] == b"INFO":
            noted.update((entry, text.rstrip(b"\0").decode("utf-8", "replace")) for entry, text in _parts(body, 4))
    return noted.get(b"INAM", ""), noted.get(b"ILNG", "")


def seconds_of(wav: bytes) -> float:
    """How long the file lasts. Raises NotWav."""
    chunks = dict(_chunks(wav))
    form, data = chunks.get(b"fmt ", b""), chunks.get(b"data")
    if len(form) < 16 or data is None:
        raise NotWav("The WAV file has no format or no data.")
    (bytes_a_second,) = struct.unpack_from("<I", form, 8)
    return len(data) / bytes_a_second if bytes_a_second else 0.0


def _chunks(wav: bytes) -> Iterator[tuple[bytes, bytes]]:
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NotWav("The file does not begin as a WAV file does.")
    return _parts(wav, 12)


def _parts(body: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        yield name, body[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
