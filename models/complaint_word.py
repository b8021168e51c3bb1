"""The index of words: which complaints hold a sound, and how a sound is written."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ComplaintRef


class ComplaintWord(Base):
    """A sound that stands in a complaint: in its story, its names of kind and place, or its citizen's open name."""

    __tablename__ = "complaint_word"
    __table_args__ = {"sqlite_with_rowid": False}

    sound: Mapped[str] = mapped_column(primary_key=True)
    complaint_id: Mapped[ComplaintRef] = mapped_column(primary_key=True, index=True)


class KnownWord(Base):
    """A sound that stands in any complaint, as it was first written, for those that are not found as they are typed."""

    __tablename__ = "known_word"
    __table_args__ = {"sqlite_with_rowid": False}

    sound: Mapped[str] = mapped_column(primary_key=True)
    written: Mapped[str]  # in Latin letters
