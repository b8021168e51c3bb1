"""News for the desk. It carries no personal data: the page fetches what it may see."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class DeskEvent(Base):
    """`id` is the Last-Event-ID of the stream; `audience` is staff:7, role:supervisor or all."""

    __tablename__ = "event"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is never given twice, not even after a clean-up

    id: Mapped[RowId]
    kind: Mapped[str]
    subject: Mapped[str]
    audience: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
