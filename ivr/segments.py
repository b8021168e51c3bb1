"""How many texts of the network one message costs: GSM 03.38 where every character is in it, else UCS-2."""

from dataclasses import dataclass
from typing import Literal

# GSM 03.38, the basic table in the order of its codes. The escape at 0x1B is no character of its own.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# The extension table: each of these is an escape and a character, so it counts as two.
_EXTENDED = "\f^{}\\[~]|€"

_WIDTHS = {**dict.fromkeys(_BASIC, 1), **dict.fromkeys(_EXTENDED, 2)}

GSM_SINGLE, GSM_PART = 160, 153  # septets; six bytes of every part go to the header that joins the parts
UCS2_SINGLE, UCS2_PART = 70, 67  # 16-bit units


@dataclass(frozen=True, slots=True)
class Segments:
    """What a message costs. `units` are septets (gsm) or 16-bit units (ucs2)."""

    encoding: Literal["gsm", "ucs2"]
    units: int
    count: int


def count_segments(text: str) -> Segments:
    """Count the segments of `text`. A character is never split between two parts, so a part may stay short."""
    if all(character in _WIDTHS for character in text):
        widths = [_WIDTHS[character] for character in text]
        return Segments("gsm", sum(widths), _parts(widths, GSM_SINGLE, GSM_PART))
    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Segments("ucs2", sum(widths), _parts(widths, UCS2_SINGLE, UCS2_PART))


def _parts(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
