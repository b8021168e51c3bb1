"""Work that somebody holds, given to somebody else or back to all: call-backs, voice messages, drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from agent_console.answering import by_script, done, refused
from agent_console.draft_form import heading_of
from agent_console.guard import allow
from agent_console.showing import masked
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.accounting import account
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.notices import WORK_GIVEN, WORK_TAKEN, give_notice
from models.call_back import CallBack
from models.draft import Draft
from models.staff import Staff
from models.talk import Talk
from models.voice_message import VoiceMessage

blueprint = Blueprint("reassigning", __name__)

SHOWN = 200
# Who holds a piece of work, by kind: its column, and what it must still be.
_HELD: dict[str, tuple[type[Any], Any, Any]] = {
    "call_back": (CallBack, CallBack.taken_by, CallBack.state.in_(("open", "taken"))),
    "voice_message": (VoiceMessage, VoiceMessage.taken_by, VoiceMessage.state != "done"),
    "draft": (Draft, Draft.staff_id, Draft.complaint_id.is_(None) & Draft.discarded_at.is_(None)),
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


@blueprint.get("/desk/board/work")
@allow("supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/work.html", **bar(session), **_view(session))


@blueprint.get("/desk/board/work/rows")
@allow("supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/open_work.html", **_view(session))


@blueprint.post("/desk/board/work/<kind>/<int:work_id>")
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
    return done(go=None if by_script() else url_for("reassigning.page"))


def _hand_over(connection: Connection, kind: str, work_id: int, to: int | None, by: int, at: datetime) -> bool:
    entity, column, still = _HELD[kind]
    row = connection.execute(
        select(entity.id, column.label("holder")).where(entity.id == work_id, still).with_for_update(of=entity)
    ).one_or_none()
    if row is None or _is_in_hand(connection, kind, work_id):
        return False
    values: dict[str, Any] = {column.key: to}
    if kind != "draft":
        values["state"] = "taken" if to is not None else ("open" if kind == "call_back" else "new")
    connection.execute(update(entity).where(entity.id == work_id, still).values(**values))
    if row.holder is not None and row.holder != to:
        give_notice(connection, row.holder, WORK_TAKEN, about=kind, by=by, now=at)
    if to is not None and row.holder != to:
        give_notice(connection, to, WORK_GIVEN, about=kind, by=by, now=at)
    data = {"from": row.holder, "to": to}
    account(connection, f"staff:{by}", "work_reassigned", f"{kind}:{work_id}", at, data)
    tell_desk(connection, CALL_BACK, work_id, EVERYBODY, at)
    return True


def _is_in_hand(connection: Connection, kind: str, work_id: int) -> bool:
    """True while its holder is just talking about it: nothing is taken out of somebody's hands."""
    live = select(Talk.id).where(Talk.state != "ended")
    if kind == "call_back":
        live = live.where(Talk.callback_id == work_id)
    elif kind == "draft":
        live = live.join(Draft, Draft.call_sid == Talk.call_sid).where(Draft.id == work_id)
    else:
        return False
    return connection.scalar(live.limit(1)) is not None


def _view(session: Session) -> dict[str, object]:
    people = session.scalars(select(Staff).where(Staff.active).order_by(Staff.name))
    return {
        "work": [*_call_backs(session), *_voice_messages(session), *_drafts(session)],
        "people": [person for person in people if person.has_role("representative")],
    }


def _call_backs(session: Session) -> list[WorkLine]:
    found = session.scalars(select(CallBack).where(_HELD["call_back"][2]).order_by(CallBack.due_by).limit(SHOWN))
    return [
        WorkLine("call_back", one.id, masked(one.number), one.created_at, one.due_by, one.taken_by) for one in found
    ]


def _voice_messages(session: Session) -> list[WorkLine]:
    found = session.scalars(
        select(VoiceMessage).where(_HELD["voice_message"][2]).order_by(VoiceMessage.created_at).limit(SHOWN)
    )
    return [WorkLine("voice_message", one.id, masked(one.number), one.created_at, None, one.taken_by) for one in found]


def _drafts(session: Session) -> list[WorkLine]:
    found = session.scalars(select(Draft).where(_HELD["draft"][2]).order_by(Draft.updated_at).limit(SHOWN))
    return [WorkLine("draft", one.id, heading_of(session, one), one.updated_at, None, one.staff_id) for one in found]
