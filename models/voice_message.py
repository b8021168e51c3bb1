"""A recorded message that waits for a representative."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, StaffRef, one_of, where


class VoiceMessage(Base):
    """Kept by its RecordingSid; the sound itself stays with the telephone provider or the file store."""

    __tablename__ = "voice_message"
    __table_args__ = (
        one_of("state", "new", "taken", "done"),
        Index("ix_voice_message_open", "created_at", **where("state <> 'done'")),
    )

    id: Mapped[RowId]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    recording_sid: Mapped[str] = mapped_column(unique=True)
    recording_url: Mapped[str] = mapped_column(default="")
    seconds: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(default="")
    category: Mapped[str | None]
    number: Mapped[str | None]  # E.164
    becomes: Mapped[str] = mapped_column(default="complaint")
    state: Mapped[str] = mapped_column(default="new")
    taken_by: Mapped[StaffRef | None]
    request_reference: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
