"""The table of the provider's codes."""

import pytest

from ivr.gateway_errors import BY_CODE, refusal, refusal_words


@pytest.mark.parametrize(
    ("code", "status", "reason", "permanent"),
    [
        (30003, None, "unreachable", False),
        (30005, None, "unknown_phone", True),
        (30007, None, "filtered", True),
        (30008, None, "unreachable", False),
        (21220, 400, "gone", True),
        (None, 404, "gone", True),
        (12345, 502, "provider_down", False),
        (None, None, "unknown", False),
    ],
)
def test_code_decides_then_status(code: int | None, status: int | None, reason: str, permanent: bool) -> None:
    known = refusal(code, status)
    assert (known.reason, known.permanent) == (reason, permanent)


@pytest.mark.parametrize("language", ["en", "bn", "hi"])
@pytest.mark.parametrize("reason", sorted({known.reason for known in BY_CODE.values()}))
def test_staff_read_every_reason_in_their_language(reason: str, language: str) -> None:
    words = refusal_words(reason, language)
    assert words.endswith((".", "।"))
    assert (language == "en") == words.isascii()


def test_unknown_reason_and_language_still_have_words() -> None:
    assert refusal_words("something new", "fr").endswith(".")
