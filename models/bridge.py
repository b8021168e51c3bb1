"""An officer and the citizen of a case, brought together by the helpline's number: neither sees the other's."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId, StaffRef, listed, one_of, where

UNDER_WAY = ("officer", "citizen", "talking")


class Bridge(Base):
    """`officer`: the officer's own telephone is rung, and a key waited for. Then `citizen`, `talking`, `ended`.

    The partial unique indexes keep an officer to one at a time, and a citizen's telephone to one officer.
    """

    __tablename__ = "bridge"
    __table_args__ = (
        one_of("state", *UNDER_WAY, "ended"),
        one_of(
            "outcome",
            "answered",
            "busy",
            "no_answer",
            "failed",
            "hung_up",
            "officer_busy",
            "officer_no_answer",
            "officer_failed",
            "officer_no_key",
        ),
        Index("uq_bridge_officer_at_a_time", "staff_id", unique=True, **where(listed("state", UNDER_WAY))),
        Index("uq_bridge_number_at_a_time", "number", unique=True, **where(listed("state", UNDER_WAY))),
        Index("ix_bridge_complaint", "complaint_id", "asked_at"),
        Index("ix_bridge_number", "number"),
    )

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef]
    staff_id: Mapped[StaffRef]
    number: Mapped[str]  # of the citizen, E.164
    own_number: Mapped[str]  # of the officer, E.164; empty once it is over
    language: Mapped[str]  # of the citizen
    code: Mapped[str | None]  # on the officer's screen, to be keyed in on a telephone that is not proved to be theirs
    state: Mapped[str] = mapped_column(default="officer")
    asked_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]  # the network was asked to ring the officer: not to be asked a second time
    call_sid: Mapped[str | None]  # of the officer's call, which the citizen's hangs on
    rung_at: Mapped[datetime | None]  # the network was told to ring the citizen
    citizen_sid: Mapped[str | None]
    talked_at: Mapped[datetime | None]  # the citizen picked up
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]  # of the talk
    outcome: Mapped[str | None]
