"""Webhook of the network's reports about texts."""

from flask import Blueprint, Response, request

from ivr import at_hand
from ivr.deliveries import believe_report
from ivr.signed_form import read_signed_form

messages = Blueprint("messages", __name__, url_prefix="/voice/messages")


@messages.post("/<int:message_id>/status")
def note_message_status(message_id: int) -> Response:
    """What became of one attempt (`?attempt=`) to send a message."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    attempt = request.args.get("attempt", 0, type=int)
    status, sid, code = form.get("MessageStatus", ""), form.get("MessageSid", ""), form.get("ErrorCode")
    telephone.store.write(
        lambda connection: believe_report(connection, message_id, attempt, status, sid, code, telephone.clock.now())
    )
    telephone.wake.desk()
    return Response(status=204)
