"""The index of the words of complaints: written with each of them, and anew from all."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, exists, select
from sqlalchemy.orm import Session, aliased

from models.category import Category
from models.complaint import ERASED, Complaint
from models.complaint_event import ADDED, ComplaintEvent
from models.complaint_word import ComplaintWord, KnownWord
from models.insert import InsertOnce
from models.place import PlaceRow
from models.place_search import romanised
from models.sounds import sounds_in

_AT_ONCE = 2000  # complaints
_words, _known = InsertOnce(ComplaintWord), InsertOnce(KnownWord)


def index_complaint(session: Session, complaint: Complaint) -> None:
    """Let it be found by what it says, by what its caller added, by its kind, by its place, and by its citizen's name
    unless that is hidden."""
    session.flush()
    connection = session.connection()
    _write(connection, _texts(connection, complaint.id - 1, 1))


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
    rows = connection.execute(told).all()
    added = _added(connection, [row.id for row in rows])
    return {
        row.id: " ".join([
            row.text,
            *added.get(row.id, ()),
            row.place_detail,
            "" if row.name_hidden else row.complainant_name or "",
            *_all(row.names),
            *_all(row.place),
            *_all(row.district),
        ])
        for row in rows
    }  # fmt: skip


def _added(connection: Connection, complaints: list[int]) -> Mapping[int, list[str]]:
    """What callers added to these complaints. Their story may have been erased since: then this is not found either."""
    theirs = (ComplaintEvent.complaint_id.in_(complaints)) & (ComplaintEvent.kind == ADDED)
    erased = exists().where(Complaint.id == ComplaintEvent.complaint_id, Complaint.text == ERASED)
    said: dict[int, list[str]] = {}
    wanted = select(ComplaintEvent.complaint_id, ComplaintEvent.data).where(theirs, ~erased)
    for number, data in connection.execute(wanted):
        said.setdefault(number, []).append(str(data.get("note") or ""))
    return said


def _all(names: Mapping[str, str] | None) -> Iterable[str]:
    return names.values() if names else ()


def _write(connection: Connection, texts: Mapping[int, str]) -> None:
    of_each = {number: sounds_in(text) for number, text in texts.items()}
    written = {sound: romanised(word) for words in of_each.values() for sound, word in words.items()}
    _known.add_all(connection, [{"sound": one, "written": written[one]} for one in sorted(written)])
    pairs = sorted((sound, number) for number, words in of_each.items() for sound in words)
    _words.add_all(connection, [{"sound": sound, "complaint_id": number} for sound, number in pairs])
