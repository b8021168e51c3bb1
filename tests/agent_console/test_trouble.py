"""What a signed-in person reads while the store is away, and that it is over when the store is back."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import agent_console
from agent_console.words import LANGUAGES, say
from models.store import Store
from tests.agent_console.desk_in_test import Desk


@contextmanager
def store_away(desk: Desk) -> Iterator[None]:
    """Nobody listens where the screens look for the store."""
    assert desk.app is not None
    telephone = desk.app.extensions["telephone"]
    nowhere = Store("postgresql://nobody@127.0.0.1:1/nothing")
    desk.app.extensions["telephone"] = replace(telephone, store=nowhere)
    try:
        yield
    finally:
        desk.app.extensions["telephone"] = telephone
        nowhere.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_script_are_told_in_the_persons_language(desk: Desk, language: str) -> None:
    desk.employ("asha", screen=language)
    browser = desk.client("asha")
    script = {"X-Requested-With": "desk", "X-CSRFToken": browser.token()}
    with store_away(desk):
        page, told = browser.get("/desk/calls"), browser.client.post("/desk/ready", headers=script)
    assert (page.status_code, told.status_code) == (503, 503)
    assert f'<html lang="{language}">' in page.text
    assert say("trouble.store.heading", language) in page.text
    assert say("trouble.store.mend", language) in told.get_json()["error"]


def test_no_refusal_reads_like_a_server_that_is_away() -> None:
    """The pages' script takes 502 and more for a silent server, and hides the words of the refusal under its own."""
    room = Path(agent_console.__file__).parent
    calls = [
        node
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("refused", "refused_at")
    ]
    statuses = [argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)]
    assert 424 in statuses
    assert [status for status in statuses if isinstance(status, int) and status >= 502] == []


def test_nobody_is_signed_out_by_it(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    with store_away(desk):
        assert browser.get("/desk/calls").status_code == 503
    assert browser.get("/desk/calls").status_code == 200


def test_signing_in_meanwhile_says_so_too(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client()
    form = {"csrf_token": browser.token(), "login": "asha", "password": "whatever it is"}
    with store_away(desk):
        answer = browser.client.post("/desk/sign-in", data=form)
    assert answer.status_code == 503
    assert say("trouble.store.heading", "en") in answer.text
