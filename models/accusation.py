"""Whom a complaint accuses: an office, or one officer. Neither they nor anybody below them may ever see it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, ComplaintRef, RowId


class Accusation(Base):
    """Against the office of `office_code`, or against the person `staff_id`, wherever they are posted."""

    __tablename__ = "accusation"

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"), index=True)
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"), index=True)
    actor: Mapped[str]  # who has marked it
    at: Mapped[datetime]
