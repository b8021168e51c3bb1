"""A person's recording of one line, and what was decided about it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, one_of

WAITING, APPROVED, DISCARDED, WITHDRAWN = "waiting", "approved", "discarded", "withdrawn"
STATES = (WAITING, APPROVED, DISCARDED, WITHDRAWN)


class Take(Base):
    """`sound` is the telephone clip, here until it is approved and stands in the store of sounds as `name`.

    `sent_by` and `decided_by` are names of staff, or of whoever sat at the shell.
    """

    __tablename__ = "take"
    __table_args__ = (
        one_of("state", *STATES),
        UniqueConstraint("line_id", "name"),
        Index("ix_take_state", "state", "line_id"),
    )

    id: Mapped[RowId]
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("script_line.id"))
    name: Mapped[str]
    state: Mapped[str]
    seconds: Mapped[float]
    speaker: Mapped[str]
    sound: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_by: Mapped[str]
    sent_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
