"""Finding complaints by words in three scripts, misspelt too, and by a part of a reference; bounded in its reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, exists, func, select, union, union_all
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_word import ComplaintWord, KnownWord
from models.place_search import romanised
from models.sounds import sound_of, words_in

LISTED = 50
LOOKED_AT = 20_000  # complaints with the rarest word, the newest
_WORDS = 8  # of a question; more only make it slower
_NEAR = 70.0  # of 100: a word that nobody has said is taken for one that is written so much like it
_TAKEN_FOR = 5  # words at most
_SHORTEST_PART = 4  # digits of a reference


@dataclass(frozen=True, slots=True)
class Hits:
    """Complaints by id, the best first, `has_more` beyond the listed ones. `has_all`: they have every word that counts;
    otherwise some. `is_cut`: older ones with so common a word were not looked at.
    """

    ids: Sequence[int]
    has_more: bool = False
    has_all: bool = True
    is_cut: bool = False
    unknown: Sequence[str] = ()  # words that nothing is like which this person may read
    too_short: Sequence[str] = ()


@dataclass(slots=True)
class _Meant:
    """What was asked: for each word that counts the sounds that it may have, the rarest word first."""

    groups: list[list[str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    too_short: list[str] = field(default_factory=list)
    rarest: int = 0  # how many complaints have the rarest word, up to LOOKED_AT

    def hits(self, ids: Sequence[int], *, has_all: bool = True) -> Hits:
        return Hits(
            ids[:LISTED],
            has_more=len(ids) > LISTED,
            has_all=has_all,
            is_cut=self.rarest >= LOOKED_AT and len(ids) <= LISTED,
            unknown=self.unknown,
            too_short=self.too_short,
        )


def search_complaints(session: Session, asked: str, readable: ColumnElement[bool]) -> Hits:
    """Those of the `readable` complaints that `asked` may mean, the newest first. Of others nothing is told, not even
    whether a word stands in one of them."""
    found = set(_by_part_of_reference(session, asked, readable))
    meant = _understand(session, asked, readable)
    if found:
        meant.unknown.clear()  # it was no word
    if meant.groups:
        found |= _with_all(session, meant.groups, readable)
    if found or len(meant.groups) < 2:
        return meant.hits(sorted(found, reverse=True))
    return meant.hits(_with_some(session, meant.groups, readable), has_all=False)


def _understand(session: Session, asked: str, readable: ColumnElement[bool]) -> _Meant:
    meant = _Meant()
    weighed: list[tuple[int, list[str]]] = []
    for word in dict.fromkeys(words_in(asked)[:_WORDS]):
        sound = sound_of(word)
        if not sound:
            meant.too_short.append(word)
            continue
        sounds = [sound] if session.get(KnownWord, sound) else _near(session, sound, word)
        common = sum(_how_common(session, one) for one in sounds)
        # So common a word is no secret; of any other, only whether it stands in what they may read.
        if sounds and (common >= LOOKED_AT or _with_all(session, [sounds], readable, limit=1)):
            weighed.append((common, sounds))
        else:
            meant.unknown.append(word)
    weighed.sort(key=lambda one: one[0])
    meant.groups = [sounds for _, sounds in weighed]
    meant.rarest = weighed[0][0] if weighed else 0
    return meant


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
    some = select(ComplaintWord.complaint_id).where(ComplaintWord.sound == sound).limit(LOOKED_AT).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _with_all(
    session: Session, groups: Sequence[Sequence[str]], readable: ColumnElement[bool], limit: int = LISTED + 1
) -> set[int]:
    rarest, *others = groups
    has_others = [
        exists().where(ComplaintWord.complaint_id == Complaint.id, ComplaintWord.sound.in_(meant)) for meant in others
    ]
    found = set[int]()
    for sound in rarest:
        found |= set(session.scalars(_newest(sound, readable, *has_others).limit(limit)))
    return found


def _with_some(session: Session, groups: Sequence[Sequence[str]], readable: ColumnElement[bool]) -> list[int]:
    """Those with the most of the words, among the newest of each. Ranked before it is asked which may be read: of words
    that stand together a reader would be asked about the same complaint for each of them."""
    having = union_all(*(_newest_with(meant) for meant in groups)).subquery()
    words = func.count().label("words")
    best = (words.desc(), having.c.complaint_id.desc())
    # The limit keeps the databases from asking before they rank.
    most = sum(len(meant) for meant in groups) * LOOKED_AT
    ranked = select(having.c.complaint_id, words).group_by(having.c.complaint_id).order_by(*best).limit(most).subquery()
    mine = exists().where(Complaint.id == ranked.c.complaint_id, readable)
    listed = select(ranked.c.complaint_id).where(mine).order_by(ranked.c.words.desc(), ranked.c.complaint_id.desc())
    return list(session.scalars(listed.limit(LISTED + 1)))


def _newest_with(meant: Sequence[str]) -> Select[int] | CompoundSelect[int]:
    """Complaints with any of these sounds, among the newest LOOKED_AT of each, every one once."""
    each = [select(_of(sound).c.complaint_id) for sound in meant]
    return each[0] if len(each) == 1 else union(*each)


def _newest(sound: str, *conditions: ColumnElement[bool]) -> Select[int]:
    """Complaints with this sound that fulfil the conditions, the newest first, among its newest LOOKED_AT."""
    newest = _of(sound)
    mine = select(Complaint.id).join(newest, newest.c.complaint_id == Complaint.id).where(*conditions)
    return mine.order_by(newest.c.complaint_id.desc())


def _of(sound: str) -> Subquery:
    of_it = select(ComplaintWord.complaint_id).where(ComplaintWord.sound == sound)
    return of_it.order_by(ComplaintWord.complaint_id.desc()).limit(LOOKED_AT).subquery()


def _by_part_of_reference(session: Session, asked: str, readable: ColumnElement[bool]) -> list[int]:
    part = asked.replace(" ", "").replace("-", "")
    if len(part) < _SHORTEST_PART or not (part.isascii() and part.isdecimal()):
        return []
    wanted = select(Complaint.id).where(Complaint.reference.contains(part), readable)
    # By a sum, or SQLite walks the rows themselves in this order instead of the index of references.
    return list(session.scalars(wanted.order_by((Complaint.id + 0).desc()).limit(LISTED + 1)))
