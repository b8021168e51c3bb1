"""A webhook's form, or 403 when it is not signed by the telephone provider."""

from functools import cache
from typing import TYPE_CHECKING

import structlog
from flask import Response, abort, request

from config import Config
from ivr.form import parse_form
from ivr.signature import SignatureCheck, requested_target

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = structlog.get_logger()

LONGEST_FORM = 65_536  # bytes; the provider's forms have about five hundred
# No page of HTML: to the telephone that is a document with errors.
BAD_SIGNATURE = "The signature is wrong.\n"
_FORM = "application/x-www-form-urlencoded"


class BadSignature(Exception):
    """The request does not come from the telephone provider."""


def read_signed_form(config: Config) -> dict[str, str]:
    """The fields of this request's form; of repeated ones the first. Aborts with 403 if the signature is wrong.

    A body that is no form (JSON, with its digest in the address) has no fields.
    """
    too_long = (request.content_length or 0) > LONGEST_FORM
    try:
        return read_form(config, request.environ, b"" if too_long else request.get_data(cache=False))
    except BadSignature:
        abort(Response(BAD_SIGNATURE, 403, content_type="text/plain; charset=utf-8"))


def read_form(config: Config, environ: "WSGIEnvironment", body: bytes) -> dict[str, str]:
    """The same for a bare WSGI request. Raises BadSignature."""
    signature = environ.get("HTTP_X_TWILIO_SIGNATURE", "")
    algorithm = environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS", "")
    checks = _checks(config.twilio_auth_token, config.twilio_auth_token_before, config.public_url)
    target = requested_target(environ)
    if body and not environ.get("CONTENT_TYPE", "").startswith(_FORM):
        pairs: list[tuple[str, str]] = []
        text = body.decode("utf-8", "replace")
        agrees = any(check.agrees_with_body(target, text, signature, algorithm) for check in checks)
    else:
        pairs = parse_form(body)
        agrees = any(check.agrees(target, pairs, signature, algorithm) for check in checks)
    if not agrees:
        log.warning("bad_signature", url_path=environ.get("PATH_INFO", ""))
        raise BadSignature
    return dict(reversed(pairs))


@cache
def _checks(token: str, before: str | None, public_url: str) -> tuple[SignatureCheck, ...]:
    return tuple(SignatureCheck(one, public_url) for one in (token, before) if one)
