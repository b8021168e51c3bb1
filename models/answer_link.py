"""The link in a text by which a citizen says whether it is solved, and what they said by it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef, RowId, one_of

ANSWERS = ("solved", "partly", "not_solved")


class AnswerLink(Base):
    """One for each report of action that was told with a link. Of its secret only a keyed hash is kept."""

    __tablename__ = "answer_link"
    __table_args__ = (one_of("answer", *ANSWERS), UniqueConstraint("complaint_id", "event_n"))

    id: Mapped[RowId]
    complaint_id: Mapped[ComplaintRef]
    event_n: Mapped[int]  # the report of action on the complaint's record
    secret_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    answer: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")  # the citizen's own: here, for the sealed record cannot be erased
    answered_at: Mapped[datetime | None]
