"""The local line treats texts as India's networks do: what was not approved does not arrive."""

import time

import httpx

from config import Config
from ivr.gateway import Gateway
from ivr.line import open_telephone
from ivr.wording import CODE, words_in_force
from operations.approved_texts import approved_file
from tests.line import RunningLine

NUMBER = "+919830077777"
ABROAD = "+447700900123"


def fate_of(line: RunningLine, body: str, to: str = NUMBER) -> tuple[str, int | None]:
    """How a text ended, and the network's code."""
    config = Config.from_env(line.environment)
    login = (config.twilio_account_sid, config.twilio_auth_token)
    sid = Gateway(config).send_text(to, body, status_url=f"{config.public_url}/voice/messages/0/status?attempt=1")
    address = f"{line.emulator_url}/2010-04-01/Accounts/{config.twilio_account_sid}/Messages/{sid}.json"
    end = time.monotonic() + 30
    while True:
        shown = httpx.get(address, auth=login).json()
        if shown["status"] in ("delivered", "undelivered", "failed"):
            return shown["status"], shown["error_code"]
        assert time.monotonic() < end, shown
        time.sleep(0.05)


def test_a_text_that_differs_from_its_template_is_dropped(line: RunningLine) -> None:
    telephone = open_telephone(Config.from_env(line.environment))
    words = words_in_force(telephone)
    telephone.store.close()
    for language in ("bn", "en", "hi"):
        text = words.compose(CODE, language, {"code": "123456"})
        assert fate_of(line, text) == ("delivered", None)
        assert fate_of(line, f"{text} ") == ("undelivered", 30007)
    assert fate_of(line, "Anything at all", ABROAD) == ("delivered", None)


def test_every_template_of_the_menu_is_written_down_once(line: RunningLine) -> None:
    lines = approved_file(Config.from_env(line.environment)).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 60
    assert all(lines)
