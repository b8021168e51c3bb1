"""How a line is said, unit by unit, and how it is written."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache, lru_cache
from itertools import pairwise
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
_GROUP_ENDS = {REFERENCE_DIGITS: (2, 5, 8), MOBILE_DIGITS: (5,)}


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
    if len(line.pieces) == 1 and isinstance(line.pieces[0], Words):
        return [Unit(text) for text in _units_alone(line.pieces[0].text)]
    units: list[Unit] = []
    for piece in line.pieces:
        if isinstance(piece, Words):
            ends_sentence, said = _phrase_words(piece.text)
            if ends_sentence and units:
                units[-1] = units[-1]._replace(pause=SENTENCE_PAUSE)
            units += said
        elif piece.kind == "digits":
            units += _phrase_digits(tongue_of(line.language), piece)
        else:
            units += [Unit(text, piece.slow, WORD_PAUSE) for text in _say(tongue_of(line.language), piece)]
    if units and units[-1].pause:
        units[-1] = units[-1]._replace(pause=0)
    return units


@lru_cache(maxsize=4096)
def _units_alone(words: str) -> tuple[str, ...]:
    """Most lines never change, and every turn asks for them."""
    return tuple(fixed_unit(words))


@lru_cache(maxsize=4096)
def _phrase_words(words: str) -> tuple[bool, tuple[Unit, ...]]:
    """Whether they begin with the end of a sentence, and the unit."""
    said = fixed_unit(words)
    return words.lstrip().startswith(_ENDS), tuple(
        Unit(text, pause=SENTENCE_PAUSE if text.endswith(_ENDS) else WORD_PAUSE) for text in said
    )


def _phrase_digits(tongue: Tongue, blank: Blank) -> list[Unit]:
    """A value that is no number is one unit, and has no groups."""
    said = list(_say(tongue, blank))
    after_group = SLOW_GROUP_PAUSE if blank.slow else GROUP_PAUSE
    ends = _GROUP_ENDS.get(len(said), ())
    return [Unit(text, blank.slow, after_group if n in ends else WORD_PAUSE) for n, text in enumerate(said, start=1)]


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
    sign = "-" if len(digits) == REFERENCE_DIGITS else " "
    ends = (0, *_GROUP_ENDS.get(len(digits), ()), len(digits))
    return sign.join(digits[start:end] for start, end in pairwise(ends))


def _amount(value: str) -> tuple[int, int]:
    rupees, _, paise = value.partition(".")
    return int(rupees), int(paise.ljust(2, "0")[:2]) if paise else 0
