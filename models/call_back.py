"""A promise to ring somebody back."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, StaffRef, listed, one_of, where

OPEN = ("open", "taken")  # and not yet ended


class CallBack(Base):
    """Worked to zero: each ends as done, given up after three tries, or opted out."""

    __tablename__ = "call_back"
    __table_args__ = (
        one_of("reason", "asked", "abandoned", "fault", "message", "talk_lost"),
        one_of("state", "open", "taken", "done", "given_up", "opted_out"),
        Index("ix_call_back_open", "due_by", **where(listed("state", OPEN))),
        Index("ix_call_back_number", "number", "created_at"),
    )

    id: Mapped[RowId]
    number: Mapped[str]  # E.164
    language: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    effect_key: Mapped[str | None] = mapped_column(unique=True)  # call:turn:index
    queue: Mapped[str] = mapped_column(default="")
    ahead_since: Mapped[datetime | None]  # the place in line that is kept
    due_by: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    attempts: Mapped[int] = mapped_column(default=0)
    last_try_at: Mapped[datetime | None]
    taken_by: Mapped[StaffRef | None]
    taken_until: Mapped[datetime | None]  # looked at or given, theirs for so long; None: until its call is over
    next_try_at: Mapped[datetime | None]  # after a try in vain: at another hour
    outcome: Mapped[str | None]
    request_reference: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    def has_lapsed(self, now: datetime) -> bool:
        """Whoever had it has had it long enough: it is anybody's."""
        return self.taken_until is not None and self.taken_until <= now

    def held_by(self, now: datetime) -> int | None:
        """Whose it is now; None for what anybody may take."""
        return None if self.has_lapsed(now) else self.taken_by
