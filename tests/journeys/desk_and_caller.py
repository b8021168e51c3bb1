"""A caller and the people of a desk: the caller's phone over HTTP, the pages as their scripts speak with the server."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests

from agent_console.session_cookie import SESSION_COOKIE
from ivr.call_control import go_ready
from ivr.emulator.phone import Phone
from ivr.emulator.phone_call import PhoneCall
from ivr.leg_phrases import PLEASE_STAY
from models.command import Command
from models.draft import Draft
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.agent_console.desk_in_test import Browser, Desk, new_screens
from tests.ivr.exchange import Exchange

HELPLINE = "+919137091370"
CITIZEN = "+919830012345"
ALIVE_EVERY = 10  # seconds between two signs of life of a page, as in one_tab.js
TOLD = "রেশন कार्ड, and every last lettér"


@dataclass
class Person:
    """A representative: the browser they are signed in with, the tab that is their desk, and their softphone."""

    scene: "Scene"
    login: str
    staff_id: int
    browser: Browser
    tab: str = "first"
    is_there: bool = True  # a page is open and has the network, so that it shows signs of life
    leg: str = ""
    token: str = ""

    def open_page(self, *, take_over: bool = False) -> bool:
        """The desk is loaded. False where it is open elsewhere."""
        self.is_there = True
        assert self.browser.get("/desk/calls").status_code == 200
        self.token = ""  # of the softphone: each page asks for its own
        return self.show_life(take_over=take_over)

    def show_life(self, *, take_over: bool = False) -> bool:
        shown = self.browser.act("/desk/alive", tab=self.tab, take_over="yes" if take_over else "")
        return shown.status_code == 200

    def leave_page(self) -> None:
        """The page goes, and says so: a reload, a closed tab. Its voice goes with it."""
        assert self.browser.act("/desk/gone", tab=self.tab).status_code == 200
        self.drop_off()

    def drop_off(self) -> None:
        """Page and voice are gone without a word; the network has noticed it of the voice."""
        self.is_there = False
        self.hang_up()

    def hang_up(self) -> None:
        if self.leg:
            gone = self.leg
            self.scene.exchange.hang_up(gone, self.staff_id)
            self.scene.exchange.until(lambda: self.scene.desk.row(Leg, sid=gone).state == "out")
            self.leg = ""

    def come_in(self) -> None:
        """Answer what rings, or come back into one's talk, if the page shows either: as F2 and the page's script do."""
        door = re.search(r'action="([^"]+)"[^>]* data-(?:answer|rejoin)\b', self.browser.get("/desk/calls").text)
        if door is not None:
            self._ring(door[1])

    def _ring(self, door: str) -> None:
        """Get a ticket at this door, and ring the network with it; a pass that the network refuses is renewed once."""
        given = self.browser.act(door)
        assert given.status_code == 200, given.text
        ring = {"params": {"ticket": given.get_json()["ticket"]}}
        self.token = self.token or self.new_token()
        answer = self._softphone("connect", ring)
        if answer.status_code == 401:
            self.token = self.new_token()
            answer = self._softphone("connect", ring)
        assert answer.status_code == 201, answer.text
        before, self.leg = self.leg, answer.json()["call_sid"]
        self.scene.exchange.until(self.is_in)
        if before:
            self.scene.exchange.until(lambda: self.scene.desk.row(Leg, sid=before).state == "out")

    def new_token(self) -> str:
        return str(self.browser.get("/desk/voice-token").get_json()["token"])

    def let_token_expire(self) -> None:
        """The pass of the page's softphone is one of an hour ago. The network looks at real clocks."""
        secret, fresh = self.scene.desk.telephone.config.twilio_api_secret, self.new_token()
        claims = jwt.decode(fresh, secret, algorithms=["HS256"], options={"verify_aud": False})
        past = {name: value - 3600 if name in ("nbf", "iat", "exp") else value for name, value in claims.items()}
        self.token = jwt.encode(past, secret, headers=jwt.get_unverified_header(fresh))

    def lose_session(self) -> None:
        """The page goes on, and the server knows it no more."""
        self.browser.client.delete_cookie(SESSION_COOKIE)
        assert self.browser.act("/desk/alive", tab=self.tab).status_code == 401
        self.is_there = False

    def sign_in(self) -> None:
        self.browser = self.scene.desk.client(self.login)

    def is_in(self) -> bool:
        """True once the network knows them in the conference."""
        leg = self.scene.desk.row(Leg, sid=self.leg)
        return leg is not None and leg.state == "in" and leg.sequence >= 0

    def write(self, text: str) -> None:
        """Type into the form of the caller who is on the line, and see it saved."""
        draft = self.scene.desk.row(Draft, staff_id=self.staff_id)
        saved = self.browser.act(f"/desk/drafts/{draft.id}", version=draft.version, data=json.dumps({"text": text}))
        assert saved.status_code == 200, saved.text

    def sees(self, text: str, page: str = "/desk/calls") -> bool:
        return text in self.browser.get(page).text

    def _softphone(self, what: str, body: dict[str, Any]) -> requests.Response:
        header = {"Authorization": f"Bearer {self.token}"}
        return requests.post(f"{self.scene.exchange.url}/local/clients/{what}", json=body, headers=header, timeout=20)


@dataclass
class Scene:
    """Asha, Bimal, and one caller. Time passes a second at a time; whoever is there shows signs of life."""

    exchange: Exchange
    desk: Desk
    people: dict[str, Person] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)  # keys of what the caller was told because of it
    seconds: int = 0
    alone_s: int = 0  # of those, with nobody on the line
    _call: PhoneCall | None = None

    @property
    def call(self) -> PhoneCall:
        assert self._call is not None
        return self._call

    @property
    def asha(self) -> Person:
        return self.people["asha"]

    @property
    def bimal(self) -> Person:
        return self.people["bimal"]

    def hire(self, login: str) -> Person:
        staff_id = self.desk.employ(login)
        person = self.people[login] = Person(self, login, staff_id, self.desk.client(login))
        person.open_page()
        return person

    def act(self, what: str, **form: Any) -> None:
        """Asha presses a button of her talk."""
        done = self.asha.browser.act(f"/desk/talks/{self.talk_of_caller.id}/{what}", **form)
        assert done.status_code == 200, done.text

    def dial(self) -> None:
        """A citizen dials, chooses English and asks for a person; Asha is rung."""
        self.make_ready(self.asha)
        self._call = Phone(self.exchange.url, CITIZEN).dial(HELPLINE)
        self.call.hears("For English").press("2")
        # The line may have begun its Hindi sentence when the key arrives.
        self.call.hears("press 1", allowed=["हिन्दी"]).press("0").waits_in_line()
        self.until_it_rings(self.asha)

    def talk(self) -> None:
        """Asha has answered, and has written the first words."""
        self.asha.come_in()
        self.until_citizen_is_in()
        self.call.talks()
        self.asha.write(TOLD)

    def make_ready(self, person: Person) -> None:
        go_ready(self.desk.telephone, person.staff_id)

    def until_it_rings(self, person: Person) -> None:
        self.exchange.until(lambda: self.desk.presence(person.staff_id) == "offered")

    def until_citizen_is_in(self) -> None:
        """The network has told of it too."""
        self.exchange.until(lambda: self.desk.rows(Leg, role="citizen", state="in"))
        self.exchange.until(lambda: self.desk.row(Leg, role="citizen").sequence >= 0)

    def with_whom(self) -> str:
        """Who hears the caller's next word: a login, "line" while they wait there, or "nobody"."""
        entry = self.desk.row(QueueEntry, call_sid=self.call.sid)
        if entry.state in ("waiting", "offered"):
            return "line"
        for person in self.people.values():
            if person.leg and person.is_in() and self.desk.row(Leg, sid=person.leg).talk_id == self.talk_of_caller.id:
                return person.login
        return "nobody"

    @property
    def talk_of_caller(self) -> Talk:
        """The talk that holds the caller, not that of a consulted guest."""
        found = self.desk.row(Talk, call_sid=self.call.sid, guest_of=None)
        assert isinstance(found, Talk)
        return found

    def pass_a_second(self) -> None:
        self.desk.clock.advance(1)
        self.seconds += 1
        self.alone_s += self.with_whom() == "nobody"
        if self.seconds % ALIVE_EVERY == 0:
            for person in self.people.values():
                if person.is_there:
                    person.show_life()
        asked = self._times_asked()
        self.desk.look()
        if self._times_asked() > asked and not any(person.leg for person in self.people.values()):
            self.call.hears(PLEASE_STAY["en"])
            self.heard.append("please_stay")

    def pass_seconds(self, count: int) -> None:
        for _ in range(count):
            self.pass_a_second()

    def pass_until(self, happened: Callable[[], Any]) -> None:
        """Let seconds pass until something has happened, a hundred at most."""
        for _ in range(100):
            if happened():
                return
            self.pass_a_second()
        raise AssertionError("it did not happen in a hundred seconds")

    def _times_asked(self) -> int:
        return sum(command.done_at is not None for command in self.desk.rows(Command, kind="ask_to_stay"))


def open_scene(exchange: Exchange) -> Scene:
    """The screens over the exchange's own telephone, and the two at their desks."""
    office = exchange.office
    desk = exchange.office = Desk(office.telephone, office.clock, office.network, app=new_screens(office.telephone))
    scene = Scene(exchange, desk)
    for login in ("asha", "bimal"):
        scene.hire(login)
    return scene
