"""Acts that somebody must answer for, written in the transaction of the act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.audit import add_act


def account(
    connection: Connection,
    by: str,
    action: str,
    subject: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note who did what to which thing. `data` holds what must be known to understand it, and nobody's number."""
    add_act(connection, by, action, subject, now, data)
