"""That somebody pressed a citizen to take a complaint back: told to the centre, for the grievance cell only."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId, StaffRef, where


class Pressure(Base):
    """In the citizen's words. It waits until somebody of the cell has seen to it, whatever becomes of the complaint.

    It is no event of the complaint: whoever pressed may hold the case, and would see that its record has grown.
    """

    __tablename__ = "pressure"
    __table_args__ = (Index("ix_pressure_waiting", "told_at", **where("seen_to_at IS NULL")),)

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    words: Mapped[str]
    call_sid: Mapped[str | None]
    told_to: Mapped[StaffRef]
    told_at: Mapped[datetime]
    seen_to_by: Mapped[StaffRef | None]
    seen_to_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")  # what the cell did about it
