"""Reference numbers: eleven digits that cannot be mistaken for another number."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm

from models.reference import formatted, is_reference, make_reference, new_reference
from models.store import Store


@given(st.integers(min_value=2026, max_value=2099))
def test_shape(year: int) -> None:
    reference = make_reference(year)
    assert re.fullmatch(r"\d{11}", reference)
    assert reference.startswith(f"{year % 100:02d}")
    assert damm.is_valid(reference)
    assert not re.search(r"(\d)\1\1", reference)
    assert is_reference(reference)


@given(st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, by: int) -> None:
    reference = make_reference(2026)
    wrong = reference[:place] + str((int(reference[place]) + by) % 10) + reference[place + 1 :]
    assert not is_reference(wrong)


def test_other_numbers_are_none() -> None:
    assert not is_reference("9830000001")
    assert not is_reference("২৬৪৮২১৭৩০৫৯")
    assert not is_reference("")


def test_read_in_groups() -> None:
    assert formatted("26482173059") == "26-482-173-059"


def test_year_is_that_of_india(store: Store) -> None:
    new_year_in_india = datetime(2026, 12, 31, 19, 0, tzinfo=UTC)
    with store.read() as connection:
        assert new_reference(connection, new_year_in_india).startswith("27")
