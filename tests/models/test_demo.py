"""The demonstration's week: rich enough to show everything, and nothing in it asks for action."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.complaint import STATES, Complaint
from models.demo import make_demo_week
from models.message import Message
from models.posting import Posting
from models.queue_entry import QueueEntry
from models.record import verify_chain
from models.seed import seed
from models.staff import Staff
from models.store import Store
from models.talk import Talk
from models.voice_message import VoiceMessage

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


def test_a_believable_week_in_which_nothing_asks_for_action(sqlite_store: Store) -> None:
    def work(session: Session) -> None:
        seed(session, NOW)
        make_demo_week(session, NOW, Random(7))

    sqlite_store.transact(work)
    with sqlite_store.session() as session:
        complaints = session.scalars(select(Complaint)).all()
        assert set(Counter(complaint.state for complaint in complaints)) == set(STATES)
        assert {complaint.language for complaint in complaints} == {"bn", "en", "hi"}
        outcomes = {complaint.outcome for complaint in complaints if complaint.outcome}
        assert outcomes == {"confirmed", "unreachable", "no_solution", "withdrawn"}
        for complaint in complaints:
            verify_chain(session, complaint)
        assert session.scalars(select(CallBack).where(CallBack.state == "open")).first()
        assert session.scalars(select(VoiceMessage).where(VoiceMessage.state == "new")).first()
        ends = set(session.scalars(select(QueueEntry.ended_as).distinct()))
        assert ends >= {"answered", "abandoned", "callback", "voicemail"}
        assert _count(session, Talk.id) == len(complaints)
        assert _count(session, Command.id) == 0
        waiting = select(Message).where(Message.status.in_(("queued", "sending")))
        assert session.scalars(waiting).first() is None
        assert session.scalars(select(Call).where(Call.ended_at.is_(None))).first() is None
        assert session.scalars(select(QueueEntry).where(QueueEntry.state != "ended")).first() is None
        assert session.scalars(select(Talk).where(Talk.state != "ended")).first() is None
        latest = session.scalar(select(func.max(Call.ended_at)))
        assert latest is not None
        assert latest < NOW


@pytest.mark.rest
@pytest.mark.parametrize(
    ("days", "posted"),
    [(0, ("food-head",)), (3, ("food-head", "food-secretary")), (5, ("food-field-hooghly", "food-head"))],
)
def test_the_week_stands_whoever_is_posted_and_whenever_it_is_made(
    sqlite_store: Store, days: int, posted: tuple[str, ...]
) -> None:
    """Nobody decides what they have proposed themselves, however few there are."""
    now = NOW + timedelta(days=days, hours=days)

    def work(session: Session) -> None:
        seed(session, now)
        for code in posted:
            person = Staff(login=code, name=code, password_hash="!", roles=["officer"], created_at=now)
            session.add(person)
            session.flush()
            session.add(Posting(office_code=code, staff_id=person.id, duty="head", from_on=date(2026, 1, 1)))
        session.flush()
        make_demo_week(session, now, Random(7 + days))

    sqlite_store.transact(work)
    with sqlite_store.session() as session:
        assert session.scalars(select(Complaint).where(Complaint.state == "rejected")).first() is not None


def _count(session: Session, column: object) -> int | None:
    return session.scalar(select(func.count(column)))  # type: ignore[arg-type]  # any column will do
