"""One answer of ours to the telephone, kept so that a repeated webhook gets the same bytes."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Turn(Base):
    """Answer number `n` of a call. The primary key makes a repeat visible."""

    __tablename__ = "turn"

    call_sid: Mapped[str] = mapped_column(ForeignKey("call.sid"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_digest: Mapped[str]
    twiml: Mapped[str]
    path: Mapped[str] = mapped_column(default="[]")  # path entries as JSON text
    at: Mapped[datetime]
