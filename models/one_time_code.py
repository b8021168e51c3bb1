"""A code sent to prove that a number is the caller's. Only its keyed hash is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, one_of


class OneTimeCode(Base):
    """Good for five minutes and three tries."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        one_of("state", "open", "right", "spent"),
        Index("ix_one_time_code_number", "number", "created_at"),
        Index("ix_one_time_code_caller", "caller", "created_at"),
    )

    id: Mapped[RowId]
    number: Mapped[str]  # E.164, where it was sent
    caller: Mapped[str | None]  # E.164 of who asked for it
    purpose: Mapped[str]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    hmac: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="open")
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("message.id"))
