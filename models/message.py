"""A text to a citizen: written with what it tells, sent after the commit, its own status."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, Flag, RowId, listed, one_of, where

TROUBLE = ("undelivered", "failed", "given_up")


class Message(Base):
    """A text in the outbox. The unique keys keep repeats away."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("status", "queued", "sending", "sent", "delivered", "undelivered", "failed", "given_up"),
        UniqueConstraint("complaint_id", "event_n", "recipient"),
        Index("ix_message_due", "next_try_at", **where("next_try_at IS NOT NULL")),
        Index("ix_message_recipient", "recipient", "created_at"),
        Index("ix_message_trouble", "created_at", **where(listed("status", TROUBLE))),
    )

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef | None]
    event_n: Mapped[int | None]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    effect_key: Mapped[str | None] = mapped_column(unique=True)  # call:turn:index
    recipient: Mapped[str]  # E.164
    language: Mapped[str]
    template: Mapped[str]  # name of the text prompt, bound to its approved template
    body: Mapped[str]
    purpose: Mapped[str]  # registered, status, callback, message_kept, code
    urgent: Mapped[Flag]
    status: Mapped[str] = mapped_column(default="queued")
    status_rank: Mapped[int] = mapped_column(default=0)
    sid: Mapped[str | None] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]  # once it is sent: when to ask the network what became of it
    error_code: Mapped[str | None]
    error_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
