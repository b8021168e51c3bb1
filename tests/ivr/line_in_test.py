"""The webhook half of the telephone on a real store, and a provider's side that signs its requests."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from audio.store import SoundStore
from clock import VirtualClock
from config import Config
from ivr.gateway import Gateway
from ivr.pinned import PinnedFlows
from ivr.register import register
from ivr.telephone import Telephone
from models.call import Call
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.store import Store
from operations.logs import scrub, tell_exception
from tests.twiml_grammar import violations

MONDAY_NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # 12:00 in Kolkata
SUNDAY = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
CALLER = "+919830012345"
HELPLINE = "+919137091370"


@dataclass
class NotedWake:
    """Notes whom it was to wake."""

    routed: int = 0
    texts: list[int] = field(default_factory=list)

    def router(self) -> None:
        self.routed += 1

    def desk(self) -> None:
        """Nothing to note."""

    def text(self, message_id: int, *, urgent: bool = False) -> None:
        self.texts.append(message_id)

    def recording(self, recording_id: int) -> None:
        """Nothing to note."""


@dataclass
class Answer:
    """A document that came back."""

    status: int
    body: bytes
    content_type: str

    @property
    def root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.body)  # noqa: S314 - our own answer

    @property
    def said(self) -> str:
        """All words of the document."""
        return " ".join(say.text or "" for say in self.root.iter("Say"))

    def address(self, verb: str = "Gather", attribute: str = "action") -> str:
        """Where a verb of the document leads."""
        found = next(self.root.iter(verb))
        return found.attrib[attribute] if attribute else found.text or ""


class LineInTest:
    """The product with its clock in our hand."""

    def __init__(self, store: Store, folder: Path, now: datetime = MONDAY_NOON, **settings: str) -> None:
        self.config = Config.from_env({"HELPLINE_DATA_DIR": str(folder / "data"), **settings})
        # As in production, exceptions are told in a line; the default's coloured tracebacks take half a minute each.
        structlog.configure(
            processors=[tell_exception, scrub, structlog.processors.JSONRenderer()],
            logger_factory=structlog.ReturnLoggerFactory(),
        )
        self.clock = VirtualClock(now)
        self.wake = NotedWake()
        self.store = store
        self.telephone = Telephone(
            self.config,
            self.clock,
            store,
            Gateway(self.config),
            self.wake,
            SoundStore(folder / "sounds"),
            PinnedFlows(store),
        )
        self.app = Flask("test", static_folder=None)
        register(self.app, self.telephone)
        self._validator = RequestValidator(self.config.twilio_auth_token)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def post(self, address: str, form: Mapping[str, str], *, signature: str | None = None) -> Answer:
        """A signed webhook. Every document that comes back is held to the grammar."""
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        signed = self._validator.compute_signature(self.config.public_url + target, dict(form))
        headers = {"X-Twilio-Signature": signed if signature is None else signature}
        reply = self.client().post(target, data=dict(form), headers=headers)
        answer = Answer(reply.status_code, reply.data, reply.content_type or "")
        if answer.content_type.startswith("text/xml"):
            assert violations(answer.body.decode()) == [], answer.body.decode()
        return answer

    def lose_store(self) -> None:
        """From now on the database cannot be reached."""
        nowhere = Store("postgresql://helpline@127.0.0.1:1/nowhere")
        self.app.extensions["telephone"] = replace(self.telephone, store=nowhere)

    def find_store(self) -> None:
        """The database is back."""
        self.app.extensions["telephone"] = self.telephone

    def call(self, sid: str = "CA1", number: str = CALLER) -> "CallInTest":
        return CallInTest(self, sid, number)

    def work(self, *languages: str, login: str = "rina") -> int:
        """Put a representative to work, ready for callers."""

        def write(session: Session) -> int:
            now = self.clock.now()
            staff = Staff(login=login, name="Rina", password_hash="x", languages=list(languages), created_at=now)
            session.add(staff)
            session.flush()
            session.add(Presence(staff_id=staff.id, state="ready", since=now, lease_until=now.replace(year=2027)))
            return staff.id

        return self.store.transact(write)

    def row(self, sid: str = "CA1") -> Call:
        with self.store.session() as session:
            return session.scalars(select(Call).where(Call.sid == sid)).one()

    def entry(self, sid: str = "CA1") -> QueueEntry:
        """The latest stay of a call in a queue."""
        with self.store.session() as session:
            stays = select(QueueEntry).where(QueueEntry.call_sid == sid).order_by(QueueEntry.id.desc()).limit(1)
            return session.scalars(stays).one()


class CallInTest:
    """One call, from the provider's side. `last` is the latest document."""

    def __init__(self, line: LineInTest, sid: str, number: str) -> None:
        self.line = line
        self.sid = sid
        self.number = number
        self.last: Answer

    def form(self, **fields: str) -> dict[str, str]:
        about = {"CallSid": self.sid, "From": self.number, "To": HELPLINE, "CallStatus": "in-progress"}
        return about | {"ApiVersion": "2010-04-01", "Direction": "inbound"} | fields

    def post(self, address: str, **fields: str) -> Answer:
        """Post and remember what came back."""
        self.last = self.line.post(address, self.form(**fields))
        return self.last

    def dial(self) -> "CallInTest":
        self.post("/voice/incoming", CallStatus="ringing")
        return self

    def press(self, *keys: str) -> "CallInTest":
        """Press keys, one question after the other."""
        for key in keys:
            self.post(self.last.address(), Digits=key)
        return self

    def stay_silent(self) -> "CallInTest":
        self.post(self.last.address(), Digits="")
        return self

    def hang_up(self) -> "CallInTest":
        self.line.post("/voice/calls/status", self.form(CallStatus="completed", CallDuration="12"))
        return self

    def turn(self, n: int) -> str:
        return f"/voice/calls/{self.sid}/turns/{n}"

    def join_queue(self) -> "CallInTest":
        """All the way into the queue, in English, about ration."""
        return self.dial().press("2", "1", "1", "1")
