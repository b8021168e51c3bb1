"""What a supervisor tells everybody at the desk today."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, RowId, StaffRef


class DayMessage(Base):
    """Words by language, shown from `posted_at` up to `ends_at`. A newer one takes its place."""

    __tablename__ = "day_message"
    __table_args__ = (Index("ix_day_message_ends", "ends_at"),)

    id: Mapped[RowId]
    words: Mapped[dict[str, str]]
    posted_by: Mapped[StaffRef]
    posted_at: Mapped[datetime]
    ends_at: Mapped[datetime]
