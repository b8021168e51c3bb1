"""The recording of a talk: expected when the talk begins, told by the network, fetched, kept for a while, deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class TalkRecording(Base):
    """One stretch of a talk that was recorded; mostly there is one. The row stays when its sound is deleted."""

    __tablename__ = "talk_recording"
    __table_args__ = (
        one_of("state", "expected", "recording", "waiting", "stored", "absent", "failed", "expiring", "expired"),
        Index("uq_talk_recording_expected", "talk_id", unique=True, **where("sid IS NULL")),
        Index("ix_talk_recording_live", "created_at", **where("state IN ('expected', 'recording')")),
        Index("ix_talk_recording_due", "next_try_at", **where("next_try_at IS NOT NULL")),
        Index("ix_talk_recording_kept", "created_at", **where("state IN ('stored', 'failed', 'expiring')")),
        Index("ix_talk_recording_created", "created_at"),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"), index=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    sid: Mapped[str | None] = mapped_column(unique=True)  # the network's; unknown until it tells
    state: Mapped[str] = mapped_column(default="expected")
    created_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(unique=True)  # of the file in the store
    digest: Mapped[str | None]  # SHA-256 of the file as it was fetched
    size: Mapped[int | None]  # bytes
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime | None]
    error: Mapped[str | None]
    stored_at: Mapped[datetime | None]
    left_network_at: Mapped[datetime | None]  # deleted at the provider
    held_reason: Mapped[str | None]  # kept beyond the usual time, and why
    held_by: Mapped[StaffRef | None]
    held_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
