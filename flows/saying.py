"""How a line is said, unit by unit, and how it is written."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache, lru_cache
from unicodedata import category, normalize

from flows.tongues.bengali import Bengali
from flows.tongues.english import English
from flows.tongues.hindi import Hindi
from flows.tongues.tongue import Tongue, say_day, say_money, say_number, vocabulary_of
from flows.values import Blank, Line, Words

TONGUES: dict[str, Tongue] = {"bn": Bengali(), "en": English(), "hi": Hindi()}
INDIA = "+91"
REFERENCE_DIGITS, MOBILE_DIGITS = 11, 10


def spoken(line: Line) -> list[str]:
    """The units to speak, in order: fixed words, or members of `vocabulary` (names and unreadable values excepted)."""
    return [unit for unit, _ in told(line)]


def told(line: Line) -> list[tuple[str, bool]]:
    """The same units, each with whether it is to be read slowly, for whoever writes along."""
    tongue = tongue_of(line.language)
    units: list[tuple[str, bool]] = []
    for piece in line.pieces:
        if isinstance(piece, Words):
            units += [(unit, False) for unit in fixed_unit(piece.text)]
        else:
            units += [(unit, piece.slow) for unit in _say(tongue, piece)]
    return units


def written(line: Line) -> str:
    """The line as text, for messages and screens. Days are given by date: a message may be read on another day."""
    tongue = tongue_of(line.language)
    parts = [piece.text if isinstance(piece, Words) else _write(tongue, piece) for piece in line.pieces]
    return normalize("NFC", "".join(parts))


@cache
def vocabulary(language: str) -> list[str]:
    """Every unit that blanks can be said with in a language, names excepted."""
    return vocabulary_of(tongue_of(language))


def units_of_kind(language: str, kind: str) -> list[str]:
    """Every unit that blanks of a kind can be said with; none for names, which nobody knows ahead."""
    if kind == "name":
        return []
    return list(tongue_of(language).numbers[:10]) if kind == "digits" else vocabulary(language)


def tongue_of(language: str) -> Tongue:
    return TONGUES.get(language, TONGUES["en"])


@lru_cache(maxsize=4096)
def fixed_unit(words: str) -> tuple[str, ...]:
    """The words between two blanks as one unit; none if they are nothing but signs."""
    kept = normalize("NFC", words).strip()
    while kept and not _is_said(kept[0]):
        kept = kept[1:]
    return (kept,) if kept else ()


def _is_said(character: str) -> bool:
    return category(character)[0] in "LMN"


def _say(tongue: Tongue, blank: Blank) -> Iterable[str]:
    value = blank.value
    try:
        match blank.kind:
            case "number":
                return say_number(tongue, int(value))
            case "digits":
                return [tongue.numbers[int(digit)] for digit in national(value) if digit in "0123456789"]
            case "date":
                return tongue.say_date(date.fromisoformat(value))
            case "time":
                return tongue.say_clock(time.fromisoformat(value))
            case "day_time":
                moment = datetime.fromisoformat(value)
                said_on = date.fromisoformat(blank.said_on) if blank.said_on else None
                return [*say_day(tongue, moment.date(), said_on), *tongue.say_at(moment.time())]
            case "money":
                return say_money(tongue, *_amount(value))
    except ValueError:
        pass  # A value from outside that is not of its kind is said as it stands.
    return fixed_unit(value)


def _write(tongue: Tongue, blank: Blank) -> str:
    value = blank.value
    try:
        match blank.kind:
            case "digits":
                return group_digits(national(value))
            case "date":
                return tongue.write_date(date.fromisoformat(value))
            case "time":
                return tongue.write_clock(time.fromisoformat(value))
            case "day_time":
                moment = datetime.fromisoformat(value)
                return f"{tongue.write_date(moment.date())}, {tongue.write_at(moment.time())}"
            case "money":
                return f"₹{value}"
    except ValueError:
        pass  # A value from outside that is not of its kind is written as it stands.
    return value


def national(number: str) -> str:
    """A telephone number without India's country code: as its owner says it."""
    return number.removeprefix(INDIA)


def group_digits(digits: str) -> str:
    """A reference or mobile number in groups that can be kept in mind."""
    if not digits.isdigit():
        return digits
    if len(digits) == REFERENCE_DIGITS:
        return f"{digits[:2]}-{digits[2:5]}-{digits[5:8]}-{digits[8:]}"
    return f"{digits[:5]} {digits[5:]}" if len(digits) == MOBILE_DIGITS else digits


def _amount(value: str) -> tuple[int, int]:
    rupees, _, paise = value.partition(".")
    return int(rupees), int(paise.ljust(2, "0")[:2]) if paise else 0
