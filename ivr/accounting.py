"""Acts that somebody must answer for, written in the transaction of the act."""

from datetime import datetime

from sqlalchemy import Connection, insert

from models.audit_entry import AuditEntry


def account(connection: Connection, by: str, action: str, subject: str, now: datetime) -> None:
    """Note who did what to which thing."""
    connection.execute(insert(AuditEntry).values(actor=by, action=action, subject=subject, data={}, at=now))
