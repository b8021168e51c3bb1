"""An explanation that is demanded of the officer who missed a date, and what they answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, ComplaintRef, RowId, StaffRef, where


class Explanation(Base):
    """One for each stay that missed its date. `officer_id` None: nobody was posted there, the office answers.

    Not given by `due_on`, it stands on the list of the department's secretary until it is.
    """

    __tablename__ = "explanation"
    __table_args__ = (
        Index("ix_explanation_officer", "officer_id", "given_at"),
        Index("ix_explanation_open", "due_on", "office_code", **where("given_at IS NULL")),
    )

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    stay_id: Mapped[int] = mapped_column(BigId, ForeignKey("level_stay.id"), unique=True)
    level: Mapped[int]
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    officer_id: Mapped[StaffRef | None]
    demanded_at: Mapped[datetime]
    due_on: Mapped[date]
    text: Mapped[str | None]
    given_at: Mapped[datetime | None]
    given_by: Mapped[str | None]
