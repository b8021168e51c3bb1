"""How a line is said, unit by unit, and how it is written."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import category, normalize

from flows.tongues.bengali import Bengali
from flows.tongues.english import English
from flows.tongues.hindi import Hindi
from flows.tongues.tongue import Tongue, say_day, say_full_date, say_money, say_number, vocabulary_of
from flows.values import Blank, Line, Words

TONGUES: dict[str, Tongue] = {"bn": Bengali(), "en": English(), "hi": Hindi()}
INDIA = "+91"
REFERENCE_DIGITS, MOBILE_DIGITS = 11, 10

# Silences inside a line, in 10 ms. What is read slowly has some in its sound already.
WORD_PAUSE, GROUP_PAUSE, SLOW_GROUP_PAUSE, SENTENCE_PAUSE = 5, 30, 50, 35
_ENDS = ("।", ".", "?", "!", ":")
_GROUP_SIGNS = re.compile("[- ]")


class Unit(NamedTuple):
    """What is spoken in one breath. `slow` is for whoever writes along; `pause` is the silence after it in 10 ms."""

    text: str
    slow: bool = False
    pause: int = 0


def spoken(line: Line) -> list[str]:
    """The units to speak, in order: fixed words, or members of `vocabulary` (names and unreadable values excepted)."""
    return [unit.text for unit in phrase(line)]


def phrase(line: Line) -> list[Unit]:
    """The same units with the silence between them, as people leave it: after a sentence, after a group of digits."""
    tongue = tongue_of(line.language)
    units: list[Unit] = []
    for piece in line.pieces:
        if isinstance(piece, Words):
            if units and piece.text.lstrip().startswith(_ENDS):
                units[-1] = units[-1]._replace(pause=SENTENCE_PAUSE)
            units += [Unit(text, pause=_pause_after(text)) for text in fixed_unit(piece.text)]
        else:
            units += _phrase_blank(tongue, piece)
    if units and units[-1].pause:
        units[-1] = units[-1]._replace(pause=0)
    return units


def _pause_after(words: str) -> int:
    return SENTENCE_PAUSE if words.endswith(_ENDS) else WORD_PAUSE


def _phrase_blank(tongue: Tongue, blank: Blank) -> list[Unit]:
    said = list(_say(tongue, blank))
    units = [Unit(text, blank.slow, WORD_PAUSE) for text in said]
    if blank.kind == "digits":
        # A value that is no number is one unit, and has no groups.
        for end in accumulate(map(len, _GROUP_SIGNS.split(group_digits(national(blank.value))))):
            if end < len(units):
                units[end - 1] = units[end - 1]._replace(pause=SLOW_GROUP_PAUSE if blank.slow else GROUP_PAUSE)
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


def fixed_unit(words: str) -> list[str]:
    """The words between two blanks as one unit; none if they are nothing but signs."""
    kept = normalize("NFC", words).strip()
    while kept and not _is_said(kept[0]):
        kept = kept[1:]
    return [kept] if kept else []


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
                return say_full_date(tongue, date.fromisoformat(value))
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
