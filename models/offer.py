"""A caller offered to one representative, for 20 seconds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class Offer(Base):
    """The unique indexes keep one call from two people, and two calls from one."""

    __tablename__ = "offer"
    __table_args__ = (
        one_of("state", "ringing", "accepted", "missed", "withdrawn", "lost", "failed"),
        Index("uq_offer_open_entry", "entry_id", unique=True, **where("state IN ('ringing', 'accepted')")),
        Index("uq_offer_ringing_staff", "staff_id", unique=True, **where("state = 'ringing'")),
    )

    id: Mapped[RowId]
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("queue_entry.id"), index=True)
    staff_id: Mapped[StaffRef] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="ringing")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
