"""The calls that are going on, for the supervisor's desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.told import category_name
from ivr.microphones import muted_talks
from models.call import Call
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.talk import Talk

SHOWN = 200


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One call under way, without a number. `talk_id` and `who` are None outside of a talk."""

    sid: str
    language: str
    phase: str
    about: str
    since: datetime
    direction: str
    talk_id: int | None
    talk_state: str
    who: str | None
    held: bool
    muted_since: datetime | None  # the caller hears nobody; None also where nobody knows


def read_live_calls(session: Session, now: datetime) -> list[LiveCall]:
    """Talks first, then the queue, then the menus; the longest at the top of each."""
    rows = session.execute(
        select(Call, Talk, Staff.name)
        .outerjoin(Talk, (Talk.call_sid == Call.sid) & (Talk.state != "ended") & Talk.guest_of.is_(None))
        .outerjoin(Staff, Staff.id == Talk.staff_id)
        .where(Call.ended_at.is_(None))
        .order_by(Call.started_at)
        .limit(SHOWN)
    ).all()
    tells = _tells(session, [call.sid for call, _, _ in rows])
    muted = muted_talks(session.connection(), [talk.id for _, talk, _ in rows if talk is not None], now)
    found = [_live(session, call, talk, name, tells.get(call.sid, {}), muted) for call, talk, name in rows]
    rank = {"talk": 0, "queued": 1, "menus": 2}
    return sorted(found, key=lambda one: rank.get(one.phase, 3))


def _live(
    session: Session,
    call: Call,
    talk: Talk | None,
    name: str | None,
    tell: dict[str, str],
    muted: dict[int, datetime],
) -> LiveCall:
    return LiveCall(
        sid=call.sid,
        language=call.language,
        phase="talk" if talk else call.phase,
        about=category_name(session, tell.get("category")),
        since=(talk.started_at or talk.created_at) if talk else call.started_at,
        direction=call.direction,
        talk_id=talk.id if talk else None,
        talk_state=talk.state if talk else "",
        who=name,
        held=bool(talk and talk.held),
        muted_since=muted.get(talk.id) if talk else None,
    )


def _tells(session: Session, sids: list[str]) -> dict[str, dict[str, str]]:
    rows = session.execute(
        select(QueueEntry.call_sid, QueueEntry.tell).where(QueueEntry.call_sid.in_(sids)).order_by(QueueEntry.id)
    )
    return {row.call_sid: row.tell for row in rows}
