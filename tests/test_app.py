"""The web process: two faces behind one address."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import COMMANDS, create_app, main
from config import Config


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    return create_app(Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path)})).test_client()


def test_a_webhook_is_proved_by_its_signature_alone(browser: FlaskClient) -> None:
    answer = browser.post("/voice/incoming", data={"CallSid": "CA1"})
    assert answer.status_code == 403
    assert "text/html" not in answer.content_type
    assert "Set-Cookie" not in answer.headers


def test_a_page_carries_the_safety_headers(browser: FlaskClient) -> None:
    answer = browser.get("/desk/sign-in")
    assert "default-src" in answer.headers["Content-Security-Policy"]


def test_health_is_told_even_before_there_is_a_store(browser: FlaskClient) -> None:
    assert browser.get("/health").status_code == 200
    told = browser.get("/ready")
    assert told.status_code == 503
    assert told.json is not None
    assert any("helpline prepare" in check["says"] or not check["well"] for check in told.json["checks"])


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there(name: str) -> None:
    with main.make_context("helpline", ["up", "--help"], resilient_parsing=True) as context:
        assert main.get_command(context, name) is not None
