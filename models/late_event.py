"""A provider event that came too late or twice: stored, and without effect."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class LateEvent(Base):
    """What came, about whom (a Sid), and why it was ignored."""

    __tablename__ = "late_event"

    id: Mapped[RowId]
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
