"""On duty and off: ready, break, wrap-up, and the sign of life of the one tab that is the desk."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.one_desk import hold_desk, leave_desk
from agent_console.own_account import own_name
from agent_console.safety import limiter
from agent_console.showing import BREAK_REASONS
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from agent_console.wrap_up import extend_wrap_up, keep_outcome
from ivr.call_control import Microphone, NotFree, finish_wrap_up, go_ready, heartbeat, take_break, tell_microphone
from models.outcomes import DEFAULT_OUTCOME, OUTCOMES

blueprint = Blueprint("duty", __name__)


@blueprint.post("/desk/ready")
@allow("representative")
def ready() -> ResponseReturnValue:
    try:
        go_ready(telephone(), me().id)
    except NotFree as error:
        return refused(say("refused.not_free", state=say(f"state.{error.state}")))
    return done()


@blueprint.post("/desk/break")
@allow("representative")
def pause() -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    if reason not in BREAK_REASONS:
        return refused(say("refused.break_reason"), 422)
    try:
        take_break(telephone(), me().id, reason)
    except NotFree as error:
        return refused(say("refused.not_free", state=say(f"state.{error.state}")))
    return done()


@blueprint.post("/desk/wrap-up/finish")
@allow("representative")
def finish() -> ResponseReturnValue:
    """Keep what became of the talk. When the time is up the page sends what it has, with the default outcome."""
    time_is_up = request.form.get("time_is_up") == "yes"
    outcome = request.form.get("outcome", "") or (DEFAULT_OUTCOME if time_is_up else "")
    if outcome not in OUTCOMES:
        return refused(say("refused.outcome"), 422, field="outcome")
    staff_id, note, at = me().id, request.form.get("note", ""), now()
    store().transact(lambda session: keep_outcome(session, staff_id, outcome, note, at))
    if request.form.get("then") == "break":
        take_break(telephone(), staff_id, "other")
    else:
        finish_wrap_up(telephone(), staff_id)
    return done()


@blueprint.post("/desk/wrap-up/extend")
@allow("representative")
def extend() -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        return refused(say("refused.more_reason"), 422, field="reason")
    staff_id, at = me().id, now()
    if not store().transact(lambda session: extend_wrap_up(session, staff_id, reason, at)):
        return refused(say("refused.extended"))
    telephone().wake.desk()
    return done()


@blueprint.post("/desk/alive")
@allow("representative")
def alive() -> ResponseReturnValue:
    """The sign of life of a page. 409 for a tab that is not the desk, so that it can say so and offer to take over."""
    tab, take_over, at = request.form.get("tab", "")[:64], request.form.get("take_over") == "yes", now()
    staff_id = me().id
    # The pages beside the desk are a sign of life too, and never the desk.
    if tab and not store().transact(lambda session: hold_desk(session, staff_id, tab, at, take_over=take_over)):
        return refused(say("tab.elsewhere"))
    if take_over:
        telephone().wake.desk()
    return done(state=heartbeat(telephone(), staff_id, _microphone()))


@blueprint.post("/desk/microphone")
@allow("representative")
@limiter.limit("60/minute", key_func=own_name)
def microphone() -> ResponseReturnValue:
    """The page has closed or opened its microphone. What is lost of this, its next sign of life tells."""
    told = _microphone()
    if told is not None:
        tell_microphone(telephone(), me().id, told)
    return done()


@blueprint.post("/desk/gone")
@allow("representative")
def gone() -> ResponseReturnValue:
    """The tab was closed or is loading again: the next one may be the desk at once."""
    tab, staff_id = request.form.get("tab", "")[:64], me().id
    store().transact(lambda session: leave_desk(session, staff_id, tab))
    return done()


def _microphone() -> Microphone | None:
    """None of a page without voice: then nobody knows."""
    leg = request.form.get("leg", "")[:64]
    return Microphone(leg, request.form.get("muted") == "yes") if leg else None
