"""Our reader of forms against Python's."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.form import parse_form


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12))))
def test_reads_back_what_was_written(pairs: list[tuple[str, str]]) -> None:
    assert parse_form(urlencode(pairs).encode()) == pairs


@given(st.text(alphabet="ab=&+%2Bé;F9 ", max_size=40))
def test_agrees_with_the_standard_reader(body: str) -> None:
    assert parse_form(body.encode()) == parse_qsl(body, keep_blank_values=True)


@pytest.mark.parametrize("body", [b"", b"&&", b"a", b"=", b"a=%FF", b"a=%2", b"From=%2B919830012345&Digits="])
def test_agrees_on_odd_bodies(body: bytes) -> None:
    assert parse_form(body) == parse_qsl(body.decode(), keep_blank_values=True)
