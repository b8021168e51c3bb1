"""Feedback calls: citizens who are still to say whether it is solved, rung by people beside the line itself."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from agent_console.answering import LONGEST_REASON, done, refused
from agent_console.dialling import ring_citizen
from agent_console.events_shown import read_timeline
from agent_console.guard import allow
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from agent_console.work_lists import MOST, FeedbackRow, feedback_row, feedback_rows
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.feedback.by_people import SAID, NotRung, NotYours
from ivr.feedback.by_people import write_answer as write_what_was_said
from models.errors import IllegalTransition
from models.services.feedback import let_feedback_go, take_feedback

blueprint = Blueprint("feedback", __name__)


@blueprint.get("/desk/feedback")
@allow("representative", "supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/feedback.html", **bar(session), rows=feedback_rows(session, now(), MOST))


@blueprint.get("/desk/feedback/rows")
@allow("representative", "supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/feedback.html", rows=feedback_rows(session, now(), MOST))


@blueprint.post("/desk/feedback/<int:feedback_id>/take")
@allow("representative")
def take(feedback_id: int) -> ResponseReturnValue:
    """Look at one before ringing: for ten minutes neither the line nor a colleague rings."""
    staff_id, at = me().id, now()

    def look(connection: Connection) -> bool:
        taken = take_feedback(connection, feedback_id, staff_id, at) is not None
        if taken:
            tell_desk(connection, CALL_BACK, f"feedback-{feedback_id}", EVERYBODY, at)
        return taken

    if not store().write(look):
        return refused(say("refused.nothing_to_dial"))
    telephone().wake.desk()
    return done(go=url_for("feedback.preview", feedback_id=feedback_id))


@blueprint.get("/desk/feedback/<int:feedback_id>")
@allow("representative")
def preview(feedback_id: int) -> ResponseReturnValue:
    """What is known of the case before its citizen is rung, and what came of it afterwards."""
    with store().session() as session:
        one: FeedbackRow | None = feedback_row(session, feedback_id, now())
        if one is not None and one.held_by is not None and one.held_by != me().id:
            one = None
        timeline = read_timeline(session, one.complaint.id) if one is not None else []
        shown = {"one": one, "timeline": timeline, "said": SAID, "longest": LONGEST_REASON}
        return render_template("desk/feedback_preview.html", **bar(session), **shown)


@blueprint.post("/desk/feedback/<int:feedback_id>/let-go")
@allow("representative")
def put_back(feedback_id: int) -> ResponseReturnValue:
    staff_id, at = me().id, now()

    def free(connection: Connection) -> None:
        if let_feedback_go(connection, feedback_id, staff_id):
            tell_desk(connection, CALL_BACK, f"feedback-{feedback_id}", EVERYBODY, at)

    store().write(free)
    telephone().wake.desk()
    return done(go=url_for("feedback.page"))


@blueprint.post("/desk/feedback/<int:feedback_id>/dial")
@allow("representative")
def dial(feedback_id: int) -> ResponseReturnValue:
    """Ring the citizen. The desk opens and its voice comes in first."""
    return ring_citizen(feedback_id=feedback_id)


@blueprint.post("/desk/feedback/<int:feedback_id>/said")
@allow("representative")
def said(feedback_id: int) -> ResponseReturnValue:
    """What the citizen said; or that nobody answered, which counts as a try."""
    answer = request.form.get("said", "")
    if answer not in SAID:
        abort(422)
    note = request.form.get("note", "").strip()[:LONGEST_REASON]
    try:
        write_what_was_said(telephone(), feedback_id, me().id, answer, note)
    except (NotYours, IllegalTransition):
        return refused(say("feedback.not_yours"))
    except NotRung:
        return refused(say("feedback.not_rung"))
    return done(go=url_for("feedback.page"))
