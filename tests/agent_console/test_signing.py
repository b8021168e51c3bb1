from dataclasses import replace

import pytest
from sqlalchemy import update

from agent_console.safety import content_policy
from models.staff import Staff
from tests.agent_console.desk_in_test import PASSWORD, Desk


def test_the_right_password_leads_to_ones_work(desk: Desk) -> None:
    desk.employ("asha")
    desk.employ("sumitra", "supervisor")
    desk.employ("officer", "officer")
    assert desk.client("asha").get("/desk").location == "/desk/calls"
    assert desk.client("sumitra").get("/desk").location == "/desk/board"
    assert desk.client("officer").get("/desk").location == "/desk/cases"


def test_a_wrong_password_and_a_wrong_login_read_the_same(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client()
    wrong = browser.post("/desk/sign-in", login="asha", password="guess")
    unknown = browser.post("/desk/sign-in", login="nobody", password="guess")
    assert wrong.status_code == unknown.status_code == 401
    words = "The login or the password is wrong. Check both, also the Caps Lock key, and try again."
    assert words in wrong.text
    assert words in unknown.text


def test_guessing_is_slowed_down_and_reading_is_not(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client()
    answers = [browser.post("/desk/sign-in", login="asha", password="guess").status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2
    told = browser.post("/desk/sign-in", login="asha", password=PASSWORD)
    assert told.status_code == 429
    assert "Too many wrong tries." in told.text
    assert browser.get("/desk/sign-in").status_code == 200


def test_signing_in_well_costs_no_tries(desk: Desk) -> None:
    desk.employ("asha")
    for _ in range(8):
        desk.client("asha")


def test_a_deactivated_person_is_out_at_once(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    assert browser.get("/desk/calls").status_code == 200
    desk.store.write(
        lambda connection: connection.execute(update(Staff).where(Staff.id == staff_id).values(active=False))
    )
    assert browser.get("/desk/calls").location.startswith("/desk/sign-in")


def test_a_new_epoch_signs_every_browser_out(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    desk.store.write(lambda connection: connection.execute(update(Staff).values(session_epoch=1)))
    assert browser.get("/desk/calls").location.startswith("/desk/sign-in")


def test_signing_out_ends_duty(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    browser.act("/desk/ready")
    assert desk.presence(staff_id) == "ready"
    browser.post("/desk/sign-out")
    assert desk.presence(staff_id) == "offline"
    assert browser.get("/desk/calls").location.startswith("/desk/sign-in")


def test_the_language_chosen_at_the_door_is_kept_for_the_person(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client()
    page = browser.client.post(
        "/desk/screen-language", data={"csrf_token": browser.token(), "language": "bn"}, follow_redirects=True
    )
    assert 'lang="bn"' in page.text
    assert "ডেস্কে সাইন ইন করুন" in page.text
    browser.post("/desk/sign-in", login="asha", password=PASSWORD)
    assert desk.row(Staff, id=staff_id).screen_language == "bn"
    assert "প্রস্তুত হন" in desk.client("asha").get("/desk/calls").text


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/desk/hours/office/week", "/desk/hours/office"),
        ("/desk/organisation/offices/food-1/post", "/desk/organisation"),
        ("/desk/walk-ins", "/desk/walk-ins"),
        ("/desk/cases?box=mine", "/desk/cases?box=mine"),
        ("/desk/nowhere/at/all", "/desk"),
    ],
)
def test_whoever_comes_back_finds_a_page(desk: Desk, back: str, to: str) -> None:
    """Signing in again and another language lead back, also from an address that only takes in what is sent to it."""
    desk.employ("asha")
    browser = desk.client()
    form = {"csrf_token": browser.token(), "login": "asha", "password": PASSWORD}
    assert browser.client.post("/desk/sign-in", query_string={"next": back}, data=form).location == to
    assert browser.post("/desk/screen-language", language="en", back=back).location == to


def test_only_those_whose_navigation_counts_something_ask_for_it_again(desk: Desk) -> None:
    for login, role, status in (("asha", "representative", 200), ("boss", "supervisor", 200), ("parul", "clerk", 403)):
        desk.employ(login, role)
        browser = desk.client(login)
        assert browser.get("/desk/parts/nav").status_code == status
        assert ('data-part="nav"' in browser.get("/desk/account").text) == (status == 200)


def test_nobody_is_led_away_to_another_site(desk: Desk) -> None:
    desk.employ("asha")
    for bad in ("https://evil.example", "//evil.example", "/\\evil.example", "/desk\\@evil.example", "/elsewhere"):
        browser = desk.client()
        form = {"csrf_token": browser.token(), "login": "asha", "password": PASSWORD}
        answer = browser.client.post("/desk/sign-in", query_string={"next": bad}, data=form)
        assert answer.location == "/desk"


def test_demo_logins_are_shown_in_development_only(desk: Desk) -> None:
    assert desk.app is not None
    assert "helpline-demo" in desk.client().get("/desk/sign-in").text
    live = replace(desk.telephone, config=replace(desk.telephone.config, environment="production"))
    desk.app.extensions["telephone"] = live
    assert "helpline-demo" not in desk.client().get("/desk/sign-in").text


def test_headers_are_strict(desk: Desk) -> None:
    answer = desk.client().get("/desk/sign-in")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].startswith("'self' 'nonce-")
    local = "http://127.0.0.1:8002 https://127.0.0.1:8003 wss://127.0.0.1:8003"
    assert policy["connect-src"] == f"'self' http://127.0.0.1:8001 {local}"
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_pages_reach_twilio_only_where_there_is_no_local_network(desk: Desk) -> None:
    config = desk.telephone.config
    assert "twilio" not in " ".join(content_policy(config)["connect-src"])
    silent = content_policy(replace(config, local_voice_url=None))["connect-src"]
    assert silent == ["'self'", config.stream_url, config.emulator_url]
    live = content_policy(replace(config, emulator_url=None, local_voice_url=None))["connect-src"]
    assert live[:3] == ["'self'", config.stream_url, "wss://voice-js.roaming.twilio.com"]
    assert all(each.startswith("wss://voice-js.") for each in live[2:])


def test_fonts_come_from_a_list_and_nothing_else_does(desk: Desk) -> None:
    browser = desk.client()
    font = browser.get("/desk/fonts/noto-sans-bengali-bengali-400-normal.woff2")
    assert (font.status_code, font.mimetype) == (200, "font/woff2")
    assert font.data[:4] == b"wOF2"
    for other in ("package.json", "noto-sans-latin-900-normal.woff2", "..%2fpackage.json"):
        assert browser.get(f"/desk/fonts/{other}").status_code == 404


def test_scripts_are_kept_for_ever_under_their_content(desk: Desk) -> None:
    import re

    browser = desk.client()
    page = browser.get("/desk/sign-in").text
    address = re.search(r'href="(/desk/static/\w+/console.css)"', page)
    assert address is not None
    assert "max-age=31536000" in browser.get(address[1]).headers["Cache-Control"]
    assert "no-cache" in browser.get("/desk/static/old/console.css").headers["Cache-Control"]
    assert browser.get("/desk/static/old/nothing.js").status_code == 404


def test_a_page_under_way_cannot_undo_a_sign_out(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    browser.get("/desk/calls")
    assert "Set-Cookie" not in browser.get("/desk/calls").headers
