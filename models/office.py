"""An office of a department, at one of four levels, for one place or for the whole state."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

LOWEST, HIGHEST = 1, 4


class Office(Base):
    """Level 1 works in the field, 2 answers for a district, 3 heads the department, 4 is its secretary.

    What level 1 does not solve rises to `parent`, and so on. An office that was abolished is not active.
    """

    __tablename__ = "office"
    __table_args__ = (Index("ix_office_department", "department_code", "place_code", "level"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    level: Mapped[int]
    names: Mapped[dict[str, str]]
    place_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    parent: Mapped[str | None] = mapped_column(ForeignKey("office.code"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
