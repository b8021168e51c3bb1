"""Whether a turn costs more the more calls the store holds."""

import statistics
import time
from datetime import UTC, datetime

from sqlalchemy import insert

from models.call import Call
from models.claim import TurnClaim
from models.store import Store
from models.turns import load_call

_NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
_AT_ONCE = 5000
_ROUNDS = 300


def fill(store: Store, first: int, last: int) -> None:
    """Write ended calls, numbered from `first` up to `last`."""
    for start in range(first, last, _AT_ONCE):
        rows = [
            {"sid": f"CA{n:032x}", "started_at": _NOW, "ended_at": _NOW, "phase": "ended", "state": "{}", "turn": 3}
            for n in range(start, min(start + _AT_ONCE, last))
        ]
        store.write(lambda connection, rows=rows: connection.execute(insert(Call), rows))  # type: ignore[misc]  # bound now


def turn_microseconds(store: Store, salt: str) -> float:
    """Median time of loading a call and claiming one turn of it, committed durably each time."""
    times = []
    for n in range(_ROUNDS):
        sid = f"CB{salt}{n:020x}"
        began = time.perf_counter()
        with store.read() as connection:
            load_call(connection, sid)
        store.claim(TurnClaim(sid, 0, "d", "<Response/>", "[]", _NOW, {"started_at": _NOW, "state": "{}"}))
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6
