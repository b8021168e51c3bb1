"""What a representative is doing, as the server knows it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, StaffRef, one_of


class Presence(Base):
    """Changed by conditional updates only (models/presences.py). Without a fresh lease the person counts as gone."""

    __tablename__ = "presence"
    __table_args__ = (
        one_of("state", "offline", "ready", "offered", "talk", "wrap_up", "break", "missed"),
        Index("ix_presence_state", "state", "since"),
    )

    staff_id: Mapped[StaffRef] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(default="offline")
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    call_sid: Mapped[str | None]
    wrap_until: Mapped[datetime | None]
    desk: Mapped[str] = mapped_column(default="", server_default="")  # the browser tab that is this person's desk
