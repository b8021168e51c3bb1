"""The page behind the link in a text: a citizen says whether it is solved. For any telephone's browser, no scripts."""

import structlog
from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from agent_console.guard import open_to_all
from agent_console.safety import limiter
from agent_console.surroundings import store, telephone
from agent_console.words import LANGUAGES, name_in, screen_language
from ivr.answer_links import LONGEST_WORDS, Asked, answer_by_link, read_link
from ivr.link_secret import ADDRESS
from models.answer_link import ANSWERS
from models.category import Category
from models.errors import StoreUnavailable
from models.open_data import GUARDED

blueprint = Blueprint("citizen_answer", __name__, url_prefix=ADDRESS.rstrip("/"))

log = structlog.get_logger()

_LIMIT = "60/minute"  # whole towns share one address of a telephone network


@blueprint.get("/<secret>")
@open_to_all
@limiter.limit(_LIMIT)
def page(secret: str) -> ResponseReturnValue:
    """Asks, or tells what was said. A look changes nothing: networks and telephones look at links by themselves."""
    return _draw(secret, read_link(telephone(), secret))


@blueprint.post("/<secret>")
@open_to_all
@limiter.limit(_LIMIT)
def say(secret: str) -> ResponseReturnValue:
    """Take the answer, and tell what happens next."""
    answer = request.form.get("answer", "")
    words = request.form.get("words", "").replace("\r\n", "\n").strip()
    words = words.replace("\0", "")  # PostgreSQL keeps no such letter
    if answer not in ANSWERS:
        return _draw(secret, read_link(telephone(), secret), words=words, is_missing=True)
    return _draw(secret, answer_by_link(telephone(), secret, answer, words), is_fresh=True)


@blueprint.errorhandler(RateLimitExceeded)
@blueprint.errorhandler(StoreUnavailable)
def show_trouble(error: Exception) -> ResponseReturnValue:
    """Not now; without the ways to staff screens that their own page of trouble has."""
    secret = str((request.view_args or {}).get("secret", ""))
    return _draw(secret, None, trouble=429 if isinstance(error, RateLimitExceeded) else 503)


@blueprint.errorhandler(Exception)
def show_fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours. Flask itself would write the address, which is the secret, into the log."""
    if isinstance(error, HTTPException):
        return error
    log.error("citizen_answer_failed", kind=type(error).__name__, endpoint=request.endpoint)
    return show_trouble(error)


def _draw(
    secret: str,
    asked: Asked | None,
    *,
    words: str = "",
    is_missing: bool = False,
    is_fresh: bool = False,
    trouble: int = 0,
) -> Response:
    drawn = render_template(
        "citizen/answer.html",
        secret=secret,
        trouble=trouble,
        asked=asked,
        language=_language(asked),
        kind=_kind(asked) if asked is not None else "",
        answers=ANSWERS,
        longest=LONGEST_WORDS,
        words=words,
        is_missing=is_missing,
        is_fresh=is_fresh,
        number=telephone().config.helpline_number,
    )
    answer = make_response(drawn, trouble or _status(asked, is_missing=is_missing))
    answer.cache_control.no_store = True
    return answer


def _status(asked: Asked | None, *, is_missing: bool) -> int:
    if asked is None:
        return 404
    if asked.standing == "over":
        return 410
    return 422 if is_missing and asked.standing == "asked" else 200


def _language(asked: Asked | None) -> str:
    """The one that was chosen on the page, else that of the complaint, else of the browser."""
    chosen = request.values.get("lang", "")
    wanted = chosen or (asked.language if asked is not None else "")
    return wanted if wanted in LANGUAGES else screen_language()


def _kind(asked: Asked) -> str:
    """What it is about, unless others who hold the telephone had better not know."""
    if asked.name_hidden or asked.category in GUARDED:
        return ""
    with store().read() as connection:
        names = connection.scalar(select(Category.names).where(Category.code == asked.category)) or {}
    return name_in(names, _language(asked))
