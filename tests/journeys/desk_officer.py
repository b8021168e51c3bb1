"""An officer with a telephone of their own, at a browser without scripts, and cases whose citizens may be rung."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
from sqlalchemy import update
from sqlalchemy.orm import Session

from agent_console.demo_staff import DEMO_PASSWORD
from clock import SystemClock
from ivr.emulator.phone import Phone
from models.bridge import Bridge
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.record import verify_chain
from models.services.bridging import RUNG
from models.staff import Staff
from models.store import Store
from tests.journeys.conftest import hire, new_number
from tests.journeys.rows import find, one, wait_for
from tests.line import RunningLine
from tests.models.desk_kit import register


class DeskOfficer:
    """Somebody of the grievance cell at a browser without scripts, and their own telephone."""

    def __init__(self, line: RunningLine, store: Store, http: httpx.Client, *, proved: bool) -> None:
        self.store, self.http = store, http
        self.phone = Phone(line.emulator_url, new_number())
        self.login = hire(store, "en")
        at = SystemClock().now() if proved else None

        def become(session: Session) -> None:
            row = session.query(Staff).filter_by(login=self.login).one()
            row.roles, row.telephone, row.telephone_confirmed_at = ["supervisor"], self.phone.number, at

        store.transact(become)
        self.send("/desk/sign-in", login=self.login, password=DEMO_PASSWORD)

    def send(self, path: str, **form: object) -> httpx.Response:
        page = self.http.get("/desk/account")
        page = self.http.get("/desk/sign-in") if page.status_code != 200 else page
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None, page.text
        answer = self.http.post(path, data={"csrf_token": token[1], **form})
        assert answer.status_code == 302, answer.text
        return answer

    def ring(self, complaint: Complaint) -> None:
        with self.store.session() as session:
            seen = session.get_one(Complaint, complaint.id).events
        self.send(f"/desk/cases/{complaint.reference}/ring", seen=seen, go="do")

    def reads(self, complaint: Complaint, words: str) -> str:
        """Wait until the part of the page says so; its text."""

        def look() -> str | None:
            text = self.http.get(f"/desk/cases/{complaint.reference}/bridge").text
            return text if words in text else None

        return wait_for(look, f"the page to say {words!r}")


@contextmanager
def at_desk(line: RunningLine, store: Store, *, proved: bool = True) -> Iterator[DeskOfficer]:
    with closing(httpx.Client(base_url=line.public_url, timeout=20)) as http:
        officer = DeskOfficer(line, store, http, proved=proved)
        with officer.phone:
            yield officer


def case_of(store: Store, number: str) -> Complaint:
    """A complaint in Bengali of the owner of this number, urgent: it may be rung at whatever hour the tests run."""

    def work(session: Session) -> Complaint:
        complaint = register(session, now=SystemClock().now(), language="bn", contact_number=None)
        complaint.contact_number, complaint.priority = number, "urgent"  # they hear of it by telephone alone
        return complaint

    return store.transact(work)


def ends(store: Store, complaint: Complaint, outcome: str) -> Bridge:
    """Wait for the end: it stands on the sealed record, once."""
    mine = (Bridge.complaint_id == complaint.id, Bridge.state == "ended")
    bridge = wait_for(lambda: find(store, Bridge, *mine), "the bridge to end")
    assert bridge.outcome == outcome
    event = one(store, ComplaintEvent, ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.kind == RUNG)
    assert event.data["result"] == outcome
    with store.session() as session:
        verify_chain(session, session.get_one(Complaint, complaint.id))
    return bridge


def let_it_be_old(store: Store, case: Complaint) -> None:
    """It was asked for longer ago than anything may go unheard of."""
    bridge = one(store, Bridge, Bridge.complaint_id == case.id)
    long_ago = bridge.asked_at.replace(year=bridge.asked_at.year - 1)
    older = update(Bridge).where(Bridge.id == bridge.id).values(asked_at=long_ago)
    store.write(lambda connection: connection.execute(older))
