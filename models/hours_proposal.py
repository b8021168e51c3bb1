"""Other opening hours of the week that somebody proposes, and what a second person said to it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, one_of, where

AGREED, REFUSED, WITHDRAWN = "agreed", "refused", "withdrawn"


class HoursProposal(Base):
    """One waits at a time for a calendar. People stand here as actors.

    `before` is the week that the proposer saw, `after` the one that they want: hours by day (`mon` …), "" where it is
    shut. `reason` says why it was refused.
    """

    __tablename__ = "hours_proposal"
    __table_args__ = (
        Index("uq_hours_proposal_waiting", "calendar", unique=True, **where("decided_at IS NULL")),
        one_of("outcome", AGREED, REFUSED, WITHDRAWN),
    )

    id: Mapped[RowId]
    calendar: Mapped[str]
    before: Mapped[dict[str, str]]
    after: Mapped[dict[str, str]]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    outcome: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
