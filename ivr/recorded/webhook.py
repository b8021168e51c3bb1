"""Where the network tells of the recordings of talks."""

import structlog
from flask import Blueprint, Response

from ivr import at_hand
from ivr.recorded.rows import take_report
from ivr.signed_form import read_signed_form
from ivr.written import written

recordings = Blueprint("recordings", __name__, url_prefix="/voice/recordings")

log = structlog.get_logger()


@recordings.post("/<conference>")
def hear_recording(conference: str) -> Response:
    """It runs, its file is there, or there is none. Repeats and reports out of order change nothing."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    try:
        fetch = written(telephone, lambda connection, now: take_report(connection, conference, form, now))
    except Exception:
        log.exception("recording_report_failed")
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    if fetch is not None:
        telephone.wake.recording(fetch)
    return Response(status=204)
