"""What a caller hears in the queue: their place, the expected wait, music; and the ways out.

Nothing of it is stored: the provider asks for it again for ever. A document lasts about ten seconds, so that the caller
is never far from being moved. Place and wait come from our own rows, never from the provider's position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from audio.music import UnknownMusic, sections_of
from flows.flow import Callback, Flow, Queue, Record
from flows.speaking import spoken
from flows.state_json import from_json
from flows.values import Line, State
from flows.waiting import Waiting, while_waiting
from ivr import twiml
from ivr.departures import leave_queue
from ivr.leg_phrases import DIVERTED
from ivr.line_view import minutes_at
from ivr.phrases import in_language
from ivr.speech import say_units
from ivr.talks import representative_in
from ivr.telephone import Telephone
from ivr.voice import Voice
from models.queue_entry import QueueEntry
from models.talk import Talk
from models.turns import load_call

_DOCUMENT_S = 10.0
_LETTERS_A_SECOND = 13
_IN_LINE = ("waiting", "offered")


@dataclass(frozen=True, slots=True)
class Stay:
    """A caller's stay in a queue, as it is now."""

    flow: Flow
    state: State
    queue: str
    entry_state: str
    is_overdue: bool
    is_diverted: bool  # their calls go to the voice for a while
    hands: int
    place: int
    minutes: int
    is_expected: bool  # a representative is in the talk, and the caller is to come


def wait_document(telephone: Telephone, voice: Voice, call_sid: str, turn: int, part: int) -> str:
    """Part number `part` of what is heard, and from the beginning again. `<Leave/>` when the stay is over."""
    now = telephone.clock.now()
    stay = _find(telephone, voice, call_sid, turn, now)
    # Expected: the second way into the talk, should moving the caller have failed.
    if stay is None or stay.is_expected:
        return twiml.LEAVE
    ended_as = _end_of(stay)
    if ended_as is not None and _leave(telephone, call_sid, ended_as, now):
        if stay.is_diverted:
            language = stay.state.language or "en"
            return twiml.say_and_leave(say_units(in_language(language, DIVERTED), voice.sound_of))
        return twiml.LEAVE
    return _hear(voice, stay, call_sid, turn, part, now)


def press_key(telephone: Telephone, voice: Voice, call_sid: str, turn: int, part: int, key: str) -> str:
    """A key in the queue: out, if it leads out and no representative has accepted first; else on with the waiting."""
    now = telephone.clock.now()
    stay = _find(telephone, voice, call_sid, turn, now)
    if stay is None:
        return twiml.LEAVE
    ended_as = _way_out(stay, key)
    if ended_as is not None and _leave(telephone, call_sid, ended_as, now, key):
        return twiml.LEAVE
    return twiml.redirect(voice.addresses.waiting(call_sid, turn, part))


def _find(telephone: Telephone, voice: Voice, call_sid: str, turn: int, now: datetime) -> Stay | None:
    """The live stay in the queue that turn `turn` will answer; None when it is over."""
    live = select(
        QueueEntry.id,
        QueueEntry.queue,
        QueueEntry.language,
        QueueEntry.state,
        QueueEntry.entered_at,
        QueueEntry.longest_wait_s,
    ).where(QueueEntry.call_sid == call_sid, QueueEntry.turn == turn, QueueEntry.ended_at.is_(None))
    with telephone.store.read() as connection:
        entry = connection.execute(live).one_or_none()
        call = load_call(connection, call_sid)
        if entry is None or call is None or call.flow_version_id is None:
            return None
        flow = telephone.flows.get(connection, call.flow_version_id)
        look = voice.line.look(connection, entry.id, now)
        talk_id = connection.scalar(select(Talk.id).where(Talk.entry_id == entry.id, Talk.state != "ended").limit(1))
        is_expected = talk_id is not None and representative_in(connection, talk_id)
    place, hands = look.places.get(entry.id, 1), look.hands_for(entry.queue, entry.language)
    free = look.free_for(entry.queue, entry.language)
    return Stay(
        flow,
        from_json(call.state),
        entry.queue,
        entry.state,
        is_overdue=now >= entry.entered_at + timedelta(seconds=entry.longest_wait_s),
        is_diverted=entry.longest_wait_s == 0,
        hands=hands,
        place=place,
        minutes=minutes_at(place, hands, free, look.talk_s),
        is_expected=is_expected,
    )


def _leave(telephone: Telephone, call_sid: str, ended_as: str, now: datetime, key: str | None = None) -> bool:
    """End the stay, if no representative has accepted first. The conditional update in it decides the race."""
    left = telephone.store.write(lambda connection: leave_queue(connection, call_sid, ended_as, now, left_key=key))
    if left:
        telephone.wake.router()
        telephone.wake.desk()
    return left


def _end_of(stay: Stay) -> str | None:
    """How the stay ends by itself now: too long, or nobody is at work who could answer."""
    if stay.entry_state not in _IN_LINE or (stay.hands and not stay.is_overdue):
        return None
    return "overflow" if stay.is_overdue else "closed"


def _way_out(stay: Stay, key: str) -> str | None:
    """How the stay ends with this key; None for one that leads nowhere: a stray key must not cost the place."""
    step = stay.flow.steps.get(stay.state.step)
    if not isinstance(step, Queue):
        return None
    way = next((way for way in step.waiting.keys if way.key == key), None)
    if way is None:
        return None
    target = stay.flow.steps.get(way.go)
    if isinstance(target, Callback):
        return "callback"
    return "voicemail" if isinstance(target, Record) else "overflow"


def _hear(voice: Voice, stay: Stay, call_sid: str, turn: int, part: int, now: datetime) -> str:
    facts = {"queue.place": str(stay.place), "queue.minutes": str(stay.minutes)}
    content = while_waiting(stay.flow, stay.state, facts, at=now.timestamp())
    speeches = split_lines(content.lines)
    rounds = len(speeches) + max(1, round(content.every / _DOCUMENT_S))
    position = part % rounds
    lines = speeches[position] if position < len(speeches) else ()
    onward = (part + 1) % rounds
    key_to = voice.addresses.waiting_key(call_sid, turn, onward) if content.keys else None
    music = _music(voice, content, position - len(speeches)) if not lines else None
    on_to = voice.addresses.waiting(call_sid, turn, onward)
    return twiml.wait_in_queue(lines, music, key_to, on_to, voice.speaking(stay.flow))


def split_lines(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """The lines in groups that take less than ten seconds each, as far as one line does."""
    groups: list[tuple[Line, ...]] = []
    group: list[Line] = []
    length = 0.0
    for line in lines:
        seconds = sum(map(len, spoken(line))) / _LETTERS_A_SECOND
        if group and length + seconds > _DOCUMENT_S - 1:
            groups.append(tuple(group))
            group, length = [], 0.0
        group.append(line)
        length += seconds
    return [*groups, tuple(group)] if group else groups


def _music(voice: Voice, content: Waiting, section: int) -> str | None:
    """The address of a section of the music; None where there is none, and silence is heard."""
    try:
        sections = sections_of(content.music)
    except UnknownMusic:
        return None
    return voice.named_sound(sections[section % len(sections)])
