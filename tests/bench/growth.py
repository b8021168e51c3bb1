"""Whether a turn costs more the more calls the store holds."""

import hashlib
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
            {"sid": _sid("filled", n), "started_at": _NOW, "ended_at": _NOW, "phase": "ended", "state": "{}", "turn": 3}
            for n in range(start, min(start + _AT_ONCE, last))
        ]
        store.write(lambda connection, rows=rows: connection.execute(insert(Call), rows))  # type: ignore[misc]  # bound now


def turn_microseconds(store: Store, salt: int) -> float:
    """Median time of loading a call and claiming one turn of it, committed durably each time."""
    times = []
    for n in range(_ROUNDS):
        sid = _sid(f"turned {salt}", n)
        began = time.perf_counter()
        with store.read() as connection:
            load_call(connection, sid)
        store.claim(TurnClaim(sid, 0, "d", "<Response/>", "[]", _NOW, {"started_at": _NOW, "state": "{}"}))
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def _sid(salt: str, n: int) -> str:
    """As Twilio makes them: the next one may stand anywhere among those that are there."""
    return "CA" + hashlib.md5(f"{salt} {n}".encode(), usedforsecurity=False).hexdigest()
