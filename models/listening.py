"""A supervisor in somebody's talk: listening, whispering to the representative, or speaking with both."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class Listening(Base):
    """One stretch in one mode. A change of mode ends the row and begins the next; `leg_id` is the supervisor's line."""

    __tablename__ = "listening"
    __table_args__ = (
        one_of("mode", "listen", "whisper", "barge"),
        one_of("ended_by", "supervisor", "mode", "talk_over", "line", "no_line"),
        Index("ix_listening_live", "talk_id", **where("ended_at IS NULL")),
        Index("uq_listening_live_staff", "staff_id", unique=True, **where("ended_at IS NULL")),
        Index("ix_listening_began", "began_at"),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"))
    staff_id: Mapped[StaffRef]
    leg_id: Mapped[int] = mapped_column(BigId, ForeignKey("leg.id"), index=True)
    mode: Mapped[str] = mapped_column(default="listen")
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
