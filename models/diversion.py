"""A number whose calls go to the voice for a while instead of to a person. It ends by itself: nobody is blocked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, one_of


class Diversion(Base):
    """`until` is a day after the first one and a week after a later one."""

    __tablename__ = "diversion"
    __table_args__ = (
        one_of("reason", "silent", "crank", "abusive"),
        Index("ix_diversion_number", "number", "until"),
    )

    id: Mapped[RowId]
    number: Mapped[str]  # E.164
    reason: Mapped[str]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"), unique=True)
    made_by: Mapped[StaffRef]
    made_at: Mapped[datetime]
    until: Mapped[datetime]
