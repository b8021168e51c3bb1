"""A caller who rings about an earlier complaint: the form is linked to it, and their words may be added to it."""

import json
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.beside_form import words_beside
from agent_console.draft_form import ABOUT, cleaned, data_of, own_open_draft
from agent_console.guard import allow
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from models.actor import Actor
from models.draft import Draft
from models.services import save_draft
from models.services.earlier import add_to_earlier, find_earlier

blueprint = Blueprint("about", __name__)


@blueprint.post("/desk/about")
@allow("representative")
def link() -> ResponseReturnValue:
    """It is about this one: `draft` is the form on the screen. Without a reference it is about none any more."""
    staff_id, at = me().id, now()
    wanted, reference = request.form.get("draft", type=int), request.form.get("reference", "")

    def write(session: Session) -> bool:
        draft = own_open_draft(session, staff_id, wanted) if wanted is not None else None
        if draft is None or (reference and find_earlier(session, reference) is None):
            return False
        data = {**data_of(draft), ABOUT: reference}
        kept = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
        save_draft(session, draft_id=draft.id, staff_id=staff_id, data=kept, version=draft.version, now=at)
        return True

    if not store().transact(write):
        return refused(say("refused.no_form"))
    return done()


@blueprint.post("/desk/drafts/<int:draft_id>/add")
@allow("representative")
def add(draft_id: int) -> ResponseReturnValue:
    """Add the words on the screen to the earlier complaint instead of registering a new one."""
    staff_id, at = me().id, now()
    sent = {name: value for name, value in request.form.items() if name != "csrf_token"}
    outcome = store().transact(lambda session: _add(session, staff_id, draft_id, sent, at))
    if outcome in ("text", "beside"):
        return refused(say(f"refused.{outcome}"), 422, field=outcome)
    if outcome is None:
        return refused(say("refused.draft_gone"))
    telephone().wake.desk()
    return done(reference=outcome)


def _add(session: Session, staff_id: int, draft_id: int, sent: dict[str, str], now: datetime) -> str | None:
    draft = session.get(Draft, draft_id, with_for_update=True)
    if draft is None or draft.staff_id != staff_id or draft.discarded_at is not None:
        return None
    complaint = find_earlier(session, data_of(draft).get(ABOUT))
    if complaint is None or draft.complaint_id not in (None, complaint.id):
        return None
    if draft.complaint_id == complaint.id:
        return complaint.reference  # pressed twice
    data = cleaned(sent, data_of(draft))
    words = data.get("text", "").strip()
    if not words:
        return "text"
    if words_beside(draft):
        return "beside"
    kept = json.dumps(data, ensure_ascii=False)
    save_draft(session, draft_id=draft.id, staff_id=staff_id, data=kept, version=draft.version, now=now)
    add_to_earlier(session, complaint, draft, words, by=Actor.staff(staff_id, "representative"), now=now)
    return complaint.reference
