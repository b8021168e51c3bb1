"""Opening hours, live: a change counts from the next call."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CalendarRow(Base):
    """The text of one calendar, as the supervisor wrote it."""

    __tablename__ = "calendar"

    name: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
