"""A citizen and a representative in one conference."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Flag, RowId, StaffRef, one_of, where


class Talk(Base):
    """`conference` is a random name: the provider shows it to everybody in the account."""

    __tablename__ = "talk"
    __table_args__ = (
        one_of("state", "connecting", "live", "ended"),
        Index("uq_talk_live_staff", "staff_id", unique=True, **where("state <> 'ended'")),
        Index("ix_talk_live", "created_at", **where("state <> 'ended'")),
        Index("ix_talk_started", "started_at"),
        Index("ix_talk_staff", "staff_id", "id"),
        Index("ix_talk_staff_started", "staff_id", "started_at"),
        Index("ix_talk_guest_of", "guest_of", **where("guest_of IS NOT NULL")),
    )

    id: Mapped[RowId]
    call_sid: Mapped[str | None] = mapped_column(index=True)  # unknown while a call-back is being dialled
    entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("queue_entry.id"), index=True)
    staff_id: Mapped[StaffRef]
    conference: Mapped[str] = mapped_column(unique=True)
    conference_sid: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="connecting")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    callback_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("call_back.id"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(BigId, index=True)  # the feedback call that a representative makes
    held: Mapped[Flag]
    held_since: Mapped[datetime | None]
    held_s: Mapped[int] = mapped_column(default=0, server_default="0")  # seconds of holds that are over
    guest_of: Mapped[int | None] = mapped_column(BigId)  # the talk whose conference a consulted colleague is in
    pressed_kind: Mapped[str | None]  # what the caller chose in the menus, where that was the wrong kind
    real_kind: Mapped[str | None]  # and what it really was
    result: Mapped[str | None]  # what the representative says became of it, in wrap-up
    note: Mapped[str] = mapped_column(default="", server_default="")
    wrapped_at: Mapped[datetime | None]
