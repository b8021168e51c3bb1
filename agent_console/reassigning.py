"""Work that somebody holds, given to somebody else or back to all: call-backs, voice messages, drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused
from agent_console.draft_form import heading_of
from agent_console.guard import allow
from agent_console.showing import masked
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.accounting import account
from ivr.desk_events import CALL_BACK, EVERYBODY, VOICE_MESSAGE, tell_desk
from ivr.notices import WORK_GIVEN, WORK_TAKEN, give_notice
from models.call_back import CallBack
from models.draft import Draft
from models.presence import Presence
from models.services import call_backs
from models.staff import Staff
from models.talk import Talk
from models.voice_message import VoiceMessage

blueprint = Blueprint("reassigning", __name__)

DRAFT = "draft"  # kind of news; subject: the draft
NEWS = {"call_back": CALL_BACK, "voice_message": VOICE_MESSAGE, "draft": DRAFT}
SHOWN = 200
# Who holds a piece of work, by kind: its column, and what it must still be. A form without any words is no work yet.
_HELD: dict[str, tuple[type[Any], Any, Any]] = {
    "call_back": (CallBack, CallBack.taken_by, CallBack.state.in_(("open", "taken"))),
    "voice_message": (VoiceMessage, VoiceMessage.taken_by, VoiceMessage.state != "done"),
    "draft": (Draft, Draft.staff_id, Draft.complaint_id.is_(None) & Draft.discarded_at.is_(None) & (Draft.version > 0)),
}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One piece of work. `holder` is None for what anybody may take."""

    kind: str
    id: int
    about: str
    since: datetime
    due: datetime | None
    holder: int | None


@blueprint.get("/desk/board/shared")
@allow("supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/work.html", **bar(session), **_view(session))


@blueprint.get("/desk/board/shared/rows")
@allow("supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/open_work.html", **_view(session))


@blueprint.post("/desk/board/shared/<kind>/<int:work_id>")
@allow("supervisor")
def give(kind: str, work_id: int) -> ResponseReturnValue:
    """Give a piece of work to somebody; with an empty `to`, to whoever takes it first. A draft needs somebody."""
    asked = request.form.get("to", "")
    to = int(asked) if asked.isdecimal() else None
    if kind not in _HELD or (to is None and (kind == "draft" or asked)):
        return refused(say("refused.choose_person"), 422, field="to")
    with store().session() as session:
        person = session.get(Staff, to) if to is not None else None
        if to is not None and (person is None or not person.active or not person.has_role("representative")):
            return refused(say("refused.no_such_person"), 404)
    at, by = now(), me().id
    if not store().write(lambda connection: _hand_over(connection, kind, work_id, to, by, at)):
        return refused(say("refused.work_gone"))
    telephone().wake.desk()
    return done_at(url_for("reassigning.page"))


def _hand_over(connection: Connection, kind: str, work_id: int, to: int | None, by: int, at: datetime) -> bool:
    entity, column, still = _HELD[kind]
    row = connection.execute(
        select(entity.id, column.label("holder")).where(entity.id == work_id, still).with_for_update(of=entity)
    ).one_or_none()
    if row is None or _is_in_hand(connection, kind, work_id, row.holder):
        return False
    if kind == "call_back":
        call_backs.give(connection, work_id, to, at)
    else:
        state = {"state": "taken" if to is not None else "new"} if kind == "voice_message" else {}
        connection.execute(update(entity).where(entity.id == work_id, still).values({column.key: to, **state}))
    if row.holder is not None and row.holder != to:
        give_notice(connection, row.holder, WORK_TAKEN, about=kind, by=by, now=at)
    if to is not None and row.holder != to:
        give_notice(connection, to, WORK_GIVEN, about=kind, by=by, now=at)
    data = {"from": row.holder, "to": to}
    account(connection, f"staff:{by}", "work_reassigned", f"{kind}:{work_id}", at, data)
    tell_desk(connection, NEWS[kind], work_id, EVERYBODY, at)
    return True


def _is_in_hand(connection: Connection, kind: str, work_id: int, holder: int | None) -> bool:
    """True while its holder is just talking about it: nothing is taken out of somebody's hands.

    A form may be written in each talk of its holder, and in the wrap-up after it.
    """
    live = select(Talk.id).where(Talk.state != "ended")
    if kind == "call_back":
        return connection.scalar(live.where(Talk.callback_id == work_id).limit(1)) is not None
    if kind == "voice_message":
        return False
    wraps_up = select(Presence.staff_id).where(Presence.staff_id == holder, Presence.state == "wrap_up")
    return any(connection.scalar(one) is not None for one in (live.where(Talk.staff_id == holder).limit(1), wraps_up))


def _view(session: Session) -> dict[str, object]:
    staff = session.scalars(select(Staff).order_by(Staff.name)).all()
    return {
        "work": [*_call_backs(session), *_voice_messages(session), *_drafts(session)],
        "people": [person for person in staff if person.active and person.has_role("representative")],
        "names": {person.id: person.name for person in staff},
    }


def _call_backs(session: Session) -> list[WorkLine]:
    found = session.scalars(select(CallBack).where(_HELD["call_back"][2]).order_by(CallBack.due_by).limit(SHOWN))
    at = now()
    return [
        WorkLine("call_back", one.id, masked(one.number), one.created_at, one.due_by, one.held_by(at)) for one in found
    ]


def _voice_messages(session: Session) -> list[WorkLine]:
    found = session.scalars(
        select(VoiceMessage).where(_HELD["voice_message"][2]).order_by(VoiceMessage.created_at).limit(SHOWN)
    )
    return [WorkLine("voice_message", one.id, masked(one.number), one.created_at, None, one.taken_by) for one in found]


def _drafts(session: Session) -> list[WorkLine]:
    found = session.scalars(select(Draft).where(_HELD["draft"][2]).order_by(Draft.updated_at).limit(SHOWN))
    return [WorkLine("draft", one.id, heading_of(session, one), one.updated_at, None, one.staff_id) for one in found]
