"""One stay of a caller in a queue. It ends exactly once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Flag, RowId, StaffRef, one_of, where


class QueueEntry(Base):
    """`ahead_since` sorts the line: a kept place carries the old time. `turn` is the turn its action will post.

    `answered_at` is the first answer's time: a caller whom a lost line put back in line keeps it.
    """

    __tablename__ = "queue_entry"
    __table_args__ = (
        one_of("state", "waiting", "offered", "accepted", "talking", "ended"),
        one_of("ended_as", "answered", "abandoned", "callback", "voicemail", "overflow", "closed", "error"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_queue_entry_live", "queue", "priority", "ahead_since", **where("ended_at IS NULL")),
        Index("uq_queue_entry_live_call", "call_sid", unique=True, **where("ended_at IS NULL")),
        Index("ix_queue_entry_answered", "queue", "answered_at"),
        Index("ix_queue_entry_entered", "entered_at"),
    )

    id: Mapped[RowId]
    call_sid: Mapped[str] = mapped_column(ForeignKey("call.sid"), index=True)
    turn: Mapped[int]
    queue: Mapped[str]
    language: Mapped[str]
    skills: Mapped[dict[str, str]] = mapped_column(default=dict)
    urgent: Mapped[Flag]
    priority: Mapped[int] = mapped_column(default=0)  # higher goes first
    entered_at: Mapped[datetime]
    ahead_since: Mapped[datetime]
    longest_wait_s: Mapped[int] = mapped_column(default=900)
    tell: Mapped[dict[str, str]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_as: Mapped[str | None]
    left_key: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    staff_id: Mapped[StaffRef | None]
