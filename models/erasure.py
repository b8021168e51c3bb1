"""That somebody asked to erase a person, which somebody else has to agree to."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, RowId, StaffRef, one_of, where


class Erasure(Base):
    """It waits for a second person; one at a time for a number, which is forgotten when it is decided."""

    __tablename__ = "erasure"
    __table_args__ = (
        one_of("outcome", "erased", "refused", "taken_back"),
        Index("uq_erasure_waiting", "number", unique=True, **where("decided_at IS NULL")),
    )

    id: Mapped[RowId]
    number: Mapped[str]  # E.164; empty once it is decided
    reason: Mapped[str]
    asked_by: Mapped[StaffRef]
    asked_at: Mapped[datetime]
    decided_by: Mapped[StaffRef | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
