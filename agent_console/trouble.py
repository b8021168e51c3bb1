"""What people read when a page cannot be shown."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException

from agent_console.answering import by_script
from agent_console.surroundings import me
from agent_console.words import say
from ivr.pinned import NoFlow
from models.errors import StoreUnavailable

_KNOWN = {
    400: "bad",
    401: "signed_out",
    403: "forbidden",
    404: "missing",
    405: "missing",
    413: "too_big",
    429: "often",
    503: "store",
}


def add_trouble_pages(app: Flask) -> None:
    """Answer errors of the staff screens in plain words. Other pages keep their own answers."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(RateLimitExceeded, show_too_often)
    app.register_error_handler(StoreUnavailable, show_store_away)
    app.register_error_handler(NoFlow, show_no_menus)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    if not request.path.startswith("/desk"):
        return error
    code = error.code or 500
    return _show(_KNOWN.get(code, "fault"), code)


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    """The token is of another session. A page whose person has signed in anew meanwhile is told the token of now."""
    if not by_script():
        return _show("stale", 400)
    if not current_user.is_authenticated:
        return _show("signed_out", 401)
    told, status = _told("stale", 400)
    return {**told, "token": generate_csrf(), "who": str(me().id)}, status


def show_too_often(error: RateLimitExceeded) -> ResponseReturnValue:
    return _show("often", 429)


def show_store_away(error: StoreUnavailable) -> ResponseReturnValue:
    return _show("store", 503)


def show_no_menus(error: NoFlow) -> ResponseReturnValue:
    # A script would take 503 for a server that is away, and the page would say so.
    return _show("no_menus", 424 if by_script() else 503)


def _show(kind: str, status: int) -> ResponseReturnValue:
    if by_script():
        return _told(kind, status)
    page = render_template(
        "desk/trouble.html", heading=say(f"trouble.{kind}.heading"), mend=say(f"trouble.{kind}.mend")
    )
    return page, status


def _told(kind: str, status: int) -> tuple[dict[str, str], int]:
    return {"error": f"{say(f'trouble.{kind}.heading')} {say(f'trouble.{kind}.mend')}"}, status
