"""What a webhook has at hand: the process's telephone and voice, and the form of its answer."""

from flask import Response, current_app

from ivr.telephone import Telephone
from ivr.voice import Voice


def telephone() -> Telephone:
    """The telephone of this process."""
    found: Telephone = current_app.extensions["telephone"]
    return found


def voice() -> Voice:
    """What this process knows of speaking to callers."""
    found: Voice = current_app.extensions["voice"]
    return found


def twiml_response(document: str) -> Response:
    """A TwiML document as the answer to a webhook."""
    return Response(document, content_type="text/xml; charset=utf-8")
