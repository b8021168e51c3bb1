"""No digits, names, numbers or codes of a person appear in a log line."""

import io
import json
import logging
import sys

import pytest
import structlog

from operations.logs import blot, configure_logs, describe_exception


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    configure_logs(as_json=True)
    return out


@pytest.mark.parametrize(
    "text",
    ["+919830012345", "98300 12345", "26-482-173-059", "code 123456", "২৬৪৮২১৭৩০৫৯", "९८३००१२३४५"],
)
def test_runs_of_digits_are_blotted_in_every_script(text: str) -> None:
    assert not any(character.isdigit() for character in blot(text))


def test_an_identifier_is_kept_and_anything_else_is_blotted(lines: io.StringIO) -> None:
    structlog.get_logger("t").info("turn_answered", call_sid="CA12345678", number="+919830012345", turn=3)
    logged = json.loads(lines.getvalue())
    assert logged["call_sid"] == "CA12345678"
    assert logged["turn"] == 3
    assert "98300" not in lines.getvalue()


def test_a_librarys_own_line_is_scrubbed_too(lines: io.StringIO) -> None:
    logging.getLogger("rq.worker").warning("job for %s failed", "+919830012345")
    assert "98300" not in lines.getvalue()
    assert "job for" in lines.getvalue()


def test_an_exception_shows_its_kind_and_place_but_no_values(lines: io.StringIO) -> None:
    try:
        int("9830012345 Asha Mondal")
    except ValueError:
        structlog.get_logger("t").exception("turn_failed", call_sid="CA1")
    text = lines.getvalue()
    assert "ValueError" in text
    assert "test_an_exception" in text
    assert "Asha" not in text
    assert "98300" not in text


def test_a_long_whole_number_is_blotted_even_when_it_is_no_string(lines: io.StringIO) -> None:
    structlog.get_logger("t").info("odd", value=9830012345)
    assert "9830012345" not in lines.getvalue()


def test_only_the_first_line_of_a_message_is_told() -> None:
    assert "second" not in describe_exception(ValueError("first\nsecond"))
