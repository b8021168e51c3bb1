"""What representatives did, and for how long: each stay in a state, written when it is over."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, where


class PresenceStay(Base):
    """Only ever added. The stay that still lasts is the row of `presence`. Ringing counts as ready.

    None is longer than six hours: a longer one is written in pieces. `talk_id` is the talk that a wrap-up belongs to.
    """

    __tablename__ = "presence_stay"
    __table_args__ = (
        Index("ix_presence_stay_began", "began_at"),
        Index("ix_presence_stay_talk", "talk_id", **where("talk_id IS NOT NULL")),
        Index("ix_presence_stay_staff", "staff_id", "began_at"),
    )

    id: Mapped[RowId]
    staff_id: Mapped[StaffRef]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    talk_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("talk.id"))
