"""What a supervisor has done to somebody's work, told to that person until they have read it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class StaffNotice(Base):
    """`about` is the new state, or what kind of work was given or taken; `reason` is the supervisor's own words."""

    __tablename__ = "staff_notice"
    __table_args__ = (
        one_of("kind", "state_forced", "talk_ended", "work_given", "work_taken"),
        Index("ix_staff_notice_unread", "staff_id", **where("read_at IS NULL")),
    )

    id: Mapped[RowId]
    staff_id: Mapped[StaffRef]
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    by_staff: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
