"""A telephone command that follows from an event and waits to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, where


class Command(Base):
    """A line of the telephone's outbox. Sending it twice does no harm; its key keeps it from being written twice."""

    __tablename__ = "command"
    __table_args__ = (Index("ix_command_open", "due_at", **where("done_at IS NULL")),)

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    error: Mapped[str | None]
