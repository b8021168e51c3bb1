"""The numbered lines of the recording scripts: a number stands for the same words for ever."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class ScriptLine(Base):
    """Words that a person may record. `words_key` is what the names of all takes of these words begin with."""

    __tablename__ = "script_line"
    __table_args__ = (UniqueConstraint("language", "number"),)

    id: Mapped[RowId]
    language: Mapped[str]
    number: Mapped[int]
    words_key: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
