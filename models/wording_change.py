"""A change of wording that has not been published yet."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class WordingChange(Base):
    """New words of a prompt in a language, or only the word that the old ones are still right (`words` is None).

    `compared_with` is the fingerprint of the source words that a translation was compared with. Of a text message
    `template` and `template_id` are what was approved together with the words. `version` grows with each save.
    """

    __tablename__ = "wording_change"
    __table_args__ = (UniqueConstraint("flow", "prompt", "language"),)

    id: Mapped[RowId]
    flow: Mapped[str]
    prompt: Mapped[str]
    language: Mapped[str]
    words: Mapped[str | None]
    compared_with: Mapped[str | None]
    template: Mapped[str | None]
    template_id: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
