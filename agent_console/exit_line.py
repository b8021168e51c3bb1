"""Silent, crank and abusive calls at the desk: ended with a sentence, and taken back where it was a mistake."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, store, telephone
from agent_console.words import say
from ivr.call_control import TalkOver, end_with_exit_line
from models.diversion import Diversion
from models.services.diversions import REASONS, lift

blueprint = Blueprint("exit_line", __name__)


@blueprint.post("/desk/talks/<int:talk_id>/exit")
@allow("representative")
def leave(talk_id: int) -> ResponseReturnValue:
    """The caller hears a sentence, the call ends, and their next calls go to the voice for a while."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        return refused(say("refused.outcome"), 422)
    try:
        end_with_exit_line(telephone(), talk_id, me().id, reason)
    except TalkOver:
        return refused(say("refused.talk_over"))
    return done()


@blueprint.post("/desk/talks/<int:talk_id>/exit/undo")
@allow("representative")
def undo(talk_id: int) -> ResponseReturnValue:
    """It was a mistake: the number's calls come to people again."""
    staff_id = me().id
    if not store().write(lambda connection: lift(connection, talk_id, staff_id)):
        return refused(say("refused.talk_over"))
    telephone().wake.desk()
    return done()


def diversion_of(session: Session, talk_id: int) -> Diversion | None:
    """The diversion that was made in this talk, if it stands."""
    made = select(Diversion).where(Diversion.talk_id == talk_id, Diversion.until > Diversion.made_at)
    return session.scalars(made).one_or_none()
