"""Closing early with a notice that callers hear, and opening again."""

from datetime import datetime, time, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from agent_console.answering import done, done_at, read_reason, refused
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.periods import today_began
from agent_console.showing import INDIA
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from ivr.calendars import open_again
from ivr.closing import Preview, calendar_of_office, close_early, preview_closing
from ivr.opening import UnknownCalendar, find_closures
from ivr.pinned import FLOW, NoFlow

blueprint = Blueprint("closing", __name__)

LONGEST_NOTICE = 300


class BadClosing(ValueError):
    """What was typed does not close anything. The message is in words of the screen; `field` names where."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@blueprint.get("/desk/board/close")
@allow("supervisor")
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/board/close")
@allow("supervisor")
def preview() -> ResponseReturnValue:
    """Show and let hear what callers will hear; nothing is closed yet."""
    try:
        until, words = _until(), _words()
        _reason()
        return _page(preview=preview_closing(telephone(), until, words), until=until)
    except BadClosing as error:
        return _page(fault=str(error), field=error.field), 422
    except UnknownCalendar:
        return _page(fault=say("refused.opening_hours")), 409


@blueprint.post("/desk/board/close/now")
@allow("supervisor")
def close() -> ResponseReturnValue:
    try:
        close_early(telephone(), _until(), _words(), reason=_reason(), by=f"staff:{me().id}")
    except BadClosing as error:
        return _page(fault=str(error), field=error.field), 422
    except UnknownCalendar:
        return _page(fault=say("refused.opening_hours")), 409
    return done(go=url_for("board.page"))


@blueprint.post("/desk/board/open")
@allow("supervisor")
def open_() -> ResponseReturnValue:
    try:
        with store().read() as connection:
            calendar = _calendar(connection)
        opened = open_again(store(), calendar, by=f"staff:{me().id}", now=now())
    except UnknownCalendar:
        return refused(say("refused.opening_hours"))
    if not opened:
        return refused(say("refused.not_closed"))
    return done_at(url_for("board.page"))


def closed_until(connection: Connection, at: datetime) -> datetime | None:
    """Until when somebody has closed the office by hand; None while its calendar counts, or before it has menus."""
    try:
        closures = find_closures(connection, _calendar(connection), at)
    except NoFlow:
        return None
    return max((one.ends_at for one in closures if one.starts_at <= at and one.ends_at is not None), default=None)


def _page(
    *, preview: list[Preview] | None = None, until: datetime | None = None, fault: str = "", field: str = ""
) -> str:
    with store().session() as session:
        return render_template(
            "desk/close.html",
            **bar(session),
            preview=preview,
            until=until,
            fault=fault,
            field=field,
            typed=request.form,
            longest=LONGEST_NOTICE,
            closed_until=closed_until(session.connection(), now()),
        )


def _calendar(connection: Connection) -> str:
    return calendar_of_office(telephone().flows.live(connection, FLOW).flow)


def _until() -> datetime:
    """The end of the closing: a time of today, or the end of the day where none is given."""
    typed, midnight = latin_digits(request.form.get("until", "").strip()), today_began(now()).astimezone(INDIA)
    if not typed:
        return midnight + timedelta(days=1)
    try:
        at = time.fromisoformat(typed)
    except ValueError as error:
        raise BadClosing(say("refused.time"), "until") from error
    until = midnight + timedelta(hours=at.hour, minutes=at.minute)
    if until <= now():
        raise BadClosing(say("refused.time_over"), "until")
    return until


def _words() -> dict[str, str]:
    words = {code: " ".join(request.form.get(f"words_{code}", "").split())[:LONGEST_NOTICE] for code in LANGUAGES}
    missing = [code for code, text in words.items() if not text]
    if missing and len(missing) < len(words):
        raise BadClosing(say("refused.notice_language", language=LANGUAGES[missing[0]]), f"words_{missing[0]}")
    return {} if missing else words


def _reason() -> str:
    reason = read_reason()
    if not reason:
        raise BadClosing(say("refused.why"), "reason")
    return reason
