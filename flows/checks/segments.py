"""How many parts a text message is sent, and paid for, in."""

import math

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = set("^{}\\[~]|€\f")  # two characters each
_GSM_ONE, _GSM_MANY = 160, 153
_UCS2_ONE, _UCS2_MANY = 70, 67


def count_segments(text: str) -> int:
    """Parts by GSM 03.38: 160 characters of its alphabet, or 70 of any other script; less each when there are more."""
    length, one, many = measure(text)
    return 1 if length <= one else math.ceil(length / many)


def measure(text: str) -> tuple[int, int, int]:
    """The length of a text in the units of its alphabet, and how many fit into one part and into one of several."""
    if all(character in _GSM or character in _GSM_EXTENDED for character in text):
        return sum(2 if character in _GSM_EXTENDED else 1 for character in text), _GSM_ONE, _GSM_MANY
    return len(text.encode("utf-16-be", errors="surrogatepass")) // 2, _UCS2_ONE, _UCS2_MANY
