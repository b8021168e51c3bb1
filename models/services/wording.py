"""The index of the words of complaints: written with each of them, and anew from all."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, exists, select
from sqlalchemy.orm import Session, aliased

from models.category import Category
from models.complaint import Complaint
from models.complaint_word import ComplaintWord, KnownWord
from models.insert import InsertOnce
from models.place import PlaceRow
from models.place_search import romanised
from models.sounds import sounds_in

_AT_ONCE = 2000  # complaints
_words, _known = InsertOnce(ComplaintWord), InsertOnce(KnownWord)


def index_complaint(session: Session, complaint: Complaint, more: str = "") -> None:
    """Let it be found by what it says, by its kind, by its place, and by its citizen's name unless that is hidden;
    and by `more`, which was said later."""
    _write(session.connection(), {complaint.id: f"{_text(session.connection(), complaint.id)} {more}"})


def forget_words(connection: Connection, complaints: Iterable[int]) -> None:
    """Let these complaints no longer be found by any word, and know none that only they had."""
    theirs = ComplaintWord.complaint_id.in_(list(complaints))
    sounds = list(connection.scalars(select(ComplaintWord.sound).where(theirs).distinct()))
    connection.execute(delete(ComplaintWord).where(theirs))
    elsewhere = exists().where(ComplaintWord.sound == KnownWord.sound)
    connection.execute(delete(KnownWord).where(KnownWord.sound.in_(sounds), ~elsewhere))


def index_all(connection: Connection) -> None:
    """Write the index of every complaint that is there, a few thousand at a time."""
    last = 0
    while texts := _texts(connection, last):
        _write(connection, texts)
        last = max(texts)


def _text(connection: Connection, complaint_id: int) -> str:
    return _texts(connection, complaint_id - 1, 1)[complaint_id]


def _texts(connection: Connection, after: int, limit: int = _AT_ONCE) -> dict[int, str]:
    district = aliased(PlaceRow)
    told = (
        select(
            Complaint.id,
            Complaint.text,
            Complaint.place_detail,
            Complaint.complainant_name,
            Complaint.name_hidden,
            Category.names,
            PlaceRow.names.label("place"),
            district.names.label("district"),
        )
        .join(Category, Category.code == Complaint.category)
        .outerjoin(PlaceRow, PlaceRow.code == Complaint.place_code)
        .outerjoin(district, district.code == PlaceRow.parent)
        .where(Complaint.id > after)
        .order_by(Complaint.id)
        .limit(limit)
    )
    return {
        row.id: " ".join([
            row.text,
            row.place_detail,
            "" if row.name_hidden else row.complainant_name or "",
            *_all(row.names),
            *_all(row.place),
            *_all(row.district),
        ])
        for row in connection.execute(told)
    }  # fmt: skip


def _all(names: Mapping[str, str] | None) -> Iterable[str]:
    return names.values() if names else ()


def _write(connection: Connection, texts: Mapping[int, str]) -> None:
    of_each = {number: sounds_in(text) for number, text in texts.items()}
    written = {sound: romanised(word) for words in of_each.values() for sound, word in words.items()}
    _known.add_all(connection, [{"sound": one, "written": written[one]} for one in sorted(written)])
    pairs = sorted((sound, number) for number, words in of_each.items() for sound in words)
    _words.add_all(connection, [{"sound": sound, "complaint_id": number} for sound, number in pairs])
