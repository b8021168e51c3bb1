"""Handing a caller on: asked first or sent on, to a colleague, to another language, to an emergency service."""

from collections.abc import Callable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, telephone
from agent_console.words import LANGUAGES, say
from config import EMERGENCY_SERVICES
from ivr import call_control
from ivr.call_control import (
    ColleagueBusy,
    NobodySpeaksIt,
    NotConnectedYet,
    OfferExpired,
    TalkOver,
    TransferUnderWay,
)
from ivr.gateway import GatewayError

blueprint = Blueprint("handing_on", __name__)


@blueprint.post("/desk/talks/<int:talk_id>/hand-on")
@allow("representative")
def hand_on(talk_id: int) -> ResponseReturnValue:
    """To a colleague: `ask` them first while the caller is held, or `send` the caller on."""
    colleague, how = request.form.get("colleague", type=int), request.form.get("how", "ask")
    if colleague is None:
        return refused(say("refused.colleague"), 422, field="colleague")
    act = call_control.send_to_colleague if how == "send" else call_control.consult
    return _done(lambda: act(telephone(), talk_id, me().id, colleague))


@blueprint.post("/desk/talks/<int:talk_id>/to-language")
@allow("representative")
def to_language(talk_id: int) -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        return refused(say("refused.language"), 422, field="language")
    return _done(lambda: call_control.send_to_language(telephone(), talk_id, me().id, language))


@blueprint.post("/desk/talks/<int:talk_id>/service")
@allow("representative")
def to_service(talk_id: int) -> ResponseReturnValue:
    """An emergency service comes into the call; one without a line is read out."""
    service = request.form.get("service", "")
    if service not in EMERGENCY_SERVICES:
        return refused(say("refused.service"), 422)
    return _done(lambda: call_control.call_service(telephone(), talk_id, me().id, service))


@blueprint.post("/desk/talks/<int:talk_id>/join")
@allow("representative")
def join(talk_id: int) -> ResponseReturnValue:
    return _done(lambda: call_control.join_all(telephone(), talk_id, me().id))


@blueprint.post("/desk/talks/<int:talk_id>/hand-over")
@allow("representative")
def hand_over(talk_id: int) -> ResponseReturnValue:
    """Leave the caller with whoever has come in."""
    return _done(lambda: call_control.hand_over(telephone(), talk_id, me().id))


@blueprint.post("/desk/talks/<int:talk_id>/take-back")
@allow("representative")
def take_back(talk_id: int) -> ResponseReturnValue:
    return _done(lambda: call_control.take_back(telephone(), talk_id, me().id))


@blueprint.post("/desk/transfers/<int:transfer_id>/accept")
@allow("representative")
def accept(transfer_id: int) -> ResponseReturnValue:
    """Answer a colleague who asks."""
    try:
        accepted = call_control.accept_transfer(telephone(), transfer_id, me().id)
    except OfferExpired:
        return refused(say("refused.offer_over"))
    return done(ticket=accepted.ticket, talk=accepted.talk_id)


@blueprint.post("/desk/transfers/<int:transfer_id>/decline")
@allow("representative")
def decline(transfer_id: int) -> ResponseReturnValue:
    call_control.decline_transfer(telephone(), transfer_id, me().id)
    return done()


def _done(act: Callable[[], object]) -> ResponseReturnValue:
    """Do it, or say in plain words why it cannot be done."""
    try:
        act()
    except TalkOver:
        return refused(say("refused.talk_over"))
    except NotConnectedYet:
        return refused(say("refused.not_in_yet"))
    except TransferUnderWay:
        return refused(say("refused.under_way"))
    except ColleagueBusy:
        return refused(say("refused.colleague_busy"))
    except NobodySpeaksIt:
        return refused(say("refused.nobody_speaks_it"))
    except GatewayError:
        return refused(say("refused.network"), 424)
    return done()
