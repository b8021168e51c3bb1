"""A webhook's form, or 403 when it is not signed by the telephone provider."""

from functools import cache
from typing import NoReturn

import structlog
from flask import Response, abort, request

from config import Config
from ivr.form import parse_form
from ivr.signature import SignatureCheck, requested_target

log = structlog.get_logger()

_FORM = "application/x-www-form-urlencoded"
_LONGEST = 65_536  # bytes; the provider's forms have about five hundred


def read_signed_form(config: Config) -> dict[str, str]:
    """The fields of this request's form; of repeated ones the first. Aborts with 403 if the signature is wrong.

    A body that is no form (JSON, with its digest in the address) has no fields.
    """
    if (request.content_length or 0) > _LONGEST:
        _refuse()
    body = request.get_data(cache=False)
    signature = request.headers.get("X-Twilio-Signature", "")
    algorithm = request.headers.get("X-Twilio-Webhooks-Signature-Settings", "")
    check = _check(config.twilio_auth_token, config.public_url)
    target = requested_target(request.environ)
    if body and not request.environ.get("CONTENT_TYPE", "").startswith(_FORM):
        if not check.agrees_with_body(target, body.decode("utf-8", "replace"), signature, algorithm):
            _refuse()
        return {}
    pairs = parse_form(body)
    if not check.agrees(target, pairs, signature, algorithm):
        _refuse()
    return dict(reversed(pairs))


def _refuse() -> NoReturn:
    log.warning("bad_signature", url_path=request.path)
    # No page of HTML: to the telephone that is a document with errors.
    abort(Response("The signature is wrong.\n", 403, content_type="text/plain; charset=utf-8"))


@cache
def _check(token: str, public_url: str) -> SignatureCheck:
    return SignatureCheck(token, public_url)
