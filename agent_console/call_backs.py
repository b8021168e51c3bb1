"""People whom we promised to ring."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, update

from agent_console.answering import by_script, done, refused
from agent_console.dialling import ring_citizen
from agent_console.guard import allow
from agent_console.surroundings import now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from agent_console.work_lists import open_call_backs
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from models.call_back import CallBack

blueprint = Blueprint("call_backs", __name__)

ENDS = ("done", "given_up", "opted_out")


@blueprint.get("/desk/call-backs")
@allow("representative", "supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/call_backs.html", **bar(session), rows=open_call_backs(session))


@blueprint.get("/desk/call-backs/rows")
@allow("representative", "supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/call_backs.html", rows=open_call_backs(session))


@blueprint.post("/desk/call-backs/<int:call_back_id>/dial")
@allow("representative")
def dial(call_back_id: int) -> ResponseReturnValue:
    """Ring the citizen. The desk opens and its voice comes in first."""
    return ring_citizen(call_back_id=call_back_id)


@blueprint.post("/desk/call-backs/<int:call_back_id>/close")
@allow("representative", "supervisor")
def close(call_back_id: int) -> ResponseReturnValue:
    outcome = request.form.get("outcome", "")
    if outcome not in ENDS:
        return refused(say("refused.close_as"), 422)
    at = now()

    def end(connection: Connection) -> bool:
        still = (CallBack.id == call_back_id) & CallBack.state.in_(("open", "taken"))
        ended = connection.execute(update(CallBack).where(still).values(state=outcome, outcome="by_hand"))
        tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, at)
        return ended.rowcount == 1

    if not store().write(end):
        return refused(say("refused.nothing_to_dial"))
    telephone().wake.desk()
    return done(go=None if by_script() else url_for("call_backs.page"))
