"""Finding complaints by words in three scripts, misspelt too, and by a part of a reference; bounded in its reading."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_word import ComplaintWord, KnownWord
from models.place_search import romanised
from models.sounds import sounds_in

LISTED = 50
_WORDS = 8  # of a question; more only make it slower
_LOOKED_AT = 20_000  # complaints with the rarest word, the newest
_SHARED = 2000  # complaints with each word, where none has all
_NEAR = 70.0  # of 100: a word that nobody has said is taken for one that is written so much like it
_TAKEN_FOR = 5  # words at most
_SHORTEST_PART = 4  # digits of a reference


@dataclass(frozen=True, slots=True)
class Hits:
    """Complaints by id, the best first, `has_more` beyond the listed ones. `has_all`: they have every word that was
    asked for; otherwise some. `unknown` are words that nothing is like."""

    ids: Sequence[int]
    has_more: bool = False
    has_all: bool = True
    unknown: Sequence[str] = ()


def search_complaints(session: Session, asked: str, readable: ColumnElement[bool]) -> Hits:
    """Those of the `readable` complaints that `asked` may mean, the newest first."""
    groups, unknown = _understand(session, asked)
    found = _by_part_of_reference(session, asked, readable)
    if groups:
        found = sorted({*found, *_with_all(session, groups, readable)}, reverse=True)
    if found or len(groups) < 2:
        return Hits(found[:LISTED], has_more=len(found) > LISTED, unknown=unknown)
    some = _with_some(session, groups, readable)
    return Hits(some[:LISTED], has_more=len(some) > LISTED, has_all=False, unknown=unknown)


def _understand(session: Session, asked: str) -> tuple[list[list[str]], list[str]]:
    """For each word the sounds that it may have, the rarest word first; and the words that nobody has said."""
    groups, unknown = [], []
    for sound, word in list(sounds_in(asked).items())[:_WORDS]:
        meant = [sound] if session.get(KnownWord, sound) else _near(session, sound, word)
        if meant:
            groups.append(meant)
        else:
            unknown.append(word)
    return sorted(groups, key=lambda meant: sum(_how_common(session, one) for one in meant)), unknown


def _near(session: Session, sound: str, word: str) -> list[str]:
    """Known words that are written much like it, or begin with it: the nearest first."""
    if word.isdecimal():
        return []
    like_it = func.length(KnownWord.sound).between(len(sound) - 1, len(sound) + 2)
    known = {
        one.sound: one.written for one in session.execute(select(KnownWord.sound, KnownWord.written).where(like_it))
    }
    found = process.extract(romanised(word), known, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_TAKEN_FOR)
    return [sound for _written, _score, sound in found]


def _how_common(session: Session, sound: str) -> int:
    some = select(ComplaintWord.complaint_id).where(ComplaintWord.sound == sound).limit(_LOOKED_AT).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _with_all(session: Session, groups: Sequence[Sequence[str]], readable: ColumnElement[bool]) -> set[int]:
    rarest, *others = groups
    has_others = [
        exists().where(ComplaintWord.complaint_id == Complaint.id, ComplaintWord.sound.in_(meant)) for meant in others
    ]
    found = set[int]()
    for sound in rarest:
        newest = _newest(sound, _LOOKED_AT).subquery()
        wanted = (
            select(Complaint.id)
            .join(newest, newest.c.complaint_id == Complaint.id)
            .where(*has_others, readable)
            .order_by(newest.c.complaint_id.desc())
            .limit(LISTED + 1)
        )
        found |= set(session.scalars(wanted))
    return found


def _with_some(session: Session, groups: Sequence[Sequence[str]], readable: ColumnElement[bool]) -> list[int]:
    """Those with the most of the words, among the newest of each."""
    had = Counter[int]()
    for meant in groups:
        had.update({one for sound in meant for one in session.scalars(_newest(sound, _SHARED))})
    best = sorted(had, key=lambda one: (-had[one], -one))[:_SHARED]
    mine = set(session.scalars(select(Complaint.id).where(Complaint.id.in_(best), readable)))
    return [one for one in best if one in mine][: LISTED + 1]


def _newest(sound: str, limit: int) -> Select[int]:
    mine = select(ComplaintWord.complaint_id).where(ComplaintWord.sound == sound)
    return mine.order_by(ComplaintWord.complaint_id.desc()).limit(limit)


def _by_part_of_reference(session: Session, asked: str, readable: ColumnElement[bool]) -> list[int]:
    part = asked.replace(" ", "").replace("-", "")
    if len(part) < _SHORTEST_PART or not (part.isascii() and part.isdecimal()):
        return []
    wanted = select(Complaint.id).where(Complaint.reference.contains(part), readable)
    return list(session.scalars(wanted.order_by(Complaint.id.desc()).limit(LISTED + 1)))
