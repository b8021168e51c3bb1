"""What the tables themselves refuse, and how values come back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from models.call import Call
from models.store import Store
from models.turn import Turn

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    india = timezone(timedelta(hours=5, minutes=30))

    def work(session: Session) -> None:
        session.add(Call(sid="CA1", started_at=AT.astimezone(india)))

    store.transact(work)
    with store.session() as session:
        call = session.get_one(Call, "CA1")
        assert call.started_at == AT
        assert call.started_at.utcoffset() == timedelta(0)


def test_naive_time_is_refused(store: Store) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(StatementError, match="needs a zone"):
        store.transact(lambda session: session.add(Call(sid="CA1", started_at=naive)))


def test_text_is_stored_in_one_form(store: Store) -> None:
    decomposed, composed = "কেমন আছো" + "ে" + "া", "কেমন আছো" + "ো"
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT, from_raw=decomposed)))
    with store.session() as session:
        assert session.get_one(Call, "CA1").from_raw == composed


def test_turn_needs_its_call(store: Store) -> None:
    turn = Turn(call_sid="CA9", n=0, event_digest="", twiml="", at=AT)
    with pytest.raises(IntegrityError):
        store.transact(lambda session: session.add(turn))


def test_unknown_phase_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT, phase="dreaming")))
