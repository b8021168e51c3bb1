"""The chain of acts: each carries the hash of the one before, so that a change behind the program's back shows."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.audit_entry import AuditEntry
from models.audit_head import AuditHead
from models.base import composed
from models.errors import TamperedRecord
from models.insert import InsertOnce

FIRST_HASH = hashlib.sha256(b"acts").hexdigest()  # what the first act carries
_HEAD = 1
_READ_AT_ONCE = 1000

_insert_head = InsertOnce(AuditHead)


def add_act(
    connection: Connection, actor: str, action: str, subject: str, now: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Write an act at the end of the chain, in the caller's transaction.

    Taking the head's row lets two writers wait for each other until one has committed, on PostgreSQL too: the chain
    never forks. So an act is best written last.
    """
    values = {"actor": actor, "action": action, "subject": subject, "data": dict(data or {}), "at": now}
    step = update(AuditHead).where(AuditHead.id == _HEAD).values(n=AuditHead.n + 1)
    head = connection.execute(step.returning(AuditHead.n, AuditHead.hash)).one_or_none()
    if head is None:
        _insert_head.add(connection, {"id": _HEAD, "n": 0, "hash": FIRST_HASH})
        head = connection.execute(step.returning(AuditHead.n, AuditHead.hash)).one()
    digest = seal_act(head.n, values, head.hash)
    connection.execute(insert(AuditEntry).values(**values, n=head.n, previous_hash=head.hash, hash=digest))
    connection.execute(update(AuditHead).where(AuditHead.id == _HEAD).values(hash=digest))


def seal_act(n: int, act: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over everything that the act says and the hash before it."""
    at = act["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = [n, act["actor"], act["action"], act["subject"], act["data"], at, previous]
    text = composed(json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_acts(connection: Connection) -> tuple[int, str]:
    """How many acts there are, and the last hash. Raises TamperedRecord, which names the first that is not right."""
    n, previous = 0, FIRST_HASH
    table = AuditEntry.__table__
    while rows := connection.execute(select(table).where(table.c.n > n).order_by(table.c.n).limit(_READ_AT_ONCE)).all():
        for row in rows:
            n += 1
            if row.n != n:
                raise TamperedRecord(f"act {n} is missing: act {row.n} ({row.action}, {row.at:%Y-%m-%d}) follows")
            if row.previous_hash != previous or seal_act(n, row._asdict(), previous) != row.hash:
                raise TamperedRecord(f"act {n} ({row.action}, {row.at:%Y-%m-%d}, id {row.id}) is not what was written")
            previous = row.hash
    head = connection.execute(select(AuditHead.n, AuditHead.hash).where(AuditHead.id == _HEAD)).one_or_none()
    if head is None and n:
        raise TamperedRecord(f"the count of acts is missing: {n} are there, and how many were written nobody can tell")
    if head is not None and (head.n, head.hash) != (n, previous):
        raise TamperedRecord(f"act {n + 1} is missing: {head.n} acts were written, and {n} are there")
    return n, previous
