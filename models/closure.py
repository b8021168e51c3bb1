"""Closing early, or for a while, against the calendar."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class Closure(Base):
    """From `starts_at` up to `ends_at` the calendar counts as closed."""

    __tablename__ = "closure"
    __table_args__ = (Index("ix_closure_calendar", "calendar", "ends_at"),)

    id: Mapped[RowId]
    calendar: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[str]
