"""Who looked at what, or did what, that must be accounted for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId


class AuditEntry(Base):
    """One act of a person, for example unmasking a number, with the reason given. Written by `models.audit` only."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "at"),)

    id: Mapped[RowId]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(index=True)
    n: Mapped[int] = mapped_column(BigId, unique=True)  # its place in the chain
    previous_hash: Mapped[str]
    hash: Mapped[str]
