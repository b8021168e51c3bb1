"""Who served in an office, and as what, from which day to which."""

from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, Index, or_
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, StaffRef, one_of

DUTIES = ("head", "nodal", "assistant", "member")
ANSWERS = ("head", "nodal", "assistant")  # whose name may stand on a case, the first that is posted


class Posting(Base):
    """From `from_on` up to and with `until_on`; None: until further notice."""

    __tablename__ = "posting"
    __table_args__ = (one_of("duty", *DUTIES), Index("ix_posting_office", "office_code", "from_on"))

    id: Mapped[RowId]
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    staff_id: Mapped[StaffRef] = mapped_column(index=True)
    duty: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


def served_on(day: date) -> ColumnElement[bool]:
    """The postings that were in force on this day."""
    return (Posting.from_on <= day) & or_(Posting.until_on.is_(None), Posting.until_on >= day)
