"""A working day that the government takes away at short notice: a storm, a death, a strike."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, RowId


class SuddenHoliday(Base):
    """For every department: a promise must not depend on where its case was handed. A withdrawn one counts no more."""

    __tablename__ = "sudden_holiday"
    __table_args__ = (Index("ix_sudden_holiday_day", "day"),)

    id: Mapped[RowId]
    day: Mapped[date]
    reason: Mapped[str]
    declared_by: Mapped[str]
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
