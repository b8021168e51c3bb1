"""What the bar at the top tells: one's own state, the line, the lists that wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.draft_form import open_drafts
from agent_console.periods import today_began
from agent_console.told import category_name
from agent_console.whole_line import WholeLine, read_whole_line
from agent_console.words import LANGUAGES, say
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.talk import Talk
from models.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Ringing:
    """The call that rings this person, in words that may stand anywhere: language and kind, and nobody's number."""

    offer_id: int
    about: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LineFacts:
    """`presence` is None for a person who has never been on duty."""

    line: WholeLine
    presence: Presence | None
    ringing: Ringing | None
    today: int
    drafts: int


def read_line_facts(session: Session, staff_id: int, now: datetime) -> LineFacts:
    """The facts of the bar for one person."""
    presence = session.get(Presence, staff_id)
    return LineFacts(
        line=read_whole_line(session, now),
        presence=presence,
        ringing=read_ringing(session, presence),
        today=talks_today(session, staff_id, now),
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
