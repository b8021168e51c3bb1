"""The names of sounds. A name says what is heard and how, so it never changes its sound and can be kept for ever.

A name of 64 hexadecimal digits alone is a render of the offline voice, or a sound without words. Others say before it
who speaks: `online-` a render of the online voice, `recorded-` a person. Of the digits of a recording, the first half
says which words it is, the second half which take of them.
"""

import hashlib
import json
import re
import unicodedata
from enum import StrEnum

from audio.telephone import FORMAT
from audio.voices import at_usual_pace, online_settings, voice_of

_NAME = re.compile(r"(?:recorded-|online-)?[0-9a-f]{64}")
_HALF = 32  # digits
_KINDS = ("", "online-", "recorded-")  # a packed name holds the place in this row: never change the order
PACKED = 33  # bytes


class Source(StrEnum):
    """Who speaks a sound."""

    RECORDED = "recorded"
    ONLINE = "online"
    OFFLINE = "offline"


_SOURCES = (Source.OFFLINE, Source.ONLINE, Source.RECORDED)  # of the kinds, in their order


def is_name(name: str) -> bool:
    """Whether a sound can be called so."""
    return _NAME.fullmatch(name) is not None


def source_of(name: str) -> Source:
    """Who speaks the sound of this name."""
    kind, dash, _ = name.partition("-")
    return Source(kind) if dash else Source.OFFLINE


def pack_name(name: str) -> bytes:
    """The name in `PACKED` bytes."""
    kind, dash, digits = name.rpartition("-")
    return bytes([_KINDS.index(kind + dash)]) + bytes.fromhex(digits)


def unpack_name(packed: bytes) -> str:
    """The name again. Raises ValueError if nobody has packed these bytes."""
    if len(packed) != PACKED or packed[0] >= len(_KINDS):
        raise ValueError("this is no packed name")
    return _KINDS[packed[0]] + packed[1:].hex()


def source_of_packed(packed: bytes) -> Source:
    """Who speaks the sound of this packed name."""
    return _SOURCES[packed[0]]


def offline_name(text: str, language: str) -> str:
    """The name of these words in the offline voice, whether rendered or not. Raises UnknownLanguage."""
    return _digest("words", one_line(text), *voice_of(language).settings, FORMAT)


def online_name(text: str, language: str) -> str:
    """The name of these words in the online voice, whether rendered or not. Raises UnknownLanguage."""
    return "online-" + _digest("online", one_line(text), *online_settings(language), FORMAT)


def recorded_name(text: str, language: str, wav: bytes) -> str:
    """The name of one take of these words."""
    return takes_of(text, language) + hashlib.sha256(wav).hexdigest()[:_HALF]


def takes_of(text: str, language: str) -> str:
    """What the names of all takes of these words begin with."""
    return "recorded-" + _digest("recorded", one_line(text), _spoken(language), FORMAT)[:_HALF]


def line_key(text: str, language: str) -> str:
    """What words that can be recorded are known by, however fast they are read and in whatever format they are kept."""
    return _digest("line", one_line(text), _spoken(at_usual_pace(language)))


def with_pace(name: str, text: str, language: str) -> str:
    """The name of the same take of these words in a language that may be read slowly."""
    return takes_of(text, language) + name[-_HALF:]


def words_of_take(name: str) -> str:
    """What the names of all takes of the same words begin with."""
    return name[:-_HALF]


def _spoken(language: str) -> str:
    primary, _, rest = language.lower().partition("-")
    return f"{primary}-{rest}" if rest.startswith("x-") else primary  # `bn-IN` counts as `bn`


def one_line(text: str) -> str:
    """Words as they are known and kept: one blank between two of them, and one form of Unicode."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _digest(*about: str | int) -> str:
    return hashlib.sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()
