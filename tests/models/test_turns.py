"""Claiming turns: each once, in order, and a repeat gets the same bytes."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from models import outbox
from models.call import Call
from models.claim import TurnClaim
from models.command import Command
from models.event import DeskEvent
from models.message import Message
from models.store import Store
from models.turn import Turn
from models.turns import OutOfTurn, StoredTurn, find_turn, last_turn, load_call

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)


def claim(store: Store, n: int, twiml: str = "<Response/>", sid: str = "CA1", **values: Any) -> StoredTurn | None:
    """One by one on the thread that writes, or together with others: the store decides."""
    return store.claim(turn_claim(n, twiml, sid, **values))


def turn_claim(
    n: int, twiml: str = "<Response/>", sid: str = "CA1", caller: str | None = None, **values: Any
) -> TurnClaim:
    return TurnClaim(sid, n, f"d{n}", twiml, "[]", AT, ({"started_at": AT} if n == 0 else {}) | values, caller)


def test_first_turn_makes_the_call(store: Store) -> None:
    assert claim(store, 0, from_number="+919830000001", state="{}", step="greeting", language="bn") is None
    with store.read() as connection:
        call = load_call(connection, "CA1")
        assert call is not None
        assert (call.turn, call.step, call.language, call.phase, call.started_at) == (0, "greeting", "bn", "menus", AT)
        assert load_call(connection, "CA2") is None


def test_turns_move_the_call(store: Store) -> None:
    claim(store, 0)
    assert claim(store, 1, "<one/>", step="main_menu", state='{"a":1}') is None
    with store.read() as connection:
        call = load_call(connection, "CA1")
        assert call is not None
        assert (call.turn, call.step, call.state) == (1, "main_menu", '{"a":1}')
        assert find_turn(connection, "CA1", 1) == StoredTurn(1, "d1", "<one/>")
        assert find_turn(connection, "CA1", 2) is None
        assert last_turn(connection, "CA1") == StoredTurn(1, "d1", "<one/>")


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_repeat_gets_the_stored_answer_and_changes_nothing(store: Store, n: int) -> None:
    for turn in range(3):
        claim(store, turn, f"<turn{turn}/>", step=f"s{turn}")
    stored = claim(store, n, "<other/>", step="other")
    assert stored == StoredTurn(n, f"d{n}", f"<turn{n}/>")
    with store.read() as connection:
        call = load_call(connection, "CA1")
        assert call is not None
        assert (call.turn, call.step) == (2, "s2")


def test_a_turn_too_far_ahead_is_refused(store: Store) -> None:
    claim(store, 0)
    with pytest.raises(OutOfTurn):
        claim(store, 2)
    with pytest.raises(OutOfTurn):
        claim(store, 1, sid="CA9")


def test_a_call_that_ended_never_changes_again(store: Store) -> None:
    claim(store, 0)
    ended = update(Call).values(ended_at=AT, phase="ended")
    store.write(lambda connection: connection.execute(ended))
    with pytest.raises(OutOfTurn):
        claim(store, 1, step="later")


def test_first_turn_of_a_call_that_we_dialled(store: Store) -> None:
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT, purpose="callback")))
    assert claim(store, 0, step="greeting") is None
    with store.read() as connection:
        call = load_call(connection, "CA1")
        assert call is not None
        assert (call.purpose, call.step) == ("callback", "greeting")


def test_of_many_at_once_one_wins(store: Store) -> None:
    claim(store, 0)
    outcomes: list[StoredTurn | None] = []
    threads = [
        threading.Thread(target=lambda number=number: outcomes.append(claim(store, 1, f"<from{number}/>")))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(None) == 1
    assert len({outcome.twiml for outcome in outcomes if outcome}) == 1
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Turn)) == 2


def test_outbox_keys_keep_repeats_away(store: Store) -> None:
    def work(connection: Connection) -> list[Any]:
        kept: list[Any] = []
        for _ in range(2):
            kept.append(outbox.add_command(connection, key="CA1:3:0", kind="hang_up", payload={"sid": "CA1"}, now=AT))
            kept.append(
                outbox.add_message(
                    connection,
                    effect_key="CA1:3:1",
                    recipient="+919830000001",
                    language="bn",
                    template="sms_callback_booked",
                    body="হেল্পলাইন",
                    purpose="callback",
                    now=AT,
                )
            )
        outbox.tell_desk(connection, kind="queue", subject="1", audience="all", now=AT)
        return kept

    assert store.write(work) == [True, 1, False, None]
    with store.session() as session:
        assert session.scalars(select(Command.payload)).one() == {"sid": "CA1"}
        assert session.scalars(select(Message.status)).one() == "queued"
        assert session.scalars(select(DeskEvent.id)).one() == 1
