"""Staff pages, one's own account, and the second step at sign-in."""

import re
import threading

import pyotp
import pytest

from agent_console.password import hash_password, is_password
from agent_console.words import say
from models.audit_entry import AuditEntry
from models.presence import Presence
from models.recovery_code import RecoveryCode
from models.staff import Staff
from tests.agent_console.desk_in_test import PASSWORD, Browser, Desk

NEW = "another-long-password"
PERSON = {"login": "mina.das", "name": "Mina Das", "roles": ["representative"], "languages": ["bn", "hi"]}


@pytest.fixture
def admin(desk: Desk) -> Browser:
    desk.employ("root", "admin")
    return desk.client("root")


def handed(page: str) -> str:
    found = re.search(r'<p class="reference">([^<]+)</p>', page)
    assert found is not None, page
    return found[1]


def acts(desk: Desk) -> list[str]:
    return [entry.action for entry in desk.rows(AuditEntry)]


def test_an_admin_adds_a_person_who_must_choose_a_password_of_their_own(desk: Desk, admin: Browser) -> None:
    page = admin.post("/desk/staff", **PERSON)
    assert page.status_code == 200
    row = desk.row(Staff, login="mina.das")
    assert (row.name, row.roles, row.languages) == ("Mina Das", ["representative"], ["bn", "hi"])
    password = handed(page.text)
    mina = desk.client()
    mina.post("/desk/sign-in", login="mina.das", password=password)
    assert mina.get("/desk/calls").location == "/desk/account"
    assert "Somebody else chose your password" in mina.get("/desk/account").text
    assert mina.post("/desk/ready").location == "/desk/account"
    changed = mina.post("/desk/account/password", old=password, new=NEW, again=NEW)
    assert "Your password is changed" in changed.text
    assert mina.get("/desk/calls").status_code == 200
    assert acts(desk) == ["staff_added", "password_changed"]


def test_the_pages_script_gets_no_page_in_place_of_a_part_before_a_password_is_chosen(
    desk: Desk, admin: Browser
) -> None:
    asha = desk.employ("asha")
    password = handed(admin.post(f"/desk/staff/{asha}/password").text)
    mine = desk.client()
    mine.post("/desk/sign-in", login="asha", password=password)
    for part in ("facts", "nav", "told", "call"):
        answer = mine.client.get(f"/desk/parts/{part}", headers={"X-Requested-With": "desk"})
        assert answer.status_code == 403, part
        assert answer.get_json()["error"] == say("refused.own_password_first", "en")
    assert mine.act("/desk/ready").status_code == 403
    assert mine.get("/desk/parts/facts").location == "/desk/account"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"login": "root"}, "There is a root already."),
        ({"login": "a b"}, "A login is made of letters"),
        ({"name": " "}, "Write the name"),
        ({"roles": []}, "Choose at least one role."),
        ({"languages": []}, "at least one language"),
    ],
)
def test_what_makes_no_person_is_told_and_nothing_typed_is_lost(
    desk: Desk, admin: Browser, more: dict[str, object], told: str
) -> None:
    answer = admin.post("/desk/staff", **{**PERSON, **more})
    assert answer.status_code == 422
    assert told in answer.text
    assert len(desk.rows(Staff)) == 1
    if "name" not in more:
        assert 'value="Mina Das"' in answer.text


def test_what_cannot_be_changed_is_told_and_nothing_typed_is_lost(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    answer = admin.post(f"/desk/staff/{asha}", name="Asha Mondal", roles=["representative", "officer"])
    assert (answer.status_code, "at least one language" in answer.text) == (422, True)
    assert 'value="Asha Mondal"' in answer.text
    assert re.findall(r'name="(?:roles|languages)" value="(\w+)" checked', answer.text) == ["representative", "officer"]


def test_the_screen_language_that_was_chosen_stays_when_a_person_is_refused(admin: Browser) -> None:
    answer = admin.post("/desk/staff", **{**PERSON, "name": " ", "screen": "hi"})
    assert '<option value="hi" lang="hi" selected>' in answer.text.partition('id="screen"')[2]


def test_who_is_no_representative_any_more_is_rung_no_more(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    desk.client("asha").act("/desk/ready")
    admin.post(f"/desk/staff/{asha}", name="Asha", roles=["representative", "officer"], languages=["bn"])
    assert desk.presence(asha) == "ready"
    admin.post(f"/desk/staff/{asha}", name="Asha", roles=["officer"], languages=["bn"])
    assert desk.presence(asha) == "offline"


@pytest.mark.every_store
def test_passwords_are_hashed_before_the_store_is_locked(
    desk: Desk, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = desk.employ("asha")

    def hash_while_somebody_writes(password: str) -> str:
        entered = threading.Event()
        other = threading.Thread(target=lambda: desk.store.write(lambda connection: entered.set()))
        other.start()
        assert entered.wait(3), "the store is locked meanwhile"
        other.join()
        return hash_password(password)

    monkeypatch.setattr("agent_console.staff_pages.hash_password", hash_while_somebody_writes)
    assert admin.post("/desk/staff", **PERSON).status_code == 200
    assert admin.post(f"/desk/staff/{asha}/password").status_code == 200


def test_rights_are_changed_and_count_at_once(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    mine = desk.client("asha")
    assert mine.get("/desk/board").status_code == 403
    admin.post(f"/desk/staff/{asha}", name="Asha", roles=["supervisor"], languages=["bn"])
    assert desk.row(Staff, id=asha).roles == ["supervisor"]
    assert desk.client("asha").get("/desk/board").status_code == 200
    assert acts(desk) == ["staff_changed"]


def test_who_is_deactivated_is_out_at_once_and_is_rung_no_more(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    mine = desk.client("asha")
    mine.act("/desk/ready")
    admin.post(f"/desk/staff/{asha}/deactivate")
    assert mine.get("/desk/calls").status_code == 302
    assert desk.row(Presence, staff_id=asha).state == "offline"
    assert desk.client().post("/desk/sign-in", login="asha", password=PASSWORD).status_code == 401
    admin.post(f"/desk/staff/{asha}/activate")
    assert desk.client("asha").get("/desk/calls").status_code == 200


def test_an_admin_cannot_lock_the_door_behind_themselves(desk: Desk, admin: Browser) -> None:
    root = desk.row(Staff, login="root").id
    assert admin.post(f"/desk/staff/{root}/deactivate").status_code == 422
    assert admin.post(f"/desk/staff/{root}", name="Root", roles=["supervisor"]).status_code == 422
    assert (desk.row(Staff, id=root).active, desk.row(Staff, id=root).roles) == (True, ["admin"])
    assert admin.post("/desk/staff/99/deactivate").status_code == 422


def test_a_reset_password_signs_out_everywhere_and_must_be_changed(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    mine = desk.client("asha")
    password = handed(admin.post(f"/desk/staff/{asha}/password").text)
    assert mine.get("/desk/calls").status_code == 302
    assert is_password(desk.row(Staff, id=asha).password_hash, password)
    assert desk.row(Staff, id=asha).must_change_password is True
    assert acts(desk) == ["password_reset"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "not your present password"),
        ({"old": PASSWORD, "new": NEW, "again": "other"}, "The two new passwords differ"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "Take at least 10 characters."),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "Choose another password"),
    ],
)
def test_a_password_is_changed_with_the_old_one_only(desk: Desk, form: dict[str, str], told: str) -> None:
    asha = desk.employ("asha")
    answer = desk.client("asha").post("/desk/account/password", **form)
    assert answer.status_code == 422
    assert told in answer.text
    assert is_password(desk.row(Staff, id=asha).password_hash, PASSWORD)


def test_a_new_password_signs_the_other_browsers_out(desk: Desk) -> None:
    desk.employ("asha")
    here, there = desk.client("asha"), desk.client("asha")
    here.post("/desk/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert here.get("/desk/calls").status_code == 200
    assert there.get("/desk/calls").status_code == 302


def with_second_factor(desk: Desk, browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Turn it on: the app, and the recovery codes."""
    page = browser.post("/desk/account/second-factor", password=PASSWORD).text
    found = re.search(r'<p class="call-number"><code>([^<]+)</code>', page)
    assert found is not None, page
    app = pyotp.TOTP(found[1].replace(" ", ""))
    turned_on = browser.post("/desk/account/second-factor/on", code=app.at(desk.clock.now()))
    codes = re.findall(r'<code class="call-number">([^<]+)</code>', turned_on.text)
    assert len(codes) == 10, turned_on.text
    return app, codes


def half_way(desk: Desk) -> Browser:
    browser = desk.client()
    answer = browser.post("/desk/sign-in", login="asha", password=PASSWORD)
    assert answer.location.split("?")[0] == "/desk/sign-in/code"
    return browser


def test_with_a_second_step_the_password_alone_opens_nothing(desk: Desk) -> None:
    desk.employ("asha")
    app, _codes = with_second_factor(desk, desk.client("asha"))
    desk.clock.advance(60)
    browser = half_way(desk)
    assert browser.get("/desk/calls").status_code == 302
    assert browser.post("/desk/sign-in/code", code="000000").status_code == 401
    code = app.at(desk.clock.now())
    assert browser.post("/desk/sign-in/code", code=code).status_code == 302
    assert browser.get("/desk/calls").status_code == 200
    # The same code, seen over a shoulder, opens nothing more.
    assert half_way(desk).post("/desk/sign-in/code", code=code).status_code == 401


def test_a_clock_half_a_minute_wrong_is_taken_and_an_old_code_is_not(desk: Desk) -> None:
    desk.employ("asha")
    app, _codes = with_second_factor(desk, desk.client("asha"))
    desk.clock.advance(300)
    now = desk.clock.now().timestamp()
    assert half_way(desk).post("/desk/sign-in/code", code=app.at(int(now) - 90)).status_code == 401
    assert half_way(desk).post("/desk/sign-in/code", code=app.at(int(now) - 30)).status_code == 302


def test_each_recovery_code_opens_once(desk: Desk) -> None:
    desk.employ("asha")
    mine = desk.client("asha")
    _app, codes = with_second_factor(desk, mine)
    assert half_way(desk).post("/desk/sign-in/code", code=codes[0].upper()).status_code == 302
    assert half_way(desk).post("/desk/sign-in/code", code=codes[0]).status_code == 401
    assert "Recovery codes left: 9" in mine.get("/desk/account").text
    mine.post("/desk/account/recovery-codes", password=PASSWORD)
    assert half_way(desk).post("/desk/sign-in/code", code=codes[1]).status_code == 401


def test_neither_secret_nor_codes_stand_readable_in_the_store(desk: Desk) -> None:
    desk.employ("asha")
    app, codes = with_second_factor(desk, desk.client("asha"))
    assert app.secret not in (desk.row(Staff, login="asha").second_factor or "")
    stored = {row.code_hash for row in desk.rows(RecoveryCode)}
    assert not stored & {code.replace("-", "") for code in codes}


def test_half_way_in_is_over_after_five_minutes_and_codes_cannot_be_guessed(desk: Desk) -> None:
    desk.employ("asha")
    app, _codes = with_second_factor(desk, desk.client("asha"))
    late = half_way(desk)
    desk.clock.advance(301)
    assert late.post("/desk/sign-in/code", code=app.at(desk.clock.now())).location == "/desk/sign-in"
    guessing = half_way(desk)
    answers = [guessing.post("/desk/sign-in/code", code=f"{number:06d}").status_code for number in range(6)]
    assert answers == [401] * 5 + [429]


def test_a_second_step_is_turned_on_with_a_code_only_and_off_with_the_password_only(desk: Desk) -> None:
    desk.employ("asha")
    mine = desk.client("asha")
    assert mine.post("/desk/account/second-factor", password="wrong").status_code == 422
    mine.post("/desk/account/second-factor", password=PASSWORD)
    assert mine.post("/desk/account/second-factor/on", code="123").status_code == 422
    assert desk.row(Staff, login="asha").second_factor is None
    with_second_factor(desk, mine)
    assert mine.post("/desk/account/second-factor/off", password="wrong").status_code == 422
    mine.post("/desk/account/second-factor/off", password=PASSWORD)
    assert desk.row(Staff, login="asha").second_factor is None
    assert desk.rows(RecoveryCode) == []
    assert acts(desk) == ["second_factor_on", "second_factor_off"]


def test_an_admin_lets_somebody_in_again_who_has_lost_everything(desk: Desk, admin: Browser) -> None:
    asha = desk.employ("asha")
    with_second_factor(desk, desk.client("asha"))
    admin.post(f"/desk/staff/{asha}/second-factor")
    assert desk.client("asha").get("/desk/calls").status_code == 200
    assert acts(desk)[-1] == "second_factor_removed"
