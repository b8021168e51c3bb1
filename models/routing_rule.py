"""Which department and office a complaint goes to."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId, where


class RoutingRule(Base):
    """For `category` in `place`, or anywhere when `place` is None. The rule of the nearest place wins."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        UniqueConstraint("category", "place"),
        Index("uq_routing_rule_anywhere", "category", unique=True, **where("place IS NULL")),
    )

    id: Mapped[RowId]
    category: Mapped[str] = mapped_column(ForeignKey("category.code"))
    place: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    office: Mapped[str] = mapped_column(default="")
    # None: the department's lowest office for the place of the complaint.
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
