"""One line into the conference of a talk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class Leg(Base):
    """A representative's leg comes in by a one-use ticket, of which only the hash is kept."""

    __tablename__ = "leg"
    __table_args__ = (
        one_of("role", "citizen", "representative", "supervisor"),
        one_of("state", "expected", "in", "out"),
        Index("ix_leg_muted", "muted_until", **where("muted_since IS NOT NULL")),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"), index=True)
    role: Mapped[str]
    staff_id: Mapped[StaffRef | None]
    sid: Mapped[str | None] = mapped_column(index=True)
    ticket_hash: Mapped[str | None] = mapped_column(unique=True)
    ticket_expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="expected")
    status: Mapped[str] = mapped_column(default="")  # the provider's word
    sequence: Mapped[int] = mapped_column(default=-1)  # of the last event believed
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    muted_since: Mapped[datetime | None]  # as the browser tells of its own microphone
    muted_until: Mapped[datetime | None]  # believed until then, unless it tells so again
