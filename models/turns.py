"""The hot path of a call: load it, and claim one turn of it, in a few prepared statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, select, update

from models.call import Call
from models.claim import claim_at_once
from models.insert import InsertOnce
from models.turn import Turn


class OutOfTurn(Exception):
    """The turn does not follow the last one of the call, or the call is over."""


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """What was answered at a turn, to be given again byte for byte."""

    n: int
    event_digest: str
    twiml: str


@dataclass(frozen=True, slots=True)
class LiveCall:
    """What a turn needs to know of its call."""

    sid: str
    from_number: str | None
    number_kind: str
    direction: str
    flow: str
    flow_version_id: int | None
    state: str
    turn: int
    step: str
    language: str
    phase: str
    purpose: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


_calls = cast(Table, Call.__table__)
_turns = cast(Table, Turn.__table__)
_insert_call = InsertOnce(Call)
_insert_turn = InsertOnce(Turn)
_load = select(*(_calls.c[name] for name in LiveCall.__slots__)).where(_calls.c.sid == bindparam("sid"))
_stored = select(_turns.c.n, _turns.c.event_digest, _turns.c.twiml).where(
    _turns.c.call_sid == bindparam("call_sid"), _turns.c.n == bindparam("n")
)
_last = (
    select(_turns.c.n, _turns.c.event_digest, _turns.c.twiml)
    .where(_turns.c.call_sid == bindparam("call_sid"))
    .order_by(_turns.c.n.desc())
    .limit(1)
)
_advance = update(_calls).where(
    _calls.c.sid == bindparam("the_sid"), _calls.c.turn == bindparam("the_turn"), _calls.c.ended_at.is_(None)
)
_begin = update(_calls).where(_calls.c.sid == bindparam("the_sid"), _calls.c.ended_at.is_(None))


def load_call(connection: Connection, sid: str) -> LiveCall | None:
    """The call, or None if nobody knows it."""
    row = connection.execute(_load, {"sid": sid}).one_or_none()
    return None if row is None else LiveCall(*row)


def find_turn(connection: Connection, sid: str, n: int) -> StoredTurn | None:
    """Turn `n` of a call, if it was answered."""
    row = connection.execute(_stored, {"call_sid": sid, "n": n}).one_or_none()
    return None if row is None else StoredTurn(*row)


def last_turn(connection: Connection, sid: str) -> StoredTurn | None:
    """The turn answered last."""
    row = connection.execute(_last, {"call_sid": sid}).one_or_none()
    return None if row is None else StoredTurn(*row)


def claim_turn(
    connection: Connection,
    *,
    call_sid: str,
    n: int,
    digest: str,
    twiml: str,
    path: str,
    at: datetime,
    call_values: Mapping[str, Any],
) -> StoredTurn | None:
    """Store turn `n` and move the call on. None if it is ours; for a repeat the stored turn, and nothing is changed.

    `call_values` are columns of the call; for turn 0 they make it (started_at is needed then).
    Raises OutOfTurn if the call is not at turn n - 1, or over.
    """
    turn = {"call_sid": call_sid, "n": n, "event_digest": digest, "twiml": twiml, "path": path, "at": at}
    if connection.dialect.name == "postgresql" and claim_at_once(connection, turn, call_values):
        return None
    if n == 0:
        is_new = _insert_call.add(connection, {"started_at": at, **call_values, "sid": call_sid, "turn": 0})
    if n > 0 and not _move(connection, call_sid, n, call_values):
        stored = find_turn(connection, call_sid, n)
        if stored is None:
            raise OutOfTurn(f"turn {n} does not follow the last turn of the call, or the call is over")
        return stored
    if not _insert_turn.add(connection, turn):
        return find_turn(connection, call_sid, n)
    if n == 0 and not is_new:
        # We dialled this call ourselves, so its row was there before its first turn.
        connection.execute(_begin, {"the_sid": call_sid, **call_values})
    return None


def _move(connection: Connection, sid: str, n: int, values: Mapping[str, Any]) -> bool:
    parameters = {"the_sid": sid, "the_turn": n - 1, **values, "turn": n}
    return connection.execute(_advance, parameters).rowcount == 1
