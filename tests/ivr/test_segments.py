"""Segments of a text: the limits of GSM-7 and UCS-2, and the characters that count twice."""

import pytest

from ivr.segments import Segments, count_segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm", 0, 1)),
        ("a" * 160, Segments("gsm", 160, 1)),
        ("a" * 161, Segments("gsm", 161, 2)),
        ("a" * 306, Segments("gsm", 306, 2)),
        ("a" * 307, Segments("gsm", 307, 3)),
        ("€" * 80, Segments("gsm", 160, 1)),
        ("€" * 80 + "a", Segments("gsm", 161, 2)),
        # 152 septets and a character of two: the escape never ends one part and begins the next.
        ("a" * 152 + "{" + "a" * 10, Segments("gsm", 164, 2)),
        ("a" * 152 + "{" + "a" * 151 + "{", Segments("gsm", 307, 3)),
        ("আ" * 70, Segments("ucs2", 70, 1)),
        ("আ" * 71, Segments("ucs2", 71, 2)),
        ("ह" * 134, Segments("ucs2", 134, 2)),
        ("ह" * 135, Segments("ucs2", 135, 3)),
        ("😀" * 35, Segments("ucs2", 70, 1)),
        ("😀" * 36, Segments("ucs2", 72, 2)),
        ("😀" * 67, Segments("ucs2", 134, 3)),  # 33 fit in a part: the 34th would be cut in half
    ],
)
def test_counts(text: str, expected: Segments) -> None:
    assert count_segments(text) == expected


@pytest.mark.parametrize("character", list("^{}\\[~]|€\f"))
def test_extension_characters_count_twice(character: str) -> None:
    assert count_segments(character).units == 2


def test_basic_table_is_whole() -> None:
    basic = "".join(chr(code) for code in range(32, 127) if chr(code) not in "^{}\\[~]|`")
    assert count_segments(basic) == Segments("gsm", len(basic), 1)


def test_backtick_and_typographic_quotes_are_not_gsm() -> None:
    assert count_segments("`").encoding == "ucs2"
    assert count_segments("Chief Minister’s").encoding == "ucs2"
