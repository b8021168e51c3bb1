"""The supervisor's desk: what is wrong, who does what, which calls go on, who waits."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.alerts import read_alerts
from agent_console.closing import closed_until
from agent_console.day_messages import LONGEST, day_message
from agent_console.guard import allow
from agent_console.helping import read_help
from agent_console.line_facts import read_ringing, talks_today
from agent_console.live_calls import read_live_calls
from agent_console.surroundings import me, now, store
from agent_console.told import category_name
from agent_console.view_of_desk import bar
from ivr.call_control import FORCED
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff

blueprint = Blueprint("board", __name__)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One representative and what they do."""

    id: int
    name: str
    languages: list[str]
    state: str
    reason: str
    since: datetime | None
    today: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One caller in line, without a number."""

    language: str
    about: str
    urgent: bool
    entered_at: datetime
    state: str


@blueprint.get("/desk/board")
@allow("supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/board.html", **bar(session), **_board(session))


@blueprint.get("/desk/board/rows")
@allow("supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/board.html", **bar(session), **_board(session))


def _board(session: Session) -> dict[str, object]:
    at = now()
    people = session.execute(
        select(Staff, Presence)
        .outerjoin(Presence, Presence.staff_id == Staff.id)
        .where(Staff.active)
        .order_by(Staff.name)
    ).all()
    waiting = session.scalars(
        select(QueueEntry)
        .where(QueueEntry.ended_at.is_(None), QueueEntry.state.in_(("waiting", "offered", "accepted")))
        .order_by(QueueEntry.priority.desc(), QueueEntry.ahead_since)
    )
    message = day_message(session, at)
    return {
        "alerts": read_alerts(session, at),
        "calls": read_live_calls(session, at),
        "closed_until": closed_until(session.connection(), at),
        "day_message": message.words if message else {},
        "forced": FORCED,
        "help": read_help(session, me().id),
        "longest": LONGEST,
        "staff": [
            _person(session, staff, presence, at) for staff, presence in people if staff.has_role("representative")
        ],
        "waiting": [
            WaitingLine(
                entry.language,
                category_name(session, entry.tell.get("category")),
                entry.urgent,
                entry.entered_at,
                entry.state,
            )
            for entry in waiting
        ],
    }


def _person(session: Session, staff: Staff, presence: Presence | None, at: datetime) -> PersonLine:
    ringing = read_ringing(session, presence)
    since = presence.since if presence else None
    return PersonLine(
        id=staff.id,
        name=staff.name,
        languages=staff.languages,
        state=presence.state if presence else "offline",
        reason=presence.reason if presence else "",
        since=ringing.since if ringing else since,
        today=talks_today(session, staff.id, at),
    )
