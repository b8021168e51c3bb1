"""Promises of the last resort, from their files into the list of call-backs, once the store is there again."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection, select

from ivr.outbox import Nudges
from ivr.promises import add_call_back, due_by_of_call
from ivr.telephone import Telephone
from models.call import Call
from models.errors import StoreUnavailable
from models.reference import new_reference

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Promise:
    """One file: who is to be rung back, and since when they wait."""

    call_sid: str
    number: str
    at: datetime


def take_in_spool(telephone: Telephone) -> int:
    """Make a call-back of each promise; a file goes only after the commit. Returns how many were taken in."""
    return sum(_take_in(telephone, path) for path in sorted(telephone.config.spool_dir.glob("*.json")))


def _take_in(telephone: Telephone, path: Path) -> bool:
    try:
        promise = _read(path)
    except FileNotFoundError:
        return False  # another router of this machine has taken it in
    except (ValueError, KeyError, TypeError, OSError):
        log.exception("promise_unreadable")
        path.replace(path.with_suffix(".unreadable"))  # kept for the operator, and not tried for ever
        return False
    try:
        nudges = telephone.store.write(lambda connection: _keep(telephone, connection, promise))
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("promise_not_taken_in", call_sid=promise.call_sid)  # the others need not wait for it
        return False
    nudges.give(telephone.wake)
    path.unlink(missing_ok=True)
    log.info("promise_taken_in", call_sid=promise.call_sid)
    return True


def _read(path: Path) -> Promise:
    row = json.loads(path.read_text(encoding="ascii"))
    return Promise(str(row["call_sid"]), str(row["number"]), datetime.fromisoformat(row["at"]))


def _keep(telephone: Telephone, connection: Connection, promise: Promise) -> Nudges:
    nudges = Nudges()
    now = telephone.clock.now()
    language = connection.scalar(select(Call.language).where(Call.sid == promise.call_sid))
    values = {
        "number": promise.number,
        "language": language or "",
        "reason": "fault",
        "call_sid": promise.call_sid,
        "effect_key": f"{promise.call_sid}:spool",
        "ahead_since": promise.at,
        "due_by": due_by_of_call(telephone, connection, promise.call_sid, now),
        "request_reference": new_reference(connection, now),
        "created_at": now,
    }
    add_call_back(connection, nudges, values)
    return nudges
