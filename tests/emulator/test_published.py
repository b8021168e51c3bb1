"""That holding the emulator to Twilio's published description would notice a mistake."""

from pathlib import Path

import pytest

from tests.emulator import published
from tests.emulator.published import check_exchange

CALLS = "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json"


def test_an_unknown_field_of_a_request_is_noticed() -> None:
    with pytest.raises(AssertionError, match="Colour"):
        check_exchange("POST", CALLS, [("To", "+919830012345"), ("From", "+1"), ("Colour", "red")], 201, "{}")


def test_a_reply_of_a_wrong_shape_is_noticed() -> None:
    with pytest.raises(Exception, match="DataValidationError|InvalidData|validat"):
        check_exchange("POST", CALLS, [("To", "+919830012345"), ("From", "+1")], 201, '{"sid": 7}')


def test_an_unknown_path_is_noticed() -> None:
    with pytest.raises(AssertionError, match="published no path"):
        check_exchange("GET", CALLS.replace("Calls", "Cows"), [], 200, "{}")


def test_an_error_without_its_fields_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_exchange("GET", CALLS, [], 404, '{"code": 20404}')


def test_without_the_published_documents_the_tests_fail_and_say_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "FOLDER", Path("nowhere"))
    with pytest.raises(FileNotFoundError, match="make setup"):
        published.read_description("absent.json")
