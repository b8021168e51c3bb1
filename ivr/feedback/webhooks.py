"""Webhooks of the calls that the line places to ask whether it is solved."""

import structlog
from flask import Blueprint, Response
from sqlalchemy import Connection, select, update

from ivr import at_hand
from ivr.answering import speak
from ivr.at_hand import twiml_response
from ivr.feedback.tries import settle_call
from ivr.hang_up import end_call
from ivr.numbers import identify
from ivr.pinned import FEEDBACK
from ivr.signed_form import read_signed_form
from ivr.statuses import is_over
from ivr.turn import answer_placed
from ivr.twiml import HANG_UP
from models.feedback_call import FeedbackCall

feedback_calls = Blueprint("feedback_calls", __name__, url_prefix="/voice/feedback")

log = structlog.get_logger()


@feedback_calls.post("/<int:feedback_id>/<int:attempt>")
def answered(feedback_id: int, attempt: int) -> Response:
    """Somebody, or a machine, has picked up."""
    telephone, voice = at_hand.telephone(), at_hand.voice()
    form = read_signed_form(telephone.config)
    sid = form.get("CallSid", "")

    def work() -> str:
        found = telephone.store.write(lambda connection: _claim(connection, feedback_id, attempt, sid))
        if found is None:
            return HANG_UP  # of an attempt that is over, or a second call of it
        number, language = found
        return answer_placed(telephone, voice, sid, identify(number), FEEDBACK, language)

    return twiml_response(speak(telephone, voice, form, "feedback_calls.answered", work))


@feedback_calls.post("/<int:feedback_id>/<int:attempt>/status")
def note_status(feedback_id: int, attempt: int) -> Response:
    """The call is over, or was never answered. A report that could not be kept is found out by the sweep."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
    try:
        if is_over(status):
            end_call(telephone, sid, status)
            settle_call(telephone, feedback_id, attempt, sid, status)
    except Exception:
        log.exception("feedback_report_failed", feedback_id=feedback_id)
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    telephone.wake.router()
    return Response(status=204)


def _claim(connection: Connection, feedback_id: int, attempt: int, sid: str) -> tuple[str, str] | None:
    """Number and language, if this is the call of the attempt under way."""
    mine = (FeedbackCall.id == feedback_id) & (FeedbackCall.attempts == attempt) & (FeedbackCall.state == "ringing")
    connection.execute(update(FeedbackCall).where(mine, FeedbackCall.call_sid.is_(None)).values(call_sid=sid))
    row = connection.execute(
        select(FeedbackCall.number, FeedbackCall.language).where(mine, FeedbackCall.call_sid == sid)
    ).one_or_none()
    return (row.number, row.language) if row is not None else None
