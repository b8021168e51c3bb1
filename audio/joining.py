"""Several clips as one sound: their samples one after another, byte for byte, with silence between them."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audio.telephone import RATE
from audio.words import add_words

_MULAW = 7  # the format's number in a WAV file
_SILENCE = b"\xff"  # mu-law for a sample of zero


class NotTelephoneSound(ValueError):
    """The file is no mu-law WAV of one channel at 8 kHz, so it cannot be joined to others as it is."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The samples of a clip, a byte each, and its words with their language where the file notes them."""

    samples: bytes
    text: str = ""
    language: str = ""


def read_clip(wav: bytes) -> Clip:
    """What stands in the file of a clip. Raises NotTelephoneSound."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NotTelephoneSound("This is no WAV file.")
    chunks = dict(_parts(wav, 12))
    form = chunks.get(b"fmt ", b"")
    if len(form) < 16 or struct.unpack_from("<HHI", form) != (_MULAW, 1, RATE) or b"data" not in chunks:
        raise NotTelephoneSound("This is no mu-law WAV file of one channel at 8 kHz. Render the prompts again.")
    info = chunks.get(b"LIST", b"")
    noted = dict(_parts(info, 4)) if info[:4] == b"INFO" else {}
    return Clip(chunks[b"data"], _words(noted, b"INAM"), _words(noted, b"ILNG"))


def join_clips(clips: Iterable[tuple[Clip, int]]) -> bytes:
    """One WAV file of all the clips, each followed by its silence in 10 ms; it notes all their words."""
    parts: list[bytes] = []
    told: list[str] = []
    language = ""
    for clip, silence in clips:
        parts += (clip.samples, _SILENCE * (silence * RATE // 100))
        told += [clip.text] if clip.text else []
        language = language or clip.language
    return add_words(_wav(b"".join(parts)), " ".join(told), language)


def _wav(samples: bytes) -> bytes:
    form = struct.pack("<HHIIHHH", _MULAW, 1, RATE, RATE, 1, 8, 0)
    padding = b"\0" * (len(samples) % 2)
    chunks = b"".join(
        (
            b"fmt " + struct.pack("<I", len(form)) + form,
            b"fact" + struct.pack("<II", 4, len(samples)),
            b"data" + struct.pack("<I", len(samples)) + samples + padding,
        )
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _parts(body: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        yield name, body[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _words(noted: dict[bytes, bytes], name: bytes) -> str:
    return noted.get(name, b"").rstrip(b"\0").decode("utf-8", "replace")
