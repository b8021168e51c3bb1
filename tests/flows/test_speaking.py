"""How numbers, dates, times and amounts are said and written."""

from datetime import datetime, timedelta
from unicodedata import normalize

import pytest

from flows.compose import compose_line
from flows.saying import TONGUES, Unit, group_digits, national, phrase, spoken, vocabulary, written
from flows.seconds import seconds_of
from flows.speaking import fixed_units, slow_units
from flows.tongues.numbers_bn import HUNDREDS
from flows.tongues.numbers_en import ORDINALS
from flows.tongues.tongue import LARGEST, say_number
from flows.values import Blank, Line, Words
from tests.flows.calls import shipped
from tests.flows.walked import walked_lines

LANGUAGES = ("bn", "en", "hi")


def _say(language: str, kind: str, value: str, said_on: str = "") -> str:
    return " ".join(spoken(Line(language, "x", (Blank("x", kind, value, said_on=said_on),))))


def _write(language: str, kind: str, value: str) -> str:
    return written(Line(language, "x", (Blank("x", kind, value),)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_to_a_hundred_has_one_name_of_its_own(language: str) -> None:
    names = TONGUES[language].numbers
    assert len(names) == 101
    assert len(set(names)) == 101
    assert all(name == normalize("NFC", name) for name in names)


SPOT_CHECKS = {
    "bn": {
        0: "শূন্য",
        14: "চোদ্দ",
        19: "উনিশ",
        20: "কুড়ি",
        29: "ঊনত্রিশ",
        35: "পঁয়ত্রিশ",
        42: "বিয়াল্লিশ",
        49: "ঊনপঞ্চাশ",
        55: "পঞ্চান্ন",
        69: "ঊনসত্তর",
        73: "তিয়াত্তর",
        79: "ঊনআশি",
        88: "অষ্টআশি",
        89: "ঊননব্বই",
        99: "নিরানব্বই",
        100: "একশো",
    },
    "hi": {
        6: "छह",
        19: "उन्नीस",
        29: "उनतीस",
        39: "उनतालीस",
        46: "छियालीस",
        49: "उनचास",
        55: "पचपन",
        59: "उनसठ",
        67: "सड़सठ",
        69: "उनहत्तर",
        79: "उनासी",
        89: "नवासी",
        90: "नब्बे",
        99: "निन्यानवे",
        100: "सौ",
    },
    "en": {0: "zero", 13: "thirteen", 21: "twenty-one", 40: "forty", 99: "ninety-nine", 100: "one hundred"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_without_a_rule_are_right(language: str) -> None:
    for number, name in SPOT_CHECKS[language].items():
        assert TONGUES[language].numbers[number] == normalize("NFC", name)


# The last two digits decide the ending of the tens in Bengali and Hindi: a slip of one line in a table shows here.
ENDINGS = {
    "bn": {"ত্রিশ": range(31, 39), "ল্লিশ": range(41, 49), "ান্ন": range(51, 59), "ষট্টি": range(61, 69)},
    "hi": {"तीस": range(31, 39), "लीस": range(41, 49), "सठ": range(61, 69), "त्तर": range(71, 79)},
}
MORE_ENDINGS = {
    "bn": {"াত্তর": {71, 72, 74, 75, 77, 78}, "াশি": {81, 82, 83, 84, 85, 86, 87}, "ব্বই": set(range(90, 100))},
    "hi": {"ासी": {81, 82, 83, 84, 85, 86, 87, 88, 89}, "ानवे": {91, 92, 93, 94, 95, 96, 97, 98, 99}},
}


@pytest.mark.parametrize("language", ["bn", "hi"])
def test_the_tens_end_alike(language: str) -> None:
    names = TONGUES[language].numbers
    for ending, numbers in [*ENDINGS[language].items(), *MORE_ENDINGS[language].items()]:
        for number in numbers:
            assert names[number].endswith(normalize("NFC", ending)), (number, names[number])


def test_the_hundreds_of_bengali_have_names() -> None:
    assert len(set(HUNDREDS.split())) == 9


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("bn", "105", "একশো পাঁচ"),
        ("bn", "1250", "এক হাজার দুশো পঞ্চাশ"),
        ("bn", "1234567", "বারো লক্ষ চৌত্রিশ হাজার পাঁচশো সাতষট্টি"),
        ("hi", "100", "सौ"),
        ("hi", "105", "एक सौ पाँच"),
        ("hi", "20000000", "दो करोड़"),
        ("en", "1905", "one thousand nine hundred five"),
        ("en", "300000", "three lakh"),
    ],
)
def test_larger_numbers_are_put_together(language: str, number: str, said: str) -> None:
    assert _say(language, "number", number) == normalize("NFC", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_said_with_the_vocabulary(language: str) -> None:
    known = set(vocabulary(language))
    for number in [*range(2_000), *range(2_000, LARGEST, 7_654_321), LARGEST, LARGEST + 1]:
        units = say_number(TONGUES[language], number)
        assert units
        assert set(units) <= known


@pytest.mark.parametrize(
    ("language", "clock", "said"),
    [
        ("bn", "10:00", "সকাল দশটা"),
        ("bn", "18:00", "সন্ধ্যা ছটা"),
        ("bn", "13:30", "দুপুর দেড়টা"),
        ("bn", "14:30", "দুপুর আড়াইটে"),
        ("bn", "10:30", "সকাল সাড়ে দশটা"),
        ("bn", "10:45", "সকাল পৌনে এগারোটা"),
        ("bn", "15:15", "বিকেল সওয়া তিনটে"),
        ("bn", "10:20", "সকাল দশটা বেজে কুড়ি মিনিট"),
        ("hi", "10:00", "सुबह दस बजे"),
        ("hi", "13:30", "दोपहर डेढ़ बजे"),
        ("hi", "12:45", "दोपहर पौने एक बजे"),
        ("hi", "18:00", "शाम छह बजे"),
        ("hi", "10:20", "सुबह दस बजकर बीस मिनट"),
        ("en", "10:00", "ten in the morning"),
        ("en", "18:30", "half past six in the evening"),
        ("en", "12:45", "quarter to one in the afternoon"),
        ("en", "09:05", "nine oh five in the morning"),
    ],
)
def test_the_clock(language: str, clock: str, said: str) -> None:
    assert _say(language, "time", clock) == normalize("NFC", said)


@pytest.mark.parametrize(
    ("language", "said_on", "said"),
    [
        ("bn", "2027-01-26", "আজ সকাল দশটায়"),
        ("bn", "2027-01-25", "আগামীকাল সকাল দশটায়"),
        ("bn", "2027-01-23", "মঙ্গলবার সকাল দশটায়"),
        ("bn", "2027-01-01", "মঙ্গলবার ছাব্বিশে জানুয়ারি সকাল দশটায়"),
        ("bn", "", "মঙ্গলবার ছাব্বিশে জানুয়ারি সকাল দশটায়"),
        ("hi", "2027-01-25", "कल सुबह दस बजे"),
        ("hi", "2027-01-01", "मंगलवार छब्बीस जनवरी सुबह दस बजे"),
        ("en", "2027-01-25", "tomorrow at ten in the morning"),
        ("en", "2027-01-22", "Tuesday at ten in the morning"),
        ("en", "2027-01-19", "Tuesday the twenty-sixth of January at ten in the morning"),
        ("en", "2027-01-27", "Tuesday the twenty-sixth of January at ten in the morning"),
    ],
)
def test_a_day_and_time_is_said_from_where_one_stands(language: str, said_on: str, said: str) -> None:
    assert _say(language, "day_time", "2027-01-26T10:00:00+05:30", said_on) == normalize("NFC", said)


def test_the_first_days_of_a_month_in_bengali() -> None:
    said = [_say("bn", "date", f"2027-05-{day:02}").split()[1] for day in range(1, 32)]
    assert len(set(said)) == 31
    assert said[:5] == [normalize("NFC", name) for name in ("পয়লা", "দোসরা", "তেসরা", "চৌঠা", "পাঁচই")]
    assert said[18:21] == [normalize("NFC", name) for name in ("উনিশে", "বিশে", "একুশে")]


def test_the_days_of_a_month_in_english() -> None:
    assert len(ORDINALS) == len(set(ORDINALS)) == 31
    assert ORDINALS[19:22] == ("twentieth", "twenty-first", "twenty-second")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_minute_is_said_with_the_vocabulary(language: str) -> None:
    known = set(vocabulary(language))
    start = datetime(2028, 1, 1).astimezone()
    for step in range(0, 366 * 24 * 60, 317):
        moment = start + timedelta(minutes=step)
        blanks = (
            Blank("x", "date", moment.date().isoformat()),
            Blank("x", "time", moment.strftime("%H:%M")),
            Blank("x", "day_time", moment.isoformat(), said_on="2028-06-01"),
        )
        assert set(spoken(Line(language, "x", blanks))) <= known


def test_money() -> None:
    assert _say("en", "money", "1250.5") == "one thousand two hundred fifty rupees fifty paise"
    assert _say("bn", "money", "20") == normalize("NFC", "কুড়ি টাকা")
    assert _say("hi", "money", "101") == "एक सौ एक रुपये"
    assert _write("hi", "money", "101") == "₹101"


def test_digits_are_said_one_by_one_and_written_in_groups() -> None:
    assert _say("hi", "digits", "+919830012345").split()[:3] == ["नौ", "आठ", "तीन"]
    assert len(_say("bn", "digits", "26482173059").split()) == 11
    assert group_digits("26482173059") == "26-482-173-059"
    assert _write("en", "digits", "+919830012345") == "98300 12345"
    assert national("+8801712345678") == "+8801712345678"


@pytest.mark.parametrize("kind", ["number", "date", "time", "day_time", "money", "digits", "name", "odd"])
def test_a_value_that_is_not_of_its_kind_is_no_error(kind: str) -> None:
    assert _say("bn", kind, "Food and Supplies") in ("Food and Supplies", "")
    assert _write("bn", kind, "Food") in ("Food", "₹Food")


def test_a_second_telling_is_slow() -> None:
    line = compose_line(shipped(), "en", "your_reference_is", {"reference": "26482173059"}.get)
    blanks = [piece for piece in line.pieces if isinstance(piece, Blank)]
    assert [blank.slow for blank in blanks] == [False, True]
    units = [(unit.text, unit.slow) for unit in phrase(line)]
    assert units[:3] == [("Your complaint number is", False), ("two", False), ("six", False)]
    assert units[12:15] == [("Once more:", False), ("two", True), ("six", True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_is_told_in_groups_each_time(language: str) -> None:
    """As it is written, 26-482-173-059, with a longer rest after each group, and the longest the second time."""
    line = compose_line(shipped(), language, "your_reference_is", {"reference": "26482173059"}.get)
    units = phrase(line)
    digits = [unit for unit in units if unit.text in TONGUES[language].numbers[:10]]
    for telling, slow in ((digits[:11], False), (digits[11:], True)):
        rests = [unit.pause for unit in telling[:-1]]
        longest = {number for number, rest in enumerate(rests, start=1) if rest == max(rests)}
        assert longest == {2, 5, 8}
        assert {unit.slow for unit in telling} == {slow}
    assert max(unit.pause for unit in digits[11:]) > max(unit.pause for unit in digits[:10])
    assert units[-1].pause == 0


def test_a_mobile_number_is_told_in_two_groups() -> None:
    units = phrase(Line("bn", "x", (Blank("x", "digits", "+919830012345"),)))
    rests = [unit.pause for unit in units]
    assert rests.index(max(rests)) == 4
    assert len({*rests[:4], *rests[5:9]}) == 1


def test_a_sentence_that_ends_within_a_line_is_followed_by_a_rest() -> None:
    line = Line("bn", "x", (Words("x", "নম্বর "), Blank("x", "number", "7"), Words("x", "। আবার বলছি")))
    assert [unit.pause for unit in phrase(line)] == [5, 35, 0]
    assert phrase(Line("en", "x", (Words("x", "Welcome."),))) == [Unit("Welcome.")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_read_slowly_is_known_beforehand(language: str) -> None:
    assert slow_units(shipped(), language) == vocabulary(language)[:10]
    line = compose_line(shipped(), language, "your_reference_is", {"reference": "98765432100"}.get)
    assert {unit.text for unit in phrase(line) if unit.slow} == set(slow_units(shipped(), language))


def test_the_second_telling_takes_longer() -> None:
    blanks = tuple(Blank("reference", "digits", "26482173059", slow=slow) for slow in (False, True))
    once, slowly = (seconds_of([Line("bn", "x", (blank,))]) for blank in blanks)
    assert slowly > once + 5


def test_signs_alone_are_not_spoken() -> None:
    line = Line("bn", "x", (Words("x", "। "), Words("x", ", press 1."), Words("x", " - ")))
    assert spoken(line) == ["press 1."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_call_says_is_known_beforehand(language: str) -> None:
    """Every unit of walked calls is a fixed unit of the flow or in the vocabulary; only names are not."""
    known = {*fixed_units(shipped(), language), *vocabulary(language)}
    for line in walked_lines(shipped()):
        if line.language == language and not any(isinstance(p, Blank) and p.kind == "name" for p in line.pieces):
            assert set(spoken(line)) <= known, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_lines_with_their_keys_are_fixed_units(language: str) -> None:
    units = fixed_units(shipped(), language)
    assert len(units) == len(set(units))
    assert {"bn": "রেশনের জন্য 1 টিপুন।", "en": "For ration, press 1.", "hi": "राशन के लिए 1 दबाएँ।"}[language] in units
