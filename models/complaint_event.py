"""What happened to a complaint: only ever added, each line sealed with the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId

ADDED = "caller_added"  # kind of event: the caller rang again, with these words


class ComplaintEvent(Base):
    """Event `n` of a complaint, from 1. Triggers refuse every change and deletion."""

    __tablename__ = "complaint_event"
    __table_args__ = (UniqueConstraint("complaint_id", "n"),)

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef]
    n: Mapped[int]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str]  # staff:7, citizen, rule
    at: Mapped[datetime]
    previous_hash: Mapped[str]
    hash: Mapped[str]
