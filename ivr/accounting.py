"""Acts that somebody must answer for, written in the transaction of the act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from models.audit_entry import AuditEntry


def account(
    connection: Connection,
    by: str,
    action: str,
    subject: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note who did what to which thing. `data` holds what must be known to understand it, and nobody's number."""
    values = {"actor": by, "action": action, "subject": subject, "data": dict(data or {}), "at": now}
    connection.execute(insert(AuditEntry).values(**values))
