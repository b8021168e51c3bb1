"""How many pieces a text is sent in."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_TWICE = frozenset("^{}\\[~]|€\f")  # these take an escape before them


def count_segments(text: str) -> int:
    """GSM-7: 160 in one, 153 in each of several. Anything else, Bengali and Hindi too, UCS-2: 70, then 67."""
    if set(text) <= _GSM7 | _GSM7_TWICE:
        units = sum(2 if letter in _GSM7_TWICE else 1 for letter in text)
        whole, piece = 160, 153
    else:
        units = len(text.encode("utf-16-be")) // 2
        whole, piece = 70, 67
    return 1 if units <= whole else -(-units // piece)
