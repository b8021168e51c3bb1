"""Complaints being written: saved from the first keystroke, registered, discarded."""

import json

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import by_script, done, refused
from agent_console.draft_form import cleaned, data_of, draft_lines, own_open_draft, sent_form, start_draft
from agent_console.guard import allow
from agent_console.registering import Unfit, register_draft
from agent_console.situation import read_situation
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.opening import UnknownCalendar
from ivr.wording import words_in_force
from models.draft import Draft
from models.errors import DraftConflict
from models.services import save_draft
from models.services.drafting import TALK

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/desk/drafts")
@allow("representative")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/drafts.html", **bar(session), rows=draft_lines(session, me().id))


@blueprint.post("/desk/drafts")
@allow("representative")
def start() -> ResponseReturnValue:
    """A new form: a second matter of the caller who is on the line, or one without a call."""
    staff_id, at, language = me().id, now(), me().screen_language
    like = request.form.get("like", type=int)
    with store().session() as session:
        first = session.get(Draft, like) if like is not None else None
        own = data_of(first) if first is not None and first.staff_id == staff_id else {}
        talk_id = int(own[TALK]) if own.get(TALK) else read_situation(session, staff_id, at).talk_id

    def begin(session: Session) -> int:
        return start_draft(session, staff_id, at, talk_id=talk_id, like=own, language=language).id

    draft_id = store().transact(begin)
    return done(go=url_for("desk.page", draft=draft_id), draft=draft_id)


@blueprint.post("/desk/drafts/<int:draft_id>")
@allow("representative")
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what is on the screen. 409 with the newest version where somebody else has saved meanwhile."""
    staff_id, at = me().id, now()
    version = request.form.get("version", 0, type=int)
    sent = sent_form()

    def keep(session: Session) -> Draft | None:
        draft = own_open_draft(session, staff_id, draft_id)
        if draft is None:
            return None
        data = json.dumps(cleaned(sent, data_of(draft)), ensure_ascii=False)
        return save_draft(session, draft_id=draft.id, staff_id=staff_id, data=data, version=version, now=at)

    try:
        saved = store().transact(keep)
    except DraftConflict as error:
        return refused(say("refused.draft_changed", who=error.name), version=error.version)
    if saved is None:
        return refused(say("refused.draft_gone"))
    return done(version=saved.version)


@blueprint.post("/desk/drafts/<int:draft_id>/register")
@allow("representative")
def register(draft_id: int) -> ResponseReturnValue:
    """Make the draft a complaint. The text goes out by itself after this."""
    staff_id, at = me().id, now()
    sent = {name: value for name, value in request.form.items() if name != "csrf_token"}
    words = words_in_force(telephone())
    try:
        registered = store().transact(lambda session: register_draft(session, words, staff_id, draft_id, sent, at))
    except Unfit as error:
        return refused(say(f"refused.{error.field}"), 422, field=error.field)
    except UnknownCalendar:
        return refused(say("refused.calendar"), 424)
    if registered is None:
        return refused(say("refused.draft_gone"))
    for message_id in registered.message_ids:
        telephone().wake.text(message_id)
    telephone().wake.desk()
    return done(reference=registered.reference)


@blueprint.post("/desk/drafts/<int:draft_id>/discard")
@allow("representative")
def discard(draft_id: int) -> ResponseReturnValue:
    staff_id, at = me().id, now()

    def drop(session: Session) -> bool:
        draft = own_open_draft(session, staff_id, draft_id)
        if draft is None:
            return False
        draft.discarded_at = at
        return True

    if not store().transact(drop):
        return refused(say("refused.draft_gone"))
    return done(go=url_for("drafts.page") if not by_script() else url_for("desk.page"))
