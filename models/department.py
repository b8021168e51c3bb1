"""A department of the government that answers for complaints."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Department(Base):
    """Names by language."""

    __tablename__ = "department"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
