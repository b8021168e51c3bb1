"""What the caller chose in the menus beside what it really was: so the menus learn which of their words mislead."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, store
from agent_console.words import say
from models.category import Category
from models.queue_entry import QueueEntry
from models.talk import Talk

blueprint = Blueprint("wrong_kind", __name__)

KEPT, UNKNOWN_TALK, UNKNOWN_KIND = "kept", "talk", "kind"


@blueprint.post("/desk/talks/<int:talk_id>/kind")
@allow("representative")
def keep(talk_id: int) -> ResponseReturnValue:
    """Keep that the caller chose the wrong kind. Said again, the last word counts."""
    staff_id, real = me().id, request.form.get("kind", "")
    kept = store().transact(lambda session: keep_real_kind(session, staff_id, talk_id, real))
    if kept == UNKNOWN_TALK:
        return refused(say("refused.talk_over"))
    if kept == UNKNOWN_KIND:
        return refused(say("refused.category"), 422, field="kind")
    return done()


def keep_real_kind(session: Session, staff_id: int, talk_id: int, real: str) -> str:
    """Write both kinds on a talk of this person that is not wrapped up. Returns what came of it."""
    talk = session.get(Talk, talk_id)
    if talk is None or talk.staff_id != staff_id or talk.wrapped_at is not None:
        return UNKNOWN_TALK
    if session.get(Category, real) is None:
        return UNKNOWN_KIND
    entry = session.get(QueueEntry, talk.entry_id) if talk.entry_id else None
    talk.pressed_kind = (entry.tell.get("category") if entry else None) or ""
    talk.real_kind = real
    return KEPT
