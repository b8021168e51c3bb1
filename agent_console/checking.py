"""The number check at the desk: only its end is ever shown."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.draft_form import find_draft
from agent_console.guard import allow
from agent_console.situation import read_situation
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.call_control import CannotSend, NotConnectedYet, TalkOver, TransferUnderWay, check_number
from ivr.gateway import GatewayError
from models.keypad_check import KeypadCheck

blueprint = Blueprint("checking", __name__)


@blueprint.post("/desk/talks/<int:talk_id>/check")
@allow("representative")
def check(talk_id: int) -> ResponseReturnValue:
    """Send the caller to the keypad with a code for the number in the form, else the one they call from."""
    staff_id = me().id
    with store().session() as session:
        number = _number(session, staff_id, talk_id)
    if not number:
        return refused(say("refused.no_number"), 422)
    try:
        check_number(telephone(), talk_id, staff_id, number)
    except TalkOver:
        return refused(say("refused.talk_over"))
    except NotConnectedYet:
        return refused(say("refused.not_connected_yet"))
    except TransferUnderWay:
        return refused(say("refused.at_keypad"))
    except CannotSend:
        return refused(say("refused.no_code"))
    except GatewayError:
        return refused(say("refused.network"), 424)
    return done()


def verified_in(session: Session, call_sid: str | None, number: str | None) -> bool:
    """True if the caller has proved in this call that the number is theirs."""
    if not call_sid or not number:
        return False
    right = select(KeypadCheck.id).where(
        KeypadCheck.call_sid == call_sid, KeypadCheck.number == number, KeypadCheck.state == "right"
    )
    return session.scalar(right.limit(1)) is not None


def _number(session: Session, staff_id: int, talk_id: int) -> str:
    shown = find_draft(session, staff_id, talk_id, None)
    card = read_situation(session, staff_id, now()).card
    return (shown.data.get("contact_number", "") if shown else "") or (card.number if card else None) or ""
