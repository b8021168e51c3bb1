"""The real screens on a real store: people who sign in, a caller who rings, and a register that can take complaints."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

import agent_console
from agent_console.safety import limiter
from agent_console.session_cookie import SESSION_COOKIE
from audio.store import SoundStore
from clock import VirtualClock
from ivr.gateway import Gateway
from ivr.offers import make_offer
from ivr.pinned import PinnedFlows
from ivr.talks import begin_talk
from ivr.telephone import Telephone
from ivr.wake import NoWake
from models.calendar import CalendarRow
from models.call import Call
from models.category import Category
from models.department import Department
from models.place import PlaceRow
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.routing_rule import RoutingRule
from models.staff import Staff
from models.store import Store
from tests.compiled_templates import keep_compiled
from tests.ivr.network import Network
from tests.ivr.office import START, Office, settings

PASSWORD = "a-long-password"
# Cheap to check: what a real one costs is paid in test_command.py.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
CALENDAR = """departments:
  timezone: Asia/Kolkata
  open:
    mon-fri: 10:00-18:00
  holidays:
    2026-03-03: doljatra
    2026-03-04: holi
    2027-12-25: christmas
"""
TELL = {
    "wants": "new_complaint",
    "category": "ration",
    "name_hidden": "no",
    "contact_number": "+919830000001",
    "number_check": "same_as_caller",
}


@dataclass
class Desk(Office):
    """An office with its screens."""

    app: Flask | None = None

    def client(self, login: str | None = None) -> "Browser":
        """A browser, signed in as `login` if given."""
        assert self.app is not None
        browser = Browser(self.app.test_client())
        if login is not None:
            signed_in = browser.post("/desk/sign-in", login=login, password=PASSWORD)
            assert signed_in.status_code == 302, signed_in.text
        return browser

    def employ(self, login: str, *roles: str, languages: tuple[str, ...] = ("bn", "en"), screen: str = "en") -> int:
        """A person who can sign in."""
        row = {
            "login": login,
            "name": login.title(),
            "password_hash": HASH,
            "roles": list(roles) or ["representative"],
            "languages": list(languages),
            "screen_language": screen,
            "created_at": self.clock.now(),
        }
        return self.store.write(
            lambda connection: int(connection.execute(insert(Staff).values(**row).returning(Staff.id)).scalar_one())
        )

    def ring(self, staff_id: int, **more: Any) -> tuple[int, str]:
        """A caller who rings this person: the offer and the CallSid. The person becomes ready for it."""
        call_sid = self.enqueue(**{"tell": TELL, **more})
        entry = self.row(QueueEntry, call_sid=call_sid)
        offer_id = self.store.write(lambda connection: self._offer(connection, entry.id, staff_id))
        assert offer_id is not None
        return offer_id, call_sid

    def talk(self, browser: "Browser", staff_id: int) -> tuple[int, str]:
        """A talk that runs: its id and the CallSid."""
        offer_id, call_sid = self.ring(staff_id)
        accepted = browser.act(f"/desk/offers/{offer_id}/accept")
        assert accepted.status_code == 200, accepted.text
        talk_id = int(accepted.get_json()["talk"])
        self.store.write(lambda connection: begin_talk(connection, talk_id, call_sid, self.clock.now()))
        return talk_id, call_sid

    def write_language(self, language: str) -> None:
        """Every call and draft is in this language."""
        self.store.write(lambda connection: connection.execute(update(Call).values(language=language)))

    def _offer(self, connection: Any, entry_id: int, staff_id: int) -> int | None:
        now = self.clock.now()
        values = {"state": "ready", "since": now, "lease_until": now + timedelta(seconds=45)}
        changed = connection.execute(update(Presence).where(Presence.staff_id == staff_id).values(**values))
        if changed.rowcount == 0:
            connection.execute(insert(Presence).values(staff_id=staff_id, **values))
        return make_offer(connection, entry_id, staff_id, now)


class Browser:
    """Flask's own client, with the token of the page on each form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = self._session = ""

    def get(self, address: str, **query: Any) -> TestResponse:
        return self.client.get(address, query_string=query, buffered=True)

    def post(self, address: str, **form: Any) -> TestResponse:
        """Send a form as a page without scripts does."""
        return self.client.post(address, data={"csrf_token": self.token(), **form})

    def act(self, address: str, **form: Any) -> TestResponse:
        """Send a form as the page's script does."""
        headers = {"X-Requested-With": "desk", "X-CSRFToken": self.token()}
        return self.client.post(address, data=form, headers=headers)

    def token(self) -> str:
        """The token that the pages of this session carry; read from one when the session has changed since."""
        if not self._token or self._session != self._cookie():
            page = self.client.get("/desk/sign-in")
            if page.status_code == 302:  # signed in already; this page is quickly made
                page = self.client.get("/desk/account")
            found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            assert found is not None, page.text
            self._token, self._session = found[1], self._cookie()
        return self._token

    def _cookie(self) -> str:
        cookie = self.client.get_cookie(SESSION_COOKIE)
        return cookie.value if cookie is not None else ""


def fill_register(store: Store, now: datetime) -> None:
    """Departments, kinds, places and working days."""

    def fill(connection: Any) -> None:
        week = {"name": "departments", "source": CALENDAR, "updated_at": now, "updated_by": "test"}
        food = {"en": "Food and Supplies", "bn": "খাদ্য ও সরবরাহ", "hi": "खाद्य एवं आपूर्ति"}
        cell = {"en": "Grievance cell", "bn": "অভিযোগ সেল", "hi": "शिकायत प्रकोष्ठ"}
        ration = {"en": "Ration", "bn": "রেশন", "hi": "राशन"}
        other = {"en": "Other", "bn": "অন্য", "hi": "अन्य"}
        hooghly = {"en": "Hooghly", "bn": "হুগলি", "hi": "हुगली"}
        rows: list[tuple[Any, dict[str, Any]]] = [
            (Department, {"code": "food", "names": food}),
            (Department, {"code": "cell", "names": cell}),
            (Category, {"code": "ration", "names": ration, "department_code": "food", "days": 7, "position": 1}),
            (Category, {"code": "other", "names": other, "department_code": "cell", "days": 7, "position": 9}),
            (PlaceRow, {"code": "wb", "parent": None, "level": "state", "names": {"en": "West Bengal"}}),
            (PlaceRow, {"code": "wb-hooghly", "parent": "wb", "level": "district", "names": hooghly}),
            (PlaceRow, {"code": "outside", "level": "outside", "names": {"en": "Outside"}, "in_state": False}),
            (RoutingRule, {"category": "ration", "place": None, "department_code": "food", "office": "BDO"}),
            (CalendarRow, week),
        ]
        for table, values in rows:
            connection.execute(insert(table).values(**values))

    store.write(fill)


@pytest.fixture
def desk(store: Store, network: Network, tmp_path: Path) -> Desk:
    """An office with its screens, a register, and nobody in it."""
    url = store.url.render_as_string(hide_password=False)
    return open_desk(store, network, tmp_path, PUBLIC_URL="http://127.0.0.1:8000", DATABASE_URL=url)


def open_desk(store: Store, network: Network, folder: Path, **more: str) -> Desk:
    """A desk with these settings."""
    config = settings(folder, network, **more)
    clock = VirtualClock(START)
    telephone = Telephone(
        config=config,
        clock=clock,
        store=store,
        gateway=Gateway(config),
        wake=NoWake(),
        sounds=SoundStore(config.audio_dir),
        flows=PinnedFlows(store),
    )
    fill_register(store, clock.now())
    return Desk(telephone, clock, network, app=screens(telephone))


_screens: dict[tuple[object, ...], Flask] = {}


def screens(telephone: Telephone) -> Flask:
    """The staff screens over this telephone. Tests with the same settings share one application, one after the other:
    it keeps nothing of them but the counts of guesses, and to make one takes longer than most tests."""
    config = telephone.config
    limits = config.environment == "development" or config.redis_url
    at = (config.public_url, config.stream_url, config.emulator_url, config.local_voice_url, config.oidc_issuer)
    settings = (config.environment, limits, *at)
    app = _screens.get(settings)
    if app is None:
        app = _screens[settings] = new_screens(telephone)
    app.extensions["telephone"], app.secret_key = telephone, config.secret_key
    limiter.init_app(app)  # counts anew
    return app


def new_screens(telephone: Telephone) -> Flask:
    """An application of one's own, for a test that changes it."""
    app = keep_compiled(Flask("helpline"))
    app.testing = True
    agent_console.register(app, telephone)
    return app
