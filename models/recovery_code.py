"""Codes that let a person in who has lost the app of their second factor, each once."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, StaffRef


class RecoveryCode(Base):
    """Kept as HMAC only. A new set takes the place of the old one."""

    __tablename__ = "recovery_code"

    id: Mapped[RowId]
    staff_id: Mapped[StaffRef] = mapped_column(index=True)
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
