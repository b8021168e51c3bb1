"""A representative who asks the supervisor for help during a talk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class HelpRequest(Base):
    """Open until a supervisor takes it; closed by either of them, or with the talk."""

    __tablename__ = "help_request"
    __table_args__ = (
        one_of("state", "open", "taken", "closed"),
        Index("uq_help_request_live_talk", "talk_id", unique=True, **where("state <> 'closed'")),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"))
    staff_id: Mapped[StaffRef]
    state: Mapped[str] = mapped_column(default="open")
    asked_at: Mapped[datetime]
    taken_by: Mapped[StaffRef | None]
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
