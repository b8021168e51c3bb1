"""Every door is guarded: no view answers anybody unless it says whom."""

import pytest
from flask import Blueprint

from agent_console.console import BLUEPRINTS, blueprint_ready
from agent_console.guard import STAFF, roles_of
from ivr.publishing import seed
from tests.agent_console.desk_in_test import Desk, new_screens

OPEN = {
    "asset.font",
    "asset.file",
    "asset.library",
    "signing.sign_in",
    "signing.check",
    "signing.choose_language",
    "signing.ask_code",
    "signing.check_code",
    "desk.front_door",
    "single_sign_on.begin",
    "single_sign_on.back",
    "single_sign_on.leave",
    "open_counts.page",
    "citizen_answer.page",
    "citizen_answer.say",
    "open311.services",
    "open311.service",
    "open311.requests",
    "open311.one_request",
}
NAMES = {blueprint.name for blueprint in BLUEPRINTS}


def doors(desk: Desk) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of each route of the screens."""
    assert desk.app is not None
    found = []
    adapter = desk.app.url_map.bind("127.0.0.1")
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in NAMES:
            continue
        values = dict.fromkeys(rule.arguments, "1")
        method = "POST" if "POST" in (rule.methods or set()) else "GET"
        found.append((rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)))
    return found


def test_every_view_says_who_may_ask(desk: Desk) -> None:
    assert desk.app is not None
    unsaid = [name for name, _, _ in doors(desk) if roles_of(desk.app.view_functions[name]) is None]
    assert unsaid == []


def test_only_these_are_open_to_strangers(desk: Desk) -> None:
    assert desk.app is not None
    assert {name for name, _, _ in doors(desk) if not roles_of(desk.app.view_functions[name])} == OPEN


def test_a_stranger_is_led_to_the_sign_in_page_from_everywhere(desk: Desk) -> None:
    browser = desk.client()
    for endpoint, method, address in doors(desk):
        if endpoint in OPEN:
            continue
        answer = browser.get(address) if method == "GET" else browser.post(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/desk/sign-in"), endpoint


def test_a_script_is_told_that_nobody_is_signed_in_and_never_gets_the_sign_in_page(desk: Desk) -> None:
    browser = desk.client()
    script = {"X-Requested-With": "desk"}
    assert browser.client.get("/desk/parts/work", headers=script).status_code == 401
    stale = browser.client.post("/desk/alive", headers=script | {"X-CSRFToken": "of the session before"})
    assert (stale.status_code, "token" in stale.get_json()) == (401, False)


def test_a_page_of_the_session_before_is_told_the_token_of_now_and_whose_it_is(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    script = {"X-Requested-With": "desk"}
    told = browser.client.post("/desk/alive", headers=script | {"X-CSRFToken": "stale"}).get_json()
    assert told["who"] == str(staff_id)
    again = browser.client.post("/desk/alive", headers=script | {"X-CSRFToken": told["token"]})
    assert again.status_code == 200


@pytest.mark.parametrize("role", STAFF)
def test_a_role_opens_its_own_doors_only(desk: Desk, role: str) -> None:
    seed(desk.store, desk.clock.now())
    desk.employ("person", role)
    browser = desk.client("person")
    assert desk.app is not None
    for endpoint, method, address in doors(desk):
        roles = roles_of(desk.app.view_functions[endpoint]) or frozenset()
        if not roles or role in roles:
            continue
        answer = browser.get(address) if method == "GET" else browser.post(address)
        assert answer.status_code == 403, endpoint


def test_no_form_is_taken_without_its_token(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    for endpoint, method, address in doors(desk):
        if method == "POST" and endpoint != "citizen_answer.say":  # its address is the right itself
            answer = browser.client.post(address)
            assert answer.status_code == 400, endpoint
            assert "too old" in answer.text


def test_the_telephones_webhooks_need_no_token(desk: Desk) -> None:
    assert desk.client().client.post("/voice/incoming").status_code == 404


def test_a_view_that_says_nothing_answers_nobody(desk: Desk) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/desk/forgotten", view_func=lambda: "secret")
    desk.app = new_screens(desk.telephone)
    blueprint_ready(desk.app, forgotten)
    desk.employ("boss", *STAFF)
    assert desk.client("boss").get("/desk/forgotten").status_code == 403
