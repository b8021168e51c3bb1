"""Which version of a flow answers new calls: the latest row counts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId


class FlowPublication(Base):
    """One act of publishing. Rolling back publishes an older version again."""

    __tablename__ = "flow_publication"
    __table_args__ = (Index("ix_flow_publication_flow", "flow", "id"),)

    id: Mapped[RowId]
    flow: Mapped[str]
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("flow_version.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
