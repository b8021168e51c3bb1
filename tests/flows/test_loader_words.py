"""Small words: lengths of time, keys, conditions, and YAML that is none."""

import pytest

from flows.flow import Clause, NoteType, Place
from flows.loading.condition import read_condition
from flows.loading.draft import Draft
from flows.loading.scalars import parse_duration, parse_key, parse_yes_no, same_key
from flows.nodes import Mapping, Scalar, read_nodes

AT = Place("helpline.yaml", 1, 1)


@pytest.mark.parametrize(("text", "seconds"), [("6s", 6.0), ("2m", 120.0), ("0s", 0.0), ("15m", 900.0)])
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "6", "6 s", "15 min", "-6s", "1.5s", "6S", "৬s", "s", "999999s", "6s\n"])
def test_what_is_no_length_of_time(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("No", False), ("true", True), ("maybe", None), ("y", None)]
)
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert parse_yes_no(text) is value


@pytest.mark.parametrize(
    ("text", "key"), [("1", "1"), ("star", "*"), ("hash", "#"), ("*", "*"), ("12", "12"), ("১", None), ("A", None)]
)
def test_keys(text: str, key: str | None) -> None:
    assert parse_key(text) == key


def test_keys_that_are_the_same() -> None:
    assert same_key("01") == same_key("1") == "1"
    assert same_key("000") == "0"
    assert same_key("*") == same_key("star")


def condition(text: str) -> tuple[tuple[Clause, ...] | None, list[str]]:
    draft = Draft("helpline")
    draft.facts = {"category": NoteType(("a", "b", "c")), "reference": NoteType(kind="reference")}
    read = read_condition(draft, Scalar(text, AT))
    return (read.clauses if read else None), [finding.code for finding in draft.findings]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("reference is known", (Clause("reference", "known", (), False),)),
        ("reference is not known", (Clause("reference", "known", (), True),)),
        ("category is a", (Clause("category", "is", ("a",), False),)),
        ("category is not a", (Clause("category", "is", ("a",), True),)),
        ("category is one of a, b", (Clause("category", "one_of", ("a", "b"), False),)),
        ("category  is not  one of a,b", (Clause("category", "one_of", ("a", "b"), True),)),
        (
            "category is a and reference is known",
            (Clause("category", "is", ("a",), False), Clause("reference", "known", (), False)),
        ),
    ],
)
def test_conditions(text: str, clauses: tuple[Clause, ...]) -> None:
    assert condition(text) == (clauses, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("category", "E17"),
        ("category is", "E17"),
        ("category = a", "E17"),
        ("category is a, b", "E17"),
        ("category is one of", "E17"),
        ("category is one of a,, b", "E17"),
        ("category is a or b", "E17"),
        ("category is a and", "E17"),
        ("categry is a", "E13"),
        ("category is d", "E13"),
    ],
)
def test_conditions_that_are_none(text: str, code: str) -> None:
    assert condition(text) == (None, [code])


def test_nodes_know_line_and_column_and_keep_text() -> None:
    root, findings = read_nodes("x.yaml", "নাম:\n  01: 10:00\n  1: yes\n")
    assert not findings
    assert isinstance(root, Mapping)
    inner = root.entries[0].value
    assert isinstance(inner, Mapping)
    assert [(entry.key.text, entry.key.at.line, entry.key.at.column) for entry in inner.entries] == [
        ("01", 2, 3),
        ("1", 3, 3),
    ]
    assert inner.entries[0].value == Scalar("10:00", Place("x.yaml", 2, 7))


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("a:\n  *: b\n", (2, 3), 'write "star"'),
        ("a: *b\n", (1, 4), 'write "star"'),
        ("a: &b c\n", (1, 4), 'The sign "&"'),
        ("a: !b c\n", (1, 4), 'The sign "!"'),
        ("a: @b\n", (1, 4), 'The sign "@"'),
        ("a: b: c\n", (1, 5), "A colon"),
        ('a: "b\n', (1, 4), "quotation mark is opened"),
        ("a: [b\nc: d\n", (1, 4), '"["'),
        ("a: {b: c\nd: e\n", (1, 4), '"{"'),
        ("a: b\n\tc: d\n", (2, 1), "spaces"),
        ("a:\n  b: c\n d: e\n", (3, 2), "same column"),
        ("a: b\n---\nc: d\n", (2, 1), "second file"),
        ("{a: b}: c\n", (1, 1), "single word"),
        ("a: b\x07\n", (1, 5), "no text"),
        ("a: \ufffd\n", (1, 4), "UTF-8"),
    ],
)
def test_unreadable_lines_are_explained(text: str, place: tuple[int, int], mend: str) -> None:
    root, findings = read_nodes("x.yaml", text)
    assert root is None
    assert (findings[0].place.line, findings[0].place.column) == place
    assert findings[0].code == "E01"
    assert mend in findings[0].text


def test_joiners_of_indic_scripts_are_text() -> None:
    assert not read_nodes("x.yaml", "a: র\u200dয ক্\u200cষ\n")[1]
