"""People's takes: sent, listened to, approved for the next publishing, withdrawn. Before that nobody hears them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from audio.names import line_key, one_line, recorded_name, with_pace
from audio.voices import at_usual_pace, slowly
from ivr.accounting import account
from ivr.leg_phrases import leg_units
from ivr.phrases import all_units
from ivr.studio.lines import Words, number_lines
from ivr.telephone import Telephone
from models.script_line import ScriptLine
from models.take import APPROVED, DISCARDED, WAITING, WITHDRAWN, Take


class TakeGone(LookupError):
    """Somebody else has decided about this take already, or there is none of this number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A take as it was taken in. `state` is what had been decided about the very same one before."""

    id: int
    seconds: float
    is_new: bool
    state: str = WAITING


@dataclass(frozen=True, slots=True)
class TakeOf:
    """A take without its sound, and the line that it speaks."""

    id: int
    line_id: int
    words_key: str
    language: str
    text: str
    name: str
    state: str
    seconds: float
    speaker: str
    sent_by: str
    sent_at: datetime
    decided_by: str | None
    decided_at: datetime | None


_TAKES = select(
    Take.id,
    Take.line_id,
    ScriptLine.words_key,
    ScriptLine.language,
    ScriptLine.text,
    Take.name,
    Take.state,
    Take.seconds,
    Take.speaker,
    Take.sent_by,
    Take.sent_at,
    Take.decided_by,
    Take.decided_at,
).join_from(Take, ScriptLine, Take.line_id == ScriptLine.id)


def send_take(
    telephone: Telephone, language: str, text: str, clip: bytes, seconds: float, *, speaker: str, by: str
) -> Sent:
    """Keep a take until somebody has listened to it. The same take again changes nothing; another replaces it.

    `clip` is one of `audio.take.telephone_clip`.
    """
    now = telephone.clock.now()
    name = recorded_name(text, language, clip)

    def keep(connection: Connection) -> Sent:
        line = number_lines(connection, [(language, text)], now)[line_key(text, language)]
        known = connection.execute(_TAKES.where(Take.line_id == line.id, Take.name == name)).one_or_none()
        if known is not None and known.state in (WAITING, APPROVED):
            return Sent(known.id, known.seconds, is_new=False, state=known.state)
        before = (Take.line_id == line.id) & (Take.state == WAITING)
        connection.execute(update(Take).where(before).values(state=DISCARDED, sound=None, decided_at=now))
        sent = {"state": WAITING, "sound": clip, "speaker": speaker, "sent_by": by, "sent_at": now}
        if known is not None:
            again = update(Take).where(Take.id == known.id)
            connection.execute(again.values(**sent, decided_by=None, decided_at=None))
            return Sent(known.id, seconds, is_new=True)
        row = insert(Take).values(line_id=line.id, name=name, seconds=seconds, **sent).returning(Take.id)
        return Sent(int(connection.execute(row).scalar_one()), seconds, is_new=True)

    return telephone.store.write(keep)


def approve(telephone: Telephone, take_id: int, *, by: str, actor: str) -> TakeOf:
    """Have the next publishing speak with this take. `by` is shown beside it, `actor` answers for it.

    Raises TakeGone, ShelfAway.
    """
    with telephone.store.read() as connection:
        take, sound = find_take(connection, take_id), take_sound(connection, take_id)
    if take.state != WAITING or sound is None:
        raise TakeGone(take_id)
    # First the file, which may take its time, then the row: a row without its file would be silence in a call.
    telephone.sounds.add_take(take.text, take.language, sound)
    now = telephone.clock.now()

    def decide(connection: Connection) -> TakeOf:
        _decide(connection, take, WAITING, APPROVED, by, now)
        account(connection, actor, "take_approved", take.name, now)
        return take

    return telephone.store.write(decide)


def discard(telephone: Telephone, take_id: int, *, by: str, actor: str) -> TakeOf:
    """Throw a take away that nobody has approved. Raises TakeGone."""
    return _end(telephone, take_id, WAITING, DISCARDED, by, actor)


def withdraw(telephone: Telephone, take_id: int, *, by: str, actor: str) -> TakeOf:
    """Have the next publishing go back to the voice before this take. Raises TakeGone, ShelfAway."""
    take = _end(telephone, take_id, APPROVED, WITHDRAWN, by, actor)
    if (take.language, take.text) in own_phrases():
        # What the telephone says by itself belongs to no version, so its newest file counts: until it goes.
        for language in (take.language, slowly(take.language)):
            telephone.sounds.remove(with_pace(take.name, take.text, language))
    return take


def _end(telephone: Telephone, take_id: int, before: str, after: str, by: str, actor: str) -> TakeOf:
    now = telephone.clock.now()

    def decide(connection: Connection) -> TakeOf:
        take = find_take(connection, take_id)
        _decide(connection, take, before, after, by, now)
        account(connection, actor, f"take_{after}", take.name, now)
        return take

    return telephone.store.write(decide)


def _decide(connection: Connection, take: TakeOf, before: str, after: str, by: str, now: datetime) -> None:
    still = (Take.id == take.id) & (Take.state == before)
    decided = {"state": after, "sound": None, "decided_by": by, "decided_at": now}
    if connection.execute(update(Take).where(still).values(**decided)).rowcount == 0:
        raise TakeGone(take.id)


def find_take(connection: Connection, take_id: int) -> TakeOf:
    """One take. Raises TakeGone."""
    row = connection.execute(_TAKES.where(Take.id == take_id)).one_or_none()
    if row is None:
        raise TakeGone(take_id)
    return TakeOf(**row._mapping)


def take_sound(connection: Connection, take_id: int) -> bytes | None:
    """The clip of a take that waits."""
    return connection.scalar(select(Take.sound).where(Take.id == take_id))


def standing_takes(connection: Connection) -> tuple[dict[str, TakeOf], dict[str, TakeOf]]:
    """By the keys of their words: the takes that count with the next publishing, and those that wait."""
    approved: dict[str, TakeOf] = {}
    waiting: dict[str, TakeOf] = {}
    rows = connection.execute(_TAKES.where(Take.state.in_((APPROVED, WAITING))).order_by(Take.decided_at, Take.id))
    for row in rows:
        (approved if row.state == APPROVED else waiting)[row.words_key] = TakeOf(**row._mapping)
    return approved, waiting


def withdrawn_takes(connection: Connection) -> list[TakeOf]:
    """Takes that had been approved and were taken back."""
    return [TakeOf(**row._mapping) for row in connection.execute(_TAKES.where(Take.state == WITHDRAWN))]


def approved_names(connection: Connection, wanted: Iterable[Words]) -> list[str]:
    """The names of the recordings that these units of (language, text) are spoken with, slow tellings too."""
    approved, _ = standing_takes(connection)
    if not approved:
        return []
    found = ((text, language, approved.get(line_key(text, language))) for language, text in wanted)
    return sorted({with_pace(take.name, text, language) for text, language, take in found if take is not None})


def every_approved_name(connection: Connection) -> list[str]:
    """The names of all takes that may come into a version: they are not cleaned away."""
    rows = connection.execute(_TAKES.where(Take.state == APPROVED))
    takes = [TakeOf(**row._mapping) for row in rows]
    return [with_pace(take.name, take.text, pace(take.language)) for take in takes for pace in (at_usual_pace, slowly)]


def own_phrases() -> frozenset[Words]:
    """What the telephone says by itself, whatever is published: there an approved take is heard at once."""
    return frozenset((language, one_line(text)) for language, text in (*all_units(), *leg_units()))


def adopt_takes(telephone: Telephone, wanted: Iterable[Words], *, by: str) -> int:
    """Count as approved what was recorded when recordings belonged to no version yet. Returns how many."""
    sounds, now = telephone.sounds, telephone.clock.now()
    usual = dict.fromkeys((at_usual_pace(language), text) for language, text in wanted)
    found = {words: name for words in usual if (name := sounds.newest_take(words[1], words[0])) is not None}
    if not found:
        return 0
    seconds = {name: sounds.seconds(name) for name in found.values()}

    def keep(connection: Connection) -> int:
        lines = number_lines(connection, found, now)
        taken = set(connection.scalars(select(Take.line_id)))
        rows = []
        for (language, text), name in found.items():
            line = lines[line_key(text, language)]
            if line.id in taken:
                continue
            decided = {"decided_by": by, "decided_at": now, "sent_by": by, "sent_at": now, "speaker": ""}
            rows.append({"line_id": line.id, "name": name, "state": APPROVED, "seconds": seconds[name], **decided})
        if rows:
            connection.execute(insert(Take), rows)
        return len(rows)

    return telephone.store.write(keep)
