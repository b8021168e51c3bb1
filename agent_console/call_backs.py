"""People to be rung: whom we promised it, who left the line, whose story broke off. Each list is worked to zero."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from agent_console.answering import by_script, done, refused
from agent_console.dialling import ring_citizen
from agent_console.guard import allow
from agent_console.preview import read_preview
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from agent_console.work_lists import LISTS, MOST
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from models.call_back import CallBack
from models.services.call_backs import List, let_go, open_rows, take_to_look

blueprint = Blueprint("call_backs", __name__)

ENDS = ("done", "opted_out")  # by hand; the third try in vain and the call that reaches us end it by themselves


@blueprint.get("/desk/call-backs")
@allow("representative", "supervisor")
def page() -> ResponseReturnValue:
    return _page("call_backs")


@blueprint.get("/desk/abandoned")
@allow("representative", "supervisor")
def abandoned() -> ResponseReturnValue:
    """Who left the line after more than five seconds and has not been reached since."""
    return _page("abandoned")


@blueprint.get("/desk/outreach")
@allow("representative", "supervisor")
def outreach() -> ResponseReturnValue:
    """Whose call ended in the middle of their story."""
    return _page("outreach")


@blueprint.get("/desk/call-backs/rows/<kind>")
@allow("representative", "supervisor")
def rows(kind: str) -> ResponseReturnValue:
    wanted = next((one for one in LISTS if one == kind), None)
    if wanted is None:
        abort(404)
    with store().session() as session:
        return render_template("desk/parts/call_backs.html", **_list(session, wanted))


@blueprint.post("/desk/call-backs/<int:call_back_id>/take")
@allow("representative")
def take(call_back_id: int) -> ResponseReturnValue:
    """Look at one before ringing: for ten minutes it is nobody else's."""
    staff_id, at = me().id, now()

    def look(connection: Connection) -> bool:
        taken = take_to_look(connection, call_back_id, staff_id, at)
        if taken:
            tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, at)
        return taken

    if not store().write(look):
        return refused(say("refused.nothing_to_dial"))
    telephone().wake.desk()
    return done(go=url_for("call_backs.preview", call_back_id=call_back_id))


@blueprint.get("/desk/call-backs/<int:call_back_id>")
@allow("representative")
def preview(call_back_id: int) -> ResponseReturnValue:
    """What is known of the person before they are rung."""
    with store().session() as session:
        seen = read_preview(session, call_back_id, me().id, now())
        return render_template("desk/preview.html", **bar(session), one=seen, ends=ENDS)


@blueprint.post("/desk/call-backs/<int:call_back_id>/let-go")
@allow("representative")
def put_back(call_back_id: int) -> ResponseReturnValue:
    staff_id, at = me().id, now()

    def free(connection: Connection) -> None:
        if let_go(connection, call_back_id, staff_id):
            tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, at)

    store().write(free)
    telephone().wake.desk()
    return done(go=url_for("call_backs.page"))


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
        ended = connection.execute(
            update(CallBack).where(still).values(state=outcome, outcome="by_hand", taken_until=None)
        )
        tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, at)
        return ended.rowcount == 1

    if not store().write(end):
        return refused(say("refused.nothing_to_dial"))
    telephone().wake.desk()
    listed = request.form.get("from") == "preview"
    return done(go=url_for("call_backs.page") if listed or not by_script() else None)


def _page(kind: List) -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/call_backs.html", **bar(session), **_list(session, kind))


def _list(session: Session, kind: List) -> dict[str, object]:
    return {"kind": kind, "rows": open_rows(session, now(), kind, MOST), "ends": ENDS}
