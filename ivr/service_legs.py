"""Webhooks of the calls to emergency services."""

import structlog
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from ivr import at_hand
from ivr.at_hand import twiml_response
from ivr.conference import conference_document
from ivr.emergency import service_in, service_status, service_url
from ivr.signed_form import read_signed_form
from ivr.twiml import HANG_UP

service_legs = Blueprint("service_legs", __name__, url_prefix="/voice/services")

log = structlog.get_logger()


@service_legs.post("/<int:transfer_id>")
def answer(transfer_id: int) -> Response:
    """The service has picked up: into the conference, where caller and representative are."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, now = form.get("CallSid", ""), telephone.clock.now()
    conference = telephone.store.write(lambda connection: service_in(connection, transfer_id, sid, now))
    telephone.wake.desk()
    if conference is None:
        return twiml_response(HANG_UP)
    left = service_url(telephone.config, transfer_id, "/left")
    return twiml_response(conference_document(telephone.config, conference, left))


@service_legs.post("/<int:transfer_id>/left")
def leave(transfer_id: int) -> Response:
    """The talk is over for the service."""
    read_signed_form(at_hand.telephone().config)
    return twiml_response(HANG_UP)


@service_legs.post("/<int:transfer_id>/status")
def note_status(transfer_id: int) -> Response:
    """Call status of the service. A report that could not be kept is found out by the sweep."""
    telephone = at_hand.telephone()
    status, now = read_signed_form(telephone.config).get("CallStatus", ""), telephone.clock.now()
    try:
        telephone.store.write(lambda connection: service_status(connection, transfer_id, status, now))
    except Exception:
        log.exception("service_report_failed", transfer_id=transfer_id)
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    telephone.wake.desk()
    telephone.wake.router()
    return Response(status=204)


@service_legs.errorhandler(Exception)
def fail_softly(error: Exception) -> Response | HTTPException:
    """A service that cannot be brought in is let go: the representative is still there."""
    if isinstance(error, HTTPException):
        return error  # 403 of a wrong signature
    log.exception("service_webhook_failed")
    return twiml_response(HANG_UP)
