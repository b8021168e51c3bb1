"""A caller handed on: to a colleague or to an emergency service. Each ends exactly once, with its reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, RowId, StaffRef, listed, one_of, where

OPEN = ("ringing", "consulting", "joined", "alone")  # and not yet ended


class Transfer(Base):
    """`talk_id` is the talk it began in, `guest_talk_id` that of the colleague who was asked.

    A colleague rings, is consulted while the caller is held, may be joined with the caller, and takes the talk over
    (`done`). A service is joined when it answers; `alone` means that caller and service talk without us.
    A `cold` one is done at once: the caller is first in line again, for one colleague or for another language.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        one_of("kind", "warm", "cold"),
        one_of("state", "ringing", "consulting", "joined", "alone", "done", "failed"),
        Index("uq_transfer_open_talk", "talk_id", unique=True, **where(listed("state", OPEN))),
        Index("uq_transfer_ringing_staff", "to_staff", unique=True, **where("state = 'ringing'")),
    )

    id: Mapped[RowId]
    talk_id: Mapped[int] = mapped_column(BigId, ForeignKey("talk.id"), index=True)
    asked_by: Mapped[StaffRef]
    kind: Mapped[str]
    to_staff: Mapped[StaffRef | None]
    to_language: Mapped[str | None]
    service: Mapped[str | None]  # 112, 108, 181, 1098, 1930
    state: Mapped[str]
    reason: Mapped[str | None]  # of a failure: no_answer, declined, hung_up, lost, caller_left, taken_back, busy, ended
    guest_talk_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("talk.id"), index=True)
    leg_sid: Mapped[str | None] = mapped_column(index=True)  # the call to a service
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
