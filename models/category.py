"""A kind of complaint, as the menu offers it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Category(Base):
    """Promised within `days` working days; goes to `department_code` where no routing rule says otherwise."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    days: Mapped[int] = mapped_column(default=7)
    position: Mapped[int] = mapped_column(default=0)  # order on the screen
