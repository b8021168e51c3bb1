"""Where something happened: state, district, and later block and ward."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PlaceRow(Base):
    """A place by code, inside `parent`. Names by language."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("place.code"), index=True)
    level: Mapped[str]
    names: Mapped[dict[str, str]]
    in_state: Mapped[bool] = mapped_column(default=True)
