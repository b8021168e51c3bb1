"""A caller sent to the keypad to prove that a number is theirs. What they type is kept nowhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, one_of, where


class KeypadCheck(Base):
    """Representative and recording learn its end only: right, wrong, no text could be sent, or gone."""

    __tablename__ = "keypad_check"
    __table_args__ = (
        one_of("state", "asked", "right", "wrong", "not_sent", "gone"),
        Index("uq_keypad_check_asked", "talk_id", unique=True, **where("state = 'asked'")),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"), index=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]  # E.164
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("message.id"))
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
