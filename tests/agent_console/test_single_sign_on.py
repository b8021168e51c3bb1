"""Single sign-on against a real provider over HTTP: who is let in, who is not, and what the second step still asks."""

import base64
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from sqlalchemy import update

from agent_console.second_factor import seal
from config import BadSetting, Config
from models.audit_entry import AuditEntry
from models.staff import Staff
from models.store import Store
from tests.agent_console.desk_in_test import Browser, Desk, open_desk
from tests.ivr.network import Network
from tests.line import free_ports

PUBLIC = "http://127.0.0.1:8000"
BACK = f"{PUBLIC}/desk/sign-in/sso/back"
EMAIL = "asha@example.gov.in"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider in a process of its own; its address."""
    [port] = free_ports(1)
    issuer = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.05)
        yield issuer
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def sso(store: Store, network: Network, tmp_path: Path, provider: str) -> Desk:
    url = store.url.render_as_string(hide_password=False)
    settings = {"OIDC_ISSUER": provider, "OIDC_CLIENT_ID": "helpline", "OIDC_CLIENT_SECRET": "made-up"}
    return open_desk(store, network, tmp_path, PUBLIC_URL=PUBLIC, DATABASE_URL=url, OIDC_NAME="e-Pramaan", **settings)


def known_there(provider: str, subject: str, **claims: Any) -> None:
    assert requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).status_code == 204


def employ(desk: Desk, login: str = "asha", email: str | None = EMAIL, **more: Any) -> None:
    desk.employ(login)
    change = update(Staff).where(Staff.login == login).values(email=email, **more)
    desk.store.write(lambda connection: connection.execute(change))


def away(browser: Browser) -> str:
    """To the provider: the address there."""
    answer = browser.get("/desk/sign-in/sso", next="/desk/drafts")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def agree(address: str, subject: str) -> str:
    """The person agrees there: the path and query back here."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_in(browser: Browser, subject: str) -> Any:
    return browser.client.get(agree(away(browser), subject))


def test_a_verified_address_lets_its_account_in_and_binds_it_to_the_subject(sso: Desk, provider: str) -> None:
    employ(sso, must_change_password=True)
    known_there(provider, "s-1", email="Asha@Example.gov.in", email_verified=True, roles=["admin"])
    browser = sso.client()
    assert "Sign in with e-Pramaan" in browser.get("/desk/sign-in").text
    answer = come_in(browser, "s-1")
    assert (answer.status_code, answer.location) == (302, "/desk/drafts")
    # The password that somebody else has chosen for them is not asked for and not used.
    assert browser.get("/desk/drafts").status_code == 200
    assert browser.get("/desk/staff").status_code == 403  # the provider gives nobody a role
    assert sso.row(Staff).sso_subject == f"{provider}#s-1"
    [bound] = sso.rows(AuditEntry, action="sso_bound")
    assert bound.actor == "staff:1"


def test_the_request_carries_state_nonce_and_a_challenge(sso: Desk, provider: str) -> None:
    browser = sso.client()
    asked = parse_qs(urlsplit(away(browser)).query)
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [BACK]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20
    with browser.client.session_transaction() as kept:
        verifier = kept[f"_state_sso_{asked['state'][0]}"]["data"]["code_verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"][0]


def test_once_bound_the_subject_counts_and_the_address_no_more(sso: Desk, provider: str) -> None:
    employ(sso)
    known_there(provider, "s-2", email=EMAIL, email_verified=True)
    assert come_in(sso.client(), "s-2").location == "/desk/drafts"
    known_there(provider, "s-2", email="new@example.gov.in", email_verified=False)
    assert come_in(sso.client(), "s-2").location == "/desk/drafts"
    known_there(provider, "s-heir", email=EMAIL, email_verified=True)
    assert come_in(sso.client(), "s-heir").status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": EMAIL},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": "somebody@example.gov.in", "email_verified": True},
        {},
    ],
)
def test_nobody_else_is_let_in(sso: Desk, provider: str, claims: dict[str, Any]) -> None:
    employ(sso)
    known_there(provider, "s-3", **claims)
    browser = sso.client()
    answer = come_in(browser, "s-3")
    assert answer.status_code == 403
    assert "Nobody is known here by that account" in answer.text
    assert browser.get("/desk/drafts").status_code == 302
    assert sso.row(Staff).sso_subject is None


def test_a_deactivated_person_stays_out(sso: Desk, provider: str) -> None:
    employ(sso, active=False, sso_subject=f"{provider}#s-4")
    known_there(provider, "s-4", email=EMAIL, email_verified=True)
    assert come_in(sso.client(), "s-4").status_code == 403


def test_an_answer_for_another_browser_opens_nothing(sso: Desk, provider: str) -> None:
    employ(sso)
    known_there(provider, "s-5", email=EMAIL, email_verified=True)
    back = agree(away(sso.client()), "s-5")
    victim = sso.client()
    assert victim.client.get(back).status_code == 401
    away(victim)  # even one that is on its way itself
    assert victim.client.get(back).status_code == 401


def test_an_answer_opens_once(sso: Desk, provider: str) -> None:
    employ(sso)
    known_there(provider, "s-6", email=EMAIL, email_verified=True)
    browser = sso.client()
    back = agree(away(browser), "s-6")
    assert browser.client.get(back).status_code == 302
    assert sso.client().client.get(back).status_code == 401


def test_the_second_step_is_asked_for_all_the_same(sso: Desk, provider: str) -> None:
    secret = pyotp.random_base32()
    employ(sso, second_factor=seal(secret, sso.telephone.config.secret_key))
    known_there(provider, "s-7", email=EMAIL, email_verified=True)
    browser = sso.client()
    answer = come_in(browser, "s-7")
    assert answer.location.startswith("/desk/sign-in/code")
    assert browser.get("/desk/drafts").status_code == 302
    browser.post("/desk/sign-in/code", code=pyotp.TOTP(secret).at(sso.clock.now()))
    assert browser.get("/desk/drafts").status_code == 200


def test_signing_out_offers_to_leave_the_provider_too(sso: Desk, provider: str) -> None:
    employ(sso)
    known_there(provider, "s-8", email=EMAIL, email_verified=True)
    browser = sso.client()
    come_in(browser, "s-8")
    assert browser.act("/desk/sign-out").status_code == 302
    assert "Sign out of e-Pramaan too" in browser.get("/desk/sign-in").text
    leaving = browser.get("/desk/sign-out/sso")
    assert leaving.location.startswith(f"{provider}/oauth2/end_session?")
    assert browser.get("/desk/sign-out/sso").location == "/desk/sign-in"


def test_the_password_still_opens_when_the_provider_is_away(store: Store, network: Network, tmp_path: Path) -> None:
    [port] = free_ports(1)
    settings = {
        "OIDC_ISSUER": f"http://127.0.0.1:{port}",
        "OIDC_CLIENT_ID": "helpline",
        "OIDC_CLIENT_SECRET": "made-up",
    }
    url = store.url.render_as_string(hide_password=False)
    desk = open_desk(
        store,
        network,
        tmp_path,
        PUBLIC_URL=PUBLIC,
        DATABASE_URL=url,
        **settings,
    )
    desk.employ("asha")
    answer = desk.client().get("/desk/sign-in/sso")
    assert answer.status_code == 424
    assert "sign in with login and password" in answer.text
    assert desk.client("asha").get("/desk/drafts").status_code == 200


def test_without_a_provider_there_is_no_such_door(desk: Desk) -> None:
    assert "Single sign-on" not in desk.client().get("/desk/sign-in").text
    assert desk.client().get("/desk/sign-in/sso").status_code == 404


def test_an_administrator_enters_the_address_and_a_new_one_is_bound_anew(sso: Desk) -> None:
    sso.employ("root", "admin")
    employ(sso, sso_subject="x#1")
    root = sso.client("root")
    form = {"name": "Asha", "roles": "representative", "languages": "bn"}
    asha = sso.client("asha")
    assert asha.get("/desk/account").status_code == 200
    assert root.post("/desk/staff/2", **form, email=EMAIL).status_code == 200
    assert asha.get("/desk/account").status_code == 200  # the address is the same
    assert "no e-mail address" in root.post("/desk/staff/2", **form, email="asha at home").text
    assert root.post("/desk/staff/2", **form, email="  NEW@example.gov.in ").status_code == 200
    row = sso.row(Staff, login="asha")
    assert (row.email, row.sso_subject) == ("new@example.gov.in", None)
    gone = asha.get("/desk/account")  # whoever the old address let in
    assert (gone.status_code, "/desk/sign-in" in gone.headers["Location"]) == (302, True)
    taken = root.post("/desk/staff/1", **(form | {"roles": "admin"}), email="new@example.gov.in")
    assert "Somebody else has this" in taken.text


def test_the_settings_are_given_together(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="OIDC_CLIENT_ID"):
        Config.from_env({"OIDC_ISSUER": "https://sso.example.gov.in", "HELPLINE_DATA_DIR": str(tmp_path)})
