"""The hot path of a call: load it, and claim one turn of it, in a few prepared statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Table, bindparam, select, update

from models.call import Call
from models.caller import CallerMemory
from models.claim import TurnClaim, claim_together
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
_callers = cast(Table, CallerMemory.__table__)
_insert_call = InsertOnce(Call)
_insert_turn = InsertOnce(Turn)
_insert_caller = InsertOnce(CallerMemory)
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
_count = (
    update(_callers)
    .where(_callers.c.number == bindparam("of"))
    .values(last_seen_at=bindparam("seen_at"), calls=_callers.c.calls + 1)
)
_remember = update(_callers).where(_callers.c.number == bindparam("of")).values(language=bindparam("chosen"))
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


def claim_turn(connection: Connection, claim: TurnClaim) -> StoredTurn | None:
    """Store a turn and move its call on. None if it is ours; for a repeat the stored turn, and nothing is changed.

    Raises OutOfTurn if the call is not at the turn before, or over.
    """
    sid, n = claim.call_sid, claim.n
    if n == 0:
        is_new = _insert_call.add(connection, {"started_at": claim.at, **claim.call_values, "sid": sid, "turn": 0})
    elif not _move(connection, claim):
        stored = find_turn(connection, sid, n)
        if stored is None:
            raise OutOfTurn(f"turn {n} does not follow the last turn of the call, or the call is over")
        return stored
    if not _insert_turn.add(connection, claim.turn_row):
        return find_turn(connection, sid, n)
    if n == 0 and not is_new:
        # We dialled this call ourselves, so its row was there before its first turn.
        connection.execute(_begin, {"the_sid": sid, **claim.call_values})
    if claim.caller is not None and n == 0:
        _meet(connection, claim.caller, claim.at)
    remember_language(connection, claim)
    return None


def remember_language(connection: Connection, claim: TurnClaim) -> None:
    """Remember what the caller has chosen, for the next call of that number."""
    if claim.caller is not None and claim.language is not None:
        connection.execute(_remember, {"of": claim.caller, "chosen": claim.language})


def _move(connection: Connection, claim: TurnClaim) -> bool:
    parameters = {"the_sid": claim.call_sid, "the_turn": claim.n - 1, **claim.call_values, "turn": claim.n}
    return connection.execute(_advance, parameters).rowcount == 1


def _meet(connection: Connection, number: str, now: datetime) -> None:
    """Count a call of this number."""
    if connection.execute(_count, {"of": number, "seen_at": now}).rowcount == 0:
        _insert_caller.add(connection, {"number": number, "first_seen_at": now, "last_seen_at": now, "calls": 1})


class Claims:
    """Claims of many calls' turns at once, for the store's writer."""

    def together(self, connection: Connection, items: Sequence[TurnClaim]) -> bool:
        return claim_together(connection, items)

    def alone(self, connection: Connection, item: TurnClaim) -> StoredTurn | None:
        return claim_turn(connection, item)
