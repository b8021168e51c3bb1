"""Single words and what they mean: lengths of time, yes and no, whole numbers, keys. None is a value that is none."""

import re

_DURATION = re.compile(r"([0-9]{1,5})(s|m)")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_DIGITS = re.compile(r"[0-9]+")
_NAMED_KEYS = {"star": "*", "hash": "#", "*": "*", "#": "#"}


def parse_duration(text: str) -> float | None:
    """Seconds of `6s` or `2m`."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    return float(found[1]) * (60 if found[2] == "m" else 1)


def parse_yes_no(text: str) -> bool | None:
    return _YES_NO.get(text.lower())


def parse_count(text: str) -> int | None:
    """A whole number of at most six digits."""
    return int(text) if _DIGITS.fullmatch(text) and len(text) <= 6 else None


def parse_key(text: str) -> str | None:
    """One key of a telephone as `0` to `9`, `*` or `#`; or several digits, which some menu may have meant."""
    if text in _NAMED_KEYS:
        return _NAMED_KEYS[text]
    return text if _DIGITS.fullmatch(text) and len(text) <= 6 else None


def same_key(text: str) -> str:
    """What tells two keys of a mapping apart: `1` and `01` are one, and so are `*` and `star`."""
    if _DIGITS.fullmatch(text):
        return text.lstrip("0") or "0"
    return _NAMED_KEYS.get(text, text)


def key_name(key: str) -> str:
    """A key as it is written in a flow."""
    return {"*": "star", "#": "hash"}.get(key, key)
