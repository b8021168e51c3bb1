"""One version of a menu flow with its whole source: calls are pinned to it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class FlowVersion(Base):
    """A published text of a flow, named by its content hash. Never changed."""

    __tablename__ = "flow_version"
    __table_args__ = (UniqueConstraint("flow", "number"), UniqueConstraint("flow", "content_hash"))

    id: Mapped[RowId]
    flow: Mapped[str]
    number: Mapped[int]
    content_hash: Mapped[str]
    source: Mapped[str]  # JSON text: relative path of each file to its words
    author: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]  # who agreed to it before it was published, where somebody had to
