"""What a supervisor does from the board: another state for somebody, the end of a call that hangs."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.answering import by_script, done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, store, telephone
from agent_console.words import say
from ivr.call_control import FORCED, DeskClosed, NotFree, TalkOver, end_call_for_all, force_state
from models.staff import Staff

blueprint = Blueprint("overseeing", __name__)

LEAST_REASON = 3


@blueprint.post("/desk/board/staff/<int:staff_id>/state")
@allow("supervisor")
def force(staff_id: int) -> ResponseReturnValue:
    """Put somebody into another state; they read who did it and why."""
    to, reason = request.form.get("state", ""), request.form.get("reason", "").strip()[:200]
    if to not in FORCED:
        return refused(say("refused.choose_state"), 422, field="state")
    if len(reason) < LEAST_REASON:
        return refused(say("refused.why"), 422, field="reason")
    with store().session() as session:
        known = session.scalar(select(Staff.id).where(Staff.id == staff_id, Staff.active))
    if known is None:
        return refused(say("refused.no_such_person"), 404)
    try:
        force_state(telephone(), staff_id, to, reason, me().id)
    except NotFree:
        return refused(say("refused.in_talk"))
    except DeskClosed:
        return refused(say("refused.desk_closed"))
    return _back()


@blueprint.post("/desk/board/calls/<sid>/end")
@allow("supervisor")
def end(sid: str) -> ResponseReturnValue:
    """End a call that hangs."""
    reason = request.form.get("reason", "").strip()[:200]
    if len(reason) < LEAST_REASON:
        return refused(say("refused.why"), 422, field="reason")
    try:
        end_call_for_all(telephone(), sid, reason, me().id)
    except TalkOver:
        return refused(say("refused.talk_over"))
    return _back()


def _back() -> ResponseReturnValue:
    return done(go=None if by_script() else url_for("board.page"))
