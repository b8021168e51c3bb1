"""What the bar at the top tells: one's own state, the line, the lists that wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.draft_form import open_drafts
from agent_console.periods import today_began
from agent_console.told import category_name
from agent_console.words import LANGUAGES, say
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.services.call_backs import count_open
from models.staff import Staff
from models.talk import Talk
from models.transfer import Transfer
from models.voice_message import VoiceMessage


@dataclass(frozen=True, slots=True)
class Waiting:
    """Callers in line for one language."""

    language: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Ringing:
    """The call that rings this person, in words that may stand anywhere: language and kind, and nobody's number."""

    offer_id: int
    about: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LineFacts:
    """`presence` is None for a person who has never been on duty."""

    presence: Presence | None
    ringing: Ringing | None
    queue: list[Waiting]
    longest_since: datetime | None
    desks: int  # at which somebody is signed in
    today: int
    call_backs: int
    abandoned: int
    outreach: int
    voice_messages: int
    drafts: int


def read_line_facts(session: Session, staff_id: int, now: datetime) -> LineFacts:
    """The facts of the bar for one person."""
    in_line = QueueEntry.state.in_(("waiting", "offered"))
    rows = session.execute(
        select(QueueEntry.language, func.count(), func.min(QueueEntry.entered_at))
        .where(QueueEntry.ended_at.is_(None), in_line)
        .group_by(QueueEntry.language)
        .order_by(QueueEntry.language)
    ).all()
    presence = session.get(Presence, staff_id)
    to_ring = count_open(session)
    return LineFacts(
        presence=presence,
        ringing=read_ringing(session, presence),
        queue=[Waiting(row[0], row[1]) for row in rows],
        longest_since=min((row[2] for row in rows), default=None),
        desks=_count(session, Presence.state != "offline"),
        today=talks_today(session, staff_id, now),
        call_backs=to_ring["call_backs"],
        abandoned=to_ring["abandoned"],
        outreach=to_ring["outreach"],
        voice_messages=_count(session, VoiceMessage.state != "done"),
        drafts=len(open_drafts(session, staff_id)),
    )


def talks_today(session: Session, staff_id: int, now: datetime) -> int:
    """Conversations of this person since midnight in India."""
    began = today_began(now)
    mine = (Talk.staff_id == staff_id) & (Talk.started_at >= began)
    return session.scalar(select(func.count()).select_from(Talk).where(mine)) or 0


def read_ringing(session: Session, presence: Presence | None) -> Ringing | None:
    """The call that rings this person now. `presence.since` goes on to say since when they are ready."""
    if presence is None or presence.state != "offered":
        return None
    row = session.execute(
        select(Offer.id, Offer.made_at, QueueEntry.language, QueueEntry.tell)
        .join(QueueEntry, QueueEntry.id == Offer.entry_id)
        .where(Offer.staff_id == presence.staff_id, Offer.state == "ringing")
    ).first()
    if row is None:
        return _ringing_transfer(session, presence.staff_id)
    parts = (LANGUAGES.get(row.language, row.language), category_name(session, row.tell.get("category")))
    return Ringing(row.id, " · ".join(filter(None, parts)), row.made_at)


def _ringing_transfer(session: Session, staff_id: int) -> Ringing | None:
    """A colleague who asks. Its number is a transfer's, told apart from an offer's by its sign."""
    row = session.execute(
        select(Transfer.id, Transfer.made_at, Staff.name)
        .join(Staff, Staff.id == Transfer.asked_by)
        .where(Transfer.to_staff == staff_id, Transfer.state == "ringing")
    ).first()
    return Ringing(-row.id, say("ring.asked", who=row.name), row.made_at) if row else None


def _count(session: Session, condition: object) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]  # a column expression
