"""A complaint whose data must be kept, whatever is asked or due: a court or an inquiry wants it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId, where


class LegalHold(Base):
    """From `placed_at` until it is released, by actors. One at a time for a complaint."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("uq_legal_hold_standing", "complaint_id", unique=True, **where("released_at IS NULL")),)

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    reason: Mapped[str]
    placed_by: Mapped[str]
    placed_at: Mapped[datetime]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
