"""What a caller may type for each kind of question, and what it is written down as."""

import re
from datetime import date

from stdnum import damm

from flows.flow import AskKind

DIGITS: dict[AskKind, int | None] = {"mobile": 10, "reference": 11, "pin": 6, "date": 8, "number": None, "yes_no": 1}

_SHAPES: dict[AskKind, re.Pattern[str]] = {
    "mobile": re.compile(r"[6-9]\d{9}"),
    "reference": re.compile(r"\d{11}"),
    "pin": re.compile(r"[1-9]\d{5}"),
    "date": re.compile(r"\d{8}"),
    "number": re.compile(r"\d{1,15}"),
    "yes_no": re.compile(r"[12]"),
}


def read_entry(kind: AskKind, digits: str) -> str | None:
    """What the digits stand for: a mobile in E.164, a date (typed day, month, year) in ISO. None if they cannot be."""
    if not digits.isascii() or _SHAPES[kind].fullmatch(digits) is None:
        return None
    match kind:
        case "mobile":
            return f"+91{digits}"
        case "reference":
            return digits if damm.is_valid(digits) else None
        case "date":
            return _read_date(digits)
        case "number":
            return str(int(digits))
        case "yes_no":
            return {"1": "yes", "2": "no"}[digits]
        case _:
            return digits


def _read_date(digits: str) -> str | None:
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2])).isoformat()
    except ValueError:
        return None


def example_entry(kind: AskKind, digits: int | None = None) -> str:
    """Digits that `read_entry` takes, for walks and rehearsals."""
    if kind == "reference":
        return f"2648217305{damm.calc_check_digit('2648217305')}"
    if kind == "number":
        return "5" * (digits or 1)
    return {"mobile": "9830012345", "pin": "700001", "date": "15081990", "yes_no": "1"}[kind]
