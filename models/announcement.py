"""What a supervisor has callers told today."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, RowId


class Announcement(Base):
    """Words by language, spoken from `starts_at` up to `ends_at`."""

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_board", "board", "ends_at"),)

    id: Mapped[RowId]
    board: Mapped[str]
    words: Mapped[dict[str, str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    posted_by: Mapped[str]
