"""A complaint being written, from the first keystroke."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId, StaffRef, where


class Draft(Base):
    """`data` is JSON text of the form; `version` grows by one with each save, so that two tabs cannot overwrite."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_open", "staff_id", **where("complaint_id IS NULL AND discarded_at IS NULL")),)

    id: Mapped[RowId]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    staff_id: Mapped[StaffRef]  # who saved it last
    data: Mapped[str] = mapped_column(default="{}")
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    complaint_id: Mapped[ComplaintRef | None]
    discarded_at: Mapped[datetime | None]
