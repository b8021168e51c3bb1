"""A telephone with a clock that stands still, and the rows of a small office: staff, callers, presences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from audio.store import SoundStore
from clock import VirtualClock
from config import Config
from ivr.gateway import Gateway
from ivr.pinned import PinnedFlows
from ivr.telephone import Telephone
from ivr.wake import NoWake, Wake
from models.base import Base
from models.call import Call
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.store import Store
from tests.ivr.network import Network, running_network

START = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)  # eleven o'clock in Kolkata, a Monday
TOKEN = "twelve-monkeys"


@dataclass
class Office:
    """The telephone, its clock, the network at the edge, and short ways to rows."""

    telephone: Telephone
    clock: VirtualClock
    network: Network
    _count: int = 0
    _router: Any = None

    @property
    def store(self) -> Store:
        return self.telephone.store

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, keeping every browser alive, and let the router look once."""
        self.clock.advance(seconds)
        self.keep_alive()
        self.look()

    def keep_alive(self) -> None:
        """Every browser gives a sign of life."""
        self.store.write(
            lambda connection: connection.execute(
                update(Presence).values(lease_until=self.clock.now() + timedelta(seconds=45))
            )
        )

    def look(self) -> None:
        """Let the router look once."""
        from ivr.router import Router

        self._router = self._router or Router(self.telephone)
        assert self._router.tick()

    def hire(self, name: str, *, languages: tuple[str, ...] = ("bn", "en"), ready: bool = True, **more: Any) -> int:
        """A representative, ready a second later than the one before."""
        self._count += 1
        now = self.clock.now() + timedelta(milliseconds=self._count)

        def write(connection: Any) -> int:
            staff_id = connection.execute(
                insert(Staff)
                .values(login=name, name=name.title(), password_hash="", languages=list(languages), created_at=now)
                .values(roles=["representative"], **more)
                .returning(Staff.id)
            ).scalar_one()
            state = "ready" if ready else "offline"
            lease = now + timedelta(seconds=45)
            connection.execute(insert(Presence).values(staff_id=staff_id, state=state, since=now, lease_until=lease))
            return int(staff_id)

        return self.store.write(write)

    def enqueue(self, *, language: str = "bn", queue: str = "helpline", **more: Any) -> str:
        """A caller in line; returns the CallSid."""
        self._count += 1
        sid, now = f"CA{self._count:032x}", self.clock.now() + timedelta(milliseconds=self._count)
        number = f"+9198300{self._count:05d}"

        def write(connection: Any) -> None:
            connection.execute(
                insert(Call).values(
                    sid=sid, from_number=number, language=language, phase="queued", started_at=now, status="in-progress"
                )
            )
            row = {"call_sid": sid, "turn": 3, "queue": queue, "language": language, "entered_at": now}
            connection.execute(insert(QueueEntry).values(**{**row, "ahead_since": now, **more}))

        self.store.write(write)
        self.network.queues.setdefault(queue, "QU" + "1" * 32)
        return sid

    def row(self, entity: type[Base], **where: Any) -> Any:
        """The newest row of an entity with these values."""
        with self.store.session() as session:
            wanted = select(entity).filter_by(**where)
            return session.scalars(wanted.order_by(list(entity.__table__.primary_key)[0].desc()).limit(1)).first()

    def rows(self, entity: type[Base], **where: Any) -> list[Any]:
        """All such rows, oldest first."""
        with self.store.session() as session:
            return list(session.scalars(select(entity).filter_by(**where).order_by(*entity.__table__.primary_key)))

    def presence(self, staff_id: int) -> str:
        return str(self.row(Presence, staff_id=staff_id).state)

    def woken_by(self, wake: Wake) -> "Office":
        """The same office with another bell."""
        return replace(self, telephone=replace(self.telephone, wake=wake))


def settings(folder: Path, network: Network, **more: str) -> Config:
    """Settings of a line whose network is `network`."""
    return Config.from_env(
        {
            "HELPLINE_DATA_DIR": str(folder),
            "PUBLIC_URL": "https://helpline.example.gov.in",
            "BIND": "127.0.0.1:8000",
            "TWILIO_API_BASE_URL": network.url,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "CODE_PEPPER": "pepper",
            **more,
        }
    )


@pytest.fixture
def network() -> Iterator[Network]:
    """The telephone network, as far as we ask it."""
    with running_network() as running:
        yield running


@pytest.fixture
def office(store: Store, network: Network, tmp_path: Path) -> Office:
    """An empty office."""
    config = settings(tmp_path, network)
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
    return Office(telephone, clock, network)
