"""What is remembered of a number between its calls."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CallerMemory(Base):
    """A caller by E.164 number: the language chosen last, how often they rang, and when they called it their own."""

    __tablename__ = "caller"

    number: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    calls: Mapped[int] = mapped_column(default=0)
    number_confirmed_at: Mapped[datetime | None]
