"""By which calendar the open promises were counted last."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PromiseMark(Base):
    """One row, 1. `mark` is the digest of the calendar and of the sudden holidays."""

    __tablename__ = "promise_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str]
    counted_at: Mapped[datetime]
