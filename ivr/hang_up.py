"""The end of a call, whoever tells it first: the flow closes, the queue and the talk let go, the row gets its end."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select, update

from flows.state_json import from_json, to_json
from flows.values import HungUp
from ivr.asking import Asker
from ivr.departures import caller_left
from ivr.outbox import Nudges, Write
from ivr.statuses import OVER
from ivr.telephone import Telephone
from ivr.twiml import EMPTY
from ivr.walk import path_of, walk
from models.call import Call
from models.insert import InsertOnce
from models.talk import Talk
from models.turn import Turn
from models.turns import LiveCall, load_call

log = structlog.get_logger()

_TRIES = 5  # a turn under way may change the state beneath us

_insert_turn = InsertOnce(Turn)


class StateChanged(Exception):
    """A turn of the call was written while its end was worked out."""


def end_call(telephone: Telephone, call_sid: str, status: str) -> bool:
    """Close the call once. False if it is over already, or unknown."""
    for _ in range(_TRIES):
        with suppress(StateChanged):
            return _end_as_it_stands(telephone, call_sid, status)
    raise StateChanged(f"the call {call_sid} does not stand still")


def _end_as_it_stands(telephone: Telephone, call_sid: str, status: str) -> bool:
    """The same, raising StateChanged if a turn came in between."""
    with telephone.store.read() as connection:
        call = load_call(connection, call_sid)
        talked = _has_talked(connection, call_sid)
    if call is None or call.ended_at is not None:
        return False
    now = telephone.clock.now()
    values, path, writes = _close_flow(telephone, call, now, talked=talked)
    nudges = telephone.store.write(lambda connection: _write_end(connection, call, status, now, values, path, writes))
    nudges.give(telephone.wake)
    return True


def _close_flow(
    telephone: Telephone, call: LiveCall, now: datetime, *, talked: bool
) -> tuple[dict[str, Any], str, list[Write]]:
    """What the flow says to the end of the call. A flow that breaks over it must not keep the call open for ever."""
    if not call.state or call.flow_version_id is None:
        return {}, "[]", []
    try:
        with telephone.store.read() as connection:
            flow = telephone.flows.get(connection, call.flow_version_id)
        state = from_json(call.state)
        if state.expects == "over":
            return {}, "[]", []
        asker = Asker(telephone, flow, call.sid, call.from_number, call.turn + 1, now)
        walked = walk(asker, state, HungUp(now.timestamp(), talked))
    except Exception:
        log.exception("flow_not_closed", call_sid=call.sid)
        return {"outcome": "failed"}, "[]", []
    return {"state": to_json(walked.state)}, path_of(walked.actions), walked.writes


def _write_end(
    connection: Connection,
    call: LiveCall,
    status: str,
    now: datetime,
    values: dict[str, Any],
    path: str,
    writes: list[Write],
) -> Nudges:
    nudges = Nudges(router=True, desk=True)
    ended = connection.execute(
        update(Call)
        .where(Call.sid == call.sid, Call.ended_at.is_(None), Call.state == call.state)
        .values(status=status, status_rank=OVER, ended_at=now, phase="ended", **values)
    )
    if ended.rowcount != 1:
        raise StateChanged
    if path != "[]":
        # The last line of the path has a turn of its own, which nobody will hear.
        last = {"call_sid": call.sid, "n": call.turn + 1, "event_digest": "", "twiml": EMPTY, "path": path, "at": now}
        _insert_turn.add(connection, last)
    for write in writes:
        write(connection, nudges)
    caller_left(connection, call.sid, now)
    return nudges


def _has_talked(connection: Connection, call_sid: str) -> bool:
    talked = select(Talk.id).where(Talk.call_sid == call_sid, Talk.started_at.is_not(None))
    return connection.scalar(talked.limit(1)) is not None
