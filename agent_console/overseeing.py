"""What a supervisor does from the board: another state for somebody, the end of a call that hangs."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.answering import done_at, read_reason, refused
from agent_console.guard import allow
from agent_console.surroundings import me, store, telephone
from agent_console.words import say
from ivr.call_control import FORCED, DeskClosed, NotFree, TalkOver, end_call_for_all, force_state
from models.staff import Staff

blueprint = Blueprint("overseeing", __name__)


@blueprint.post("/desk/board/staff/<int:staff_id>/state")
@allow("supervisor")
def force(staff_id: int) -> ResponseReturnValue:
    """Put somebody into another state; they read who did it and why."""
    to, reason = request.form.get("state", ""), read_reason()
    if to not in FORCED:
        return refused(say("refused.choose_state"), 422, field="state")
    if not reason:
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
    return done_at(url_for("board.page"))


@blueprint.post("/desk/board/calls/<sid>/end")
@allow("supervisor")
def end(sid: str) -> ResponseReturnValue:
    """End a call that hangs."""
    reason = read_reason()
    if not reason:
        return refused(say("refused.why"), 422, field="reason")
    try:
        end_call_for_all(telephone(), sid, reason, me().id)
    except TalkOver:
        return refused(say("refused.talk_over"))
    return done_at(url_for("board.page"))
