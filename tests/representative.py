"""A representative in code, over the routes that the desk's own scripts use. Who rings is read from the store."""

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

import httpx
from sqlalchemy import select

from agent_console.demo_staff import DEMO_PASSWORD
from models.complaint import Complaint
from models.draft import Draft
from models.offer import Offer
from models.place import PlaceRow
from models.presence import Presence
from models.staff import Staff
from models.store import Store
from models.talk import Talk
from tests.line import RunningLine

PATIENCE = 40.0
_ALIVE_EVERY = 5.0
Found = TypeVar("Found")


class Refused(AssertionError):
    """The desk refused what the representative did."""


@dataclass(frozen=True)
class Conversation:
    """A talk under way: its own number, its form, and the leg in the telephone network."""

    talk_id: int
    draft_id: int
    leg_sid: str


class Representative:
    """Signed in until the block ends. Keeps showing signs of life, as an open page does."""

    def __init__(self, line: RunningLine, store: Store, login: str = "asha") -> None:
        self._store = store
        self._http = httpx.Client(base_url=line.public_url, timeout=20, headers={"X-Requested-With": "desk"})
        self._network = httpx.Client(base_url=line.emulator_url, timeout=20)
        self._login = login
        self._tab = f"tab-{login}"
        self._token = ""
        self._left = threading.Event()
        self._pulse = threading.Thread(target=self._show_life, daemon=True)
        with store.session() as session:
            self.staff_id = session.scalars(select(Staff.id).where(Staff.login == login)).one()

    def __enter__(self) -> "Representative":
        page = self._http.get("/desk/sign-in").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None, page
        data = {"login": self._login, "password": DEMO_PASSWORD, "csrf_token": token[1]}
        answer = self._http.post("/desk/sign-in", data=data)
        assert answer.status_code == 302, answer.text
        found = re.search(r'data-token="([^"]+)"', self._http.get("/desk/calls").text)
        assert found is not None
        self._token = found[1]
        self.act("/desk/alive", tab=self._tab, take_over="yes")
        self._pulse.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._pulse.join()
        with contextlib.suppress(httpx.HTTPError):
            self._http.post("/desk/sign-out", data={"csrf_token": self._token})
        self._http.close()
        self._network.close()

    def act(self, path: str, **data: str | int) -> dict[str, Any]:
        """Press a button. Raises Refused with what the desk says."""
        answer = self._http.post(path, data={"csrf_token": self._token, **data})
        if answer.status_code != 200:
            raise Refused(f"{path}: {answer.status_code} {answer.text[:300]}")
        told: dict[str, Any] = answer.json()
        return told

    def read(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._http.get(path)

    def go_ready(self) -> None:
        self.act("/desk/ready")

    def take_break(self) -> None:
        """At work, and not to be rung: callers wait in line."""
        self.act("/desk/break", reason="tea")

    def answer(self) -> Conversation:
        """Wait until it rings, answer, and be in the conversation with the caller."""
        offer_id = self._wait(
            lambda: self._one(select(Offer.id).where(Offer.staff_id == self.staff_id, Offer.state == "ringing")), "ring"
        )
        return self.join(self.act(f"/desk/offers/{offer_id}/accept"))

    def try_to_accept(self, offer_id: int) -> bool:
        """Whether this answer was the first, and the caller there still."""
        try:
            return bool(self.act(f"/desk/offers/{offer_id}/accept"))
        except Refused:
            return False

    def join(self, accepted: dict[str, Any]) -> Conversation:
        """Connect out with the ticket, and wait until the caller is there."""
        talk_id = int(accepted["talk"])
        return self.wait_for_caller(talk_id, self.connect(accepted["ticket"]))

    def ring_back(self, path: str) -> tuple[int, str]:
        """Dial from a list, and come in first. Returns the talk and the leg: the citizen's phone rings now."""
        self.act(path)
        begun = select(Talk.id).where(Talk.staff_id == self.staff_id, Talk.state == "connecting")
        talk_id = int(self._wait(lambda: self._one(begun), "have a talk to enter"))
        return talk_id, self.connect(self.act(f"/desk/talks/{talk_id}/ticket")["ticket"])

    def wait_for_caller(self, talk_id: int, leg_sid: str) -> Conversation:
        """Wait until the citizen is in the conversation, and the form lies ready."""
        live = select(Talk.id).where(Talk.id == talk_id, Talk.state == "live")
        self._wait(lambda: self._one(live), "reach the caller")
        draft = select(Draft.id).where(Draft.staff_id == self.staff_id, Draft.discarded_at.is_(None))
        draft_id = self._wait(lambda: self._one(draft.order_by(Draft.id.desc()).limit(1)), "get a form")
        return Conversation(talk_id, draft_id, leg_sid)

    def connect(self, ticket: str) -> str:
        """Ring our application from this person's softphone. Returns the CallSid of the leg."""
        token = self._http.get("/desk/voice-token").json()["token"]
        made = self._network.post(
            "/local/clients/connect", json={"params": {"ticket": ticket}}, headers={"Authorization": f"Bearer {token}"}
        )
        assert made.status_code == 201, made.text
        return str(made.json()["call_sid"])

    def register(self, conversation: Conversation, text: str, *, category: str = "ration", place: str = "") -> str:
        """Fill in the form and register it. Returns the reference."""
        return self.hand_in(conversation, self.fill_in(conversation, text, category=category, place=place))

    def fill_in(
        self, conversation: Conversation, text: str, *, category: str = "ration", place: str = ""
    ) -> dict[str, str]:
        """What stands in the form then: what the desk knew of the caller, and this."""
        with self._store.session() as session:
            filled_in = json.loads(session.get_one(Draft, conversation.draft_id).data)
        form = {name: value for name, value in filled_in.items() if isinstance(value, str)}
        return form | {"text": text, "category": category, "place": place or self._some_place(), "kind": "complaint"}

    def hand_in(self, conversation: Conversation, form: dict[str, str]) -> str:
        """Register what stands in the form. Returns the reference."""
        return str(self.act(f"/desk/drafts/{conversation.draft_id}/register", **form)["reference"])

    def end(self, conversation: Conversation) -> None:
        self.act(f"/desk/talks/{conversation.talk_id}/end")

    def wrap_up(self, outcome: str = "registered") -> None:
        """Wait for the wrap-up and finish it: the next caller may come."""
        wrapping = select(Presence.staff_id).where(Presence.staff_id == self.staff_id, Presence.state == "wrap_up")
        self._wait(lambda: self._one(wrapping), "come to the wrap-up")
        self.act("/desk/wrap-up/finish", outcome=outcome)

    def finds(self, reference: str) -> Complaint:
        """The complaint of this reference in the register."""
        with self._store.session() as session:
            return session.scalars(select(Complaint).where(Complaint.reference == reference)).one()

    def _some_place(self) -> str:
        with self._store.session() as session:
            return str(session.scalars(select(PlaceRow.code).where(PlaceRow.level == "district").limit(1)).one())

    def _one(self, wanted: Any) -> Any:
        with self._store.session() as session:
            return session.scalars(wanted).first()

    def _wait(self, look: Callable[[], Found | None], what: str) -> Found:
        end = time.monotonic() + PATIENCE
        while (found := look()) is None:
            assert time.monotonic() < end, f"{self._login} waited {PATIENCE:g} s in vain to {what}"
            time.sleep(0.05)
        return found

    def _show_life(self) -> None:
        while not self._left.wait(_ALIVE_EVERY):
            try:
                self.act("/desk/alive", tab=self._tab)
            except (httpx.HTTPError, Refused):
                continue  # the web process may be away in a test of failures; the next sign of life tells
