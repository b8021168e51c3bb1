"""Numbers as people say them, held to a table that others have made: AI4Bharat's `indic-numtowords`."""

from datetime import date, timedelta
from random import Random
from unicodedata import normalize

import pytest
from indic_numtowords import num2words

from flows.compose import compose_line
from flows.entries import read_entry
from flows.saying import TONGUES, group_digits, phrase, spoken, vocabulary, written
from flows.speaking import fixed_units, slow_units
from flows.values import Blank, Line
from tests.flows.calls import shipped

LANGUAGES = ("bn", "en", "hi")

# The same words in another spelling or form; whoever changes one of ours has to change it here too.
OURS = {
    "bn": {14: ("চোদ্দ", "চৌদ্দ"), 16: ("ষোলো", "ষোল"), 19: ("উনিশ", "ঊনিশ")},
    "hi": {
        6: ("छह", "छः"),
        18: ("अठारह", "अट्ठारह"),
        44: ("चवालीस", "चौंतालीस"),
        53: ("तिरपन", "तिरेपन"),
        63: ("तिरसठ", "तिरेसठ"),
        66: ("छियासठ", "छयासठ"),
        67: ("सड़सठ", "सरसठ"),
        79: ("उनासी", "उन्यासी"),
        88: ("अट्ठासी", "अठासी"),
        100: ("सौ", "एक सौ"),
    },
    "en": {},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_to_a_hundred_is_in_the_table_of_others(language: str) -> None:
    differing = {}
    for number, name in enumerate(TONGUES[language].numbers):
        known = {normalize("NFC", word).replace("-", " ") for word in num2words(number, lang=language, variations=True)}
        if name.replace("-", " ") not in known:
            differing[number] = (name, known)
    assert {number: ours for number, (ours, _) in differing.items()} == {
        number: normalize("NFC", ours) for number, (ours, _) in OURS[language].items()
    }
    for number, (_, theirs) in OURS[language].items():
        assert normalize("NFC", theirs) in differing[number][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_date_of_a_leap_year_is_said_with_its_day_of_the_week(language: str) -> None:
    tongue, known = TONGUES[language], set(vocabulary(language))
    said = []
    for ahead in range(366):
        day = date(2028, 1, 1) + timedelta(days=ahead)
        line = Line(language, "x", (Blank("x", "date", day.isoformat()),))
        units = spoken(line)
        assert set(units) <= known, day
        assert units[0] == tongue.weekdays[day.weekday()]
        assert units[-1] == tongue.months[day.month - 1]
        assert written(line) == f"{day.day} {tongue.months[day.month - 1]}"
        said.append(tuple(units[1:]))
    assert len(set(said)) == 366


def test_a_promised_date_in_each_language() -> None:
    line = [Line(language, "x", (Blank("x", "date", "2026-03-13"),)) for language in LANGUAGES]
    assert [" ".join(spoken(one)) for one in line] == [
        normalize("NFC", "শুক্রবার তেরোই মার্চ"),
        "Friday the thirteenth of March",
        normalize("NFC", "शुक्रवार तेरह मार्च"),
    ]


def references() -> list[str]:
    """A thousand of them, each with its check digit."""
    draw = Random(30122026)
    found: list[str] = []
    while len(found) < 1000:
        ten = f"{draw.randrange(26, 30)}{draw.randrange(10**8):08}"
        found += [ten + check for check in "0123456789" if read_entry("reference", ten + check) is not None]
    return found[:1000]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thousand_references_are_told_digit_by_digit_twice_and_nothing_lacks_its_sound(language: str) -> None:
    digits = TONGUES[language].numbers[:10]
    usual = {*fixed_units(shipped(), language), *vocabulary(language)}
    slow = set(slow_units(shipped(), language))
    for reference in references():
        units = phrase(compose_line(shipped(), language, "your_reference_is", {"reference": reference}.get))
        told = [unit for unit in units if unit.text in digits]
        names = [digits[int(digit)] for digit in reference]
        assert [unit.text for unit in told] == names * 2
        assert [unit.slow for unit in told] == [False] * 11 + [True] * 11
        assert all(unit.text in (slow if unit.slow else usual) for unit in units)
        assert group_digits(reference).replace("-", "") == reference
