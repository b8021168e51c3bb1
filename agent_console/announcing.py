"""What callers are told before the menus: posted for a while, heard before, ended by hand."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused_at
from agent_console.closing import LONGEST_NOTICE
from agent_console.guard import allow
from agent_console.periods import typed_moment
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from ivr.announcing import end_announcement, list_announcements, post_announcement
from ivr.calendars import closing_of
from models.announcement import Announcement

blueprint = Blueprint("announcing", __name__)

_ENDED_SHOWN = 10


class BadNotice(ValueError):
    """What was typed cannot be told. The message is in words of the screen; `field` names where."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Line:
    """An announcement, with its sounds by language. `state` is told, to_come or over."""

    row: Announcement
    state: str
    sounds: dict[str, str]
    by_closing: bool


@blueprint.get("/desk/announcements")
@allow("supervisor")
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/announcements")
@allow("supervisor")
def post() -> ResponseReturnValue:
    """Have callers told something, in every language."""
    try:
        words, (begins, ends) = _words(), _stretch()
    except BadNotice as error:
        return _page(fault=str(error), field=error.field), 422
    if not post_announcement(telephone(), words, begins, ends, by=me().actor):
        return _page(fault=say("announce.nowhere")), 409
    flash(say("announce.posted"), "done")
    return done(go=url_for("announcing.page"))


@blueprint.post("/desk/announcements/<int:announcement_id>/end")
@allow("supervisor")
def end(announcement_id: int) -> ResponseReturnValue:
    if not end_announcement(store(), announcement_id, by=me().actor, now=now()):
        return refused_at(url_for("announcing.page"), say("announce.over_already"), 409)
    flash(say("announce.ended"), "done")
    return done(go=url_for("announcing.page"))


def _page(*, fault: str = "", field: str = "") -> str:
    at = now()
    with store().session() as session:
        rows = list_announcements(session.connection(), at, over=_ENDED_SHOWN)
        return render_template(
            "desk/announcements.html",
            **bar(session),
            lines=[_line(row, at) for row in rows],
            fault=fault,
            field=field,
            typed=request.form,
            longest=LONGEST_NOTICE,
        )


def _line(row: Announcement, at: datetime) -> Line:
    state = "over" if row.ends_at <= at else "told" if row.starts_at <= at else "to_come"
    found = {code: telephone().sounds.find(text, code) for code, text in row.words.items()}
    by_closing = row.posted_by.startswith(closing_of(""))
    return Line(row, state, {code: name for code, name in found.items() if name}, by_closing)


def _words() -> dict[str, str]:
    words = {code: " ".join(request.form.get(f"words_{code}", "").split())[:LONGEST_NOTICE] for code in LANGUAGES}
    missing = next((code for code, text in words.items() if not text), None)
    if missing is not None:
        raise BadNotice(say("announce.missing", language=LANGUAGES[missing]), f"words_{missing}")
    return words


def _stretch() -> tuple[datetime, datetime]:
    """From when up to when it is told; from now on where no beginning is given."""
    begins = _moment("begins") if request.form.get("begins", "").strip() else now()
    ends = _moment("ends")
    if ends <= max(begins, now()):
        raise BadNotice(say("announce.ends_before"), "ends")
    return begins, ends


def _moment(field: str) -> datetime:
    moment = typed_moment(request.form.get(field, ""))
    if moment is None:
        raise BadNotice(say("announce.no_time"), field)
    return moment
