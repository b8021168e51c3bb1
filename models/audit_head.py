"""How far the chain of acts has come: one row, which every writer of an act holds until its commit."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AuditHead(Base):
    """Always the row with id 1. Its number and hash are those of the newest act."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str]
