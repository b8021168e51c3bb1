"""Who held a complaint at which level, for how long."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, Flag, RowId, StaffRef


class LevelStay(Base):
    """One line of the ledger: from when to when, whether it was opened, and whether it was solved here."""

    __tablename__ = "level_stay"
    __table_args__ = (Index("ix_level_stay_office", "office_code", "complaint_id"),)

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    level: Mapped[int]
    officer: Mapped[str] = mapped_column(default="")  # office or person
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    officer_id: Mapped[StaffRef | None]  # whose name stood on it first at this level
    from_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    solved: Mapped[Flag]
