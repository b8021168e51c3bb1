"""A number that hears a draft of the menus when it calls the line, for a while."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId


class NamedCaller(Base):
    """A number hears one draft at a time. The row goes when its time is ended, and counts no more once it is over."""

    __tablename__ = "named_caller"

    id: Mapped[RowId]
    draft_id: Mapped[int] = mapped_column(BigId, ForeignKey("flow_draft.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)  # E.164
    named_by: Mapped[str]  # by login, as on the draft
    named_at: Mapped[datetime]
    ends_at: Mapped[datetime]
