"""A citizen who is to be asked whether their complaint is solved, as its officer reports."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, Flag, RowId, StaffRef, one_of, where


class FeedbackCall(Base):
    """One for each report of action. Ends with the citizen's answer, by whatever way it came, or after tries in vain.

    The partial unique index keeps two calls at a time from one number, whoever places them.
    """

    __tablename__ = "feedback_call"
    __table_args__ = (
        one_of("state", "open", "ringing", "taken", "done"),
        one_of("outcome", "answered", "unreachable"),
        UniqueConstraint("complaint_id", "event_n"),
        Index("uq_feedback_call_ringing", "number", unique=True, **where("state = 'ringing'")),
        Index("ix_feedback_call_open", "next_try_at", **where("state <> 'done'")),
    )

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef]
    event_n: Mapped[int]  # the report of action on the complaint's record
    number: Mapped[str]  # E.164
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    attempts: Mapped[int] = mapped_column(default=0)  # begun, by the line or by a representative
    reached: Mapped[Flag]  # they have been spoken with, and nothing was decided: nobody may say that they were not
    placed_at: Mapped[datetime | None]  # the network was asked to ring: not to be asked a second time for this attempt
    call_sid: Mapped[str | None] = mapped_column(index=True)  # of the attempt under way, or the last
    first_try_at: Mapped[datetime | None]
    last_try_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]  # None: the line rings no more, people may
    taken_by: Mapped[StaffRef | None]
    taken_until: Mapped[datetime | None]
    outcome: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    def held_by(self, now: datetime) -> int | None:
        """Which representative has it now."""
        lapsed = self.taken_until is None or self.taken_until <= now
        return None if self.state != "taken" or lapsed else self.taken_by
