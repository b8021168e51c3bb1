"""One telephone call, inbound or outbound, and where it stands in its flow."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Flag, one_of, where

LIVE = "ended_at IS NULL"


class Call(Base):
    """A call by its CallSid. `turn` is the number of the last turn that was answered."""

    __tablename__ = "call"
    __table_args__ = (
        one_of("phase", "menus", "queued", "talk", "ended"),
        # Among millions of ended calls the few live ones must be found at once.
        Index("ix_call_live", "phase", "started_at", **where(LIVE)),
        Index("ix_call_from_number", "from_number", "started_at"),
    )

    sid: Mapped[str] = mapped_column(primary_key=True)
    from_number: Mapped[str | None]  # E.164, None when withheld or no telephone number
    from_raw: Mapped[str] = mapped_column(default="")
    number_kind: Mapped[str] = mapped_column(default="withheld")  # mobile, landline, foreign, withheld
    to_number: Mapped[str] = mapped_column(default="")
    direction: Mapped[str] = mapped_column(default="inbound")
    status: Mapped[str] = mapped_column(default="ringing")  # the provider's word
    status_rank: Mapped[int] = mapped_column(default=0)
    flow: Mapped[str] = mapped_column(default="")
    flow_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("flow_version.id"))
    state: Mapped[str] = mapped_column(default="")  # the flow's state as JSON text
    turn: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    phase: Mapped[str] = mapped_column(default="menus")
    started_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    abandoned: Mapped[Flag]
    purpose: Mapped[str] = mapped_column(default="helpline")  # or callback

    @hybrid_property
    def citizen_number(self) -> str | None:
        """The citizen's own: who rings, or whom we have rung. E.164."""
        return self.to_number if self.direction.startswith("outbound") else self.from_number

    @citizen_number.inplace.expression
    @classmethod
    def _citizen_number(cls) -> ColumnElement[str | None]:
        return case((cls.direction.startswith("outbound"), cls.to_number), else_=cls.from_number)
