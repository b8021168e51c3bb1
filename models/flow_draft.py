"""Menus being changed: a whole source on its way to being a version."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, where


class FlowDraft(Base):
    """`source` is JSON text: relative path of each file to its words. `version` grows by one with each save.

    People stand here by their login, as on a version. `writers` are all who have saved it: none of them may approve it.
    `approved_hash` names the very text that was approved; a draft that says something else by now is not approved.
    """

    __tablename__ = "flow_draft"
    __table_args__ = (Index("ix_flow_draft_open", "flow", "updated_at", **where("closed_at IS NULL")),)

    id: Mapped[RowId]
    flow: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    owner: Mapped[str]
    base_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("flow_version.id"))
    source: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    writers: Mapped[list[str]] = mapped_column(default=list)
    saved_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    approved_hash: Mapped[str | None]
    closed_at: Mapped[datetime | None]  # published, or thrown away
    heard_source: Mapped[str | None]  # what named callers hear: the text when it was last found without errors
    heard_at: Mapped[datetime | None]  # when that text was saved
