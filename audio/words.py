"""The words of a clip, inside its file: the RIFF INFO entries for title and language, which players show and skip.

Whoever plays the file can then also show what is said, without asking us.
"""

import struct

_HEADER = 12  # RIFF, size, WAVE


def add_words(wav: bytes, text: str, language: str) -> bytes:
    """The same WAV file with its words and their language noted."""
    entries = _entry(b"INAM", text) + _entry(b"ILNG", language)
    noted = wav[_HEADER:] + b"LIST" + struct.pack("<I", 4 + len(entries)) + b"INFO" + entries
    return b"RIFF" + struct.pack("<I", 4 + len(noted)) + b"WAVE" + noted


def _entry(name: bytes, value: str) -> bytes:
    coded = value.encode() + b"\0"
    return name + struct.pack("<I", len(coded)) + coded + b"\0" * (len(coded) % 2)
