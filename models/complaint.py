"""A complaint, suggestion, feedback or question, once it is registered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, Flag, RowId, StaffRef, listed, one_of, where
from models.transitions import UNDER_WAY

STATES = (
    "registered",
    "forwarded",
    "in_progress",
    "needs_info",
    "action_reported",
    "closed",
    "rejected",
    "appealed",
    "merged",
)

PRIORITIES = ("urgent", "normal")
CHANNELS = ("call", "hearing", "letter")
ERASED = "(erased)"  # what stands in place of words that were taken away


class Complaint(Base):
    """Its state is changed by models/services only, together with an event."""

    __tablename__ = "complaint"
    __table_args__ = (
        one_of("kind", "complaint", "suggestion", "feedback", "application"),
        one_of("state", *STATES),
        one_of("priority", *PRIORITIES),
        one_of("channel", *CHANNELS),
        one_of("pending", "transfer", "rejection"),
        one_of("outcome", "confirmed", "unreachable", "no_solution", "withdrawn"),
        # All that the patterns count by: a year of them is counted without a look at the rows.
        Index("ix_complaint_registered_at", "registered_at", "category", "place_code", "department_code"),
        Index("ix_complaint_contact_number", "contact_number", "registered_at"),
        Index("ix_complaint_nearby", "category", "place_code", "registered_at"),
        Index("ix_complaint_state", "state", "due_on"),
        Index("ix_complaint_department", "department_code", "state", "due_on"),
        Index("ix_complaint_office_code", "office_code", "state", "due_on"),
        Index("ix_complaint_clock", "clock_on", "id", **where("clock_on IS NOT NULL")),
        Index("ix_complaint_other_ways", "registered_at", **where("channel <> 'call'")),
        # All that the lists and counts of what is under way ask for, in the order of the lists.
        Index(
            "ix_complaint_under_way",
            "due_on",
            "id",
            "department_code",
            "office_code",
            **where(listed("state", UNDER_WAY)),
        ),
        Index("ix_complaint_pending", "pending", **where("pending IS NOT NULL")),
    )

    id: Mapped[RowId]
    reference: Mapped[str] = mapped_column(unique=True)  # eleven digits
    kind: Mapped[str] = mapped_column(default="complaint")
    state: Mapped[str] = mapped_column(default="registered")
    outcome: Mapped[str | None]  # how it was closed
    category: Mapped[str] = mapped_column(ForeignKey("category.code"))
    place_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    place_detail: Mapped[str] = mapped_column(default="")  # block, panchayat, ward, in the caller's words
    outside_state: Mapped[Flag]
    text: Mapped[str]
    complainant_name: Mapped[str | None]
    name_hidden: Mapped[Flag]
    contact_number: Mapped[str | None]  # E.164
    number_check: Mapped[str | None]  # same_as_caller, typed, otp_verified
    language: Mapped[str]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    office: Mapped[str] = mapped_column(default="")  # its English name as it was then, or what was typed
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))  # None: no office of the register
    channel: Mapped[str] = mapped_column(default="call", server_default="call")
    received_on: Mapped[date | None]  # when the paper or the citizen came; the promise runs from registration
    entry_key: Mapped[str | None] = mapped_column(unique=True)  # of a form sent twice: the same complaint
    registered_at: Mapped[datetime]
    registered_by: Mapped[StaffRef | None] = mapped_column(index=True)  # None: the citizen
    days: Mapped[int] = mapped_column(default=7)  # the promise, in working days
    priority: Mapped[str] = mapped_column(default="normal", server_default="normal")
    extension_days: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    hold_on: Mapped[date | None]  # the last day of the level that holds it
    clock_on: Mapped[date | None]  # the first day on which its clock has something to say; None while it stands
    pending: Mapped[str | None]  # transfer, rejection: proposed, and to be decided by somebody else
    level: Mapped[int] = mapped_column(default=1)
    officer_id: Mapped[StaffRef | None] = mapped_column(index=True)  # who answers for it now
    reason: Mapped[str | None]  # of closing or rejecting, as the citizen may read it
    explanation: Mapped[str | None]  # of a missed date, by the officer who missed it
    closed_at: Mapped[datetime | None]
    events: Mapped[int] = mapped_column(default=0)  # how many stand in its record
    merged_into: Mapped[ComplaintRef | None]
