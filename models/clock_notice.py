"""What the clock of a case has said at a level. It says each thing once, however many sweeps look at it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, ComplaintRef, RowId, StaffRef, one_of

KINDS = ("half", "most", "unopened", "unassigned", "breached", "digest")


class ClockNotice(Base):
    """half and most: 50 and 80 % of the level's time have passed. The others tell why it moved, or was put on a digest.

    Addressed to the office and the officer who held the case then.
    """

    __tablename__ = "clock_notice"
    __table_args__ = (
        one_of("kind", *KINDS),
        UniqueConstraint("stay_id", "kind"),
        Index("ix_clock_notice_officer", "officer_id", "day"),
        Index("ix_clock_notice_office", "office_code", "day"),
    )

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef] = mapped_column(index=True)
    stay_id: Mapped[int] = mapped_column(BigId, ForeignKey("level_stay.id"))
    level: Mapped[int]
    kind: Mapped[str]
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    officer_id: Mapped[StaffRef | None]
    day: Mapped[date]  # of India
    at: Mapped[datetime]
