"""A stretch of a talk in which its recording was silent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of, where


class RecordingPause(Base):
    """Asked for by the representative, or by the server while a caller is at the keypad."""

    __tablename__ = "recording_pause"
    __table_args__ = (
        one_of("reason", "representative", "keypad"),
        one_of("ended_by", "representative", "time", "keypad", "talk_over"),
        Index("uq_recording_pause_open", "recording_id", "reason", unique=True, **where("ended_at IS NULL")),
    )

    id: Mapped[RowId]
    recording_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk_recording.id"), index=True)
    reason: Mapped[str]
    staff_id: Mapped[StaffRef | None]
    began_at: Mapped[datetime]
    ends_by: Mapped[datetime]  # the router goes on with the recording then
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
