"""The end of a turn that began with "one moment": its row is there already, and now gets its document."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.walk import encode_path
from models.call import Call
from models.turn import Turn
from models.turns import OutOfTurn


def finish_turn(
    connection: Connection, call_sid: str, n: int, was: str, *, twiml: str, path: str, call_values: Mapping[str, Any]
) -> None:
    """Give turn `n` its next document, if the state of the call still is `was`. Raises OutOfTurn if it is not."""
    moved = connection.execute(
        update(Call)
        .where(Call.sid == call_sid, Call.turn == n, Call.state == was, Call.ended_at.is_(None))
        .values(**call_values)
    )
    if moved.rowcount != 1:
        raise OutOfTurn(f"turn {n} has been finished by a repeat of its webhook, or the call is over")
    turn = (Turn.call_sid == call_sid) & (Turn.n == n)
    before = json.loads(connection.scalar(select(Turn.path).where(turn)) or "[]")
    connection.execute(update(Turn).where(turn).values(twiml=twiml, path=encode_path(before + json.loads(path))))
