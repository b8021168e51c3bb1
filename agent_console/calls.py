"""The call itself: answer, hold, come in again, end."""

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.draft_form import start_draft
from agent_console.guard import allow
from agent_console.situation import read_situation
from agent_console.surroundings import me, now, store, telephone
from agent_console.talk_acts import act_on_talk
from agent_console.words import say
from ivr import call_control
from ivr.call_control import AlreadyTaken, OfferExpired, TalkOver
from models.services.drafting import adopt_drafts_of_caller
from models.talk import Talk

blueprint = Blueprint("calls", __name__)


@blueprint.post("/desk/offers/<int:offer_id>/accept")
@allow("representative")
def accept(offer_id: int) -> ResponseReturnValue:
    """The first answer wins and gets the ticket; everybody else is told who has the caller."""
    staff_id = me().id
    try:
        accepted = call_control.accept_offer(telephone(), offer_id, staff_id)
    except AlreadyTaken as error:
        return refused(say("refused.taken", who=error.who), who=error.who)
    except OfferExpired:
        return refused(say("refused.offer_over"))
    open_form(staff_id, accepted.talk_id)
    return done(ticket=accepted.ticket, talk=accepted.talk_id)


@blueprint.post("/desk/talks/<int:talk_id>/ticket")
@allow("representative")
def rejoin(talk_id: int) -> ResponseReturnValue:
    """A new ticket into one's own talk: after a reload, or in the tab that took over."""
    try:
        accepted = call_control.rejoin(telephone(), talk_id, me().id)
    except TalkOver:
        return refused(say("refused.talk_over"))
    return done(ticket=accepted.ticket, talk=accepted.talk_id)


@blueprint.post("/desk/talks/<int:talk_id>/hold")
@allow("representative")
def hold(talk_id: int) -> ResponseReturnValue:
    return act_on_talk(talk_id, call_control.hold)


@blueprint.post("/desk/talks/<int:talk_id>/unhold")
@allow("representative")
def unhold(talk_id: int) -> ResponseReturnValue:
    return act_on_talk(talk_id, call_control.unhold)


@blueprint.post("/desk/talks/<int:talk_id>/end")
@allow("representative")
def end(talk_id: int) -> ResponseReturnValue:
    call_control.end_talk(telephone(), talk_id, me().id)
    return done()


def open_form(staff_id: int, talk_id: int) -> None:
    """Lay out the form of this talk, with what the caller told the menus, so that the first keystroke has a home."""
    at = now()
    with store().session() as session:
        card = read_situation(session, staff_id, at).card
    tell, number = (card.tell, card.number) if card is not None else ({}, None)

    def lay_out(session: Session) -> None:
        if not _adopt_drafts(session, staff_id, talk_id, at):
            start_draft(session, staff_id, at, talk_id=talk_id, tell=tell, number=number)

    store().transact(lay_out)


def _adopt_drafts(session: Session, staff_id: int, talk_id: int, at: datetime) -> int:
    """What a colleague has begun to write with this caller goes on here."""
    call_sid = session.get_one(Talk, talk_id).call_sid
    if call_sid is None:
        return 0
    return adopt_drafts_of_caller(session.connection(), call_sid=call_sid, to_talk=talk_id, staff_id=staff_id, now=at)
