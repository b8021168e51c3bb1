"""Webhooks of a talk's legs: representatives who enter by ticket, citizens we ring back, conference events."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Connection, select
from werkzeug.exceptions import HTTPException

from audio.music import sections_of
from flows.last_resort import APOLOGY
from ivr import at_hand
from ivr.access_token import staff_of
from ivr.at_hand import twiml_response
from ivr.conference import conference_document, music_document
from ivr.leg_events import (
    end_other_legs,
    language_of,
    note_dialled_call,
    take_conference_event,
    take_dialled_status,
    take_leg_status,
)
from ivr.leg_phrases import CALLING_BACK, EXIT_RUDE, EXIT_SILENT, PLEASE_STAY, RECORDED, THANK_YOU, TICKET_OLD
from ivr.listenings import begin_listening, silence_whispers
from ivr.phrases import in_all_languages, in_language
from ivr.signed_form import read_signed_form
from ivr.speech import say_units
from ivr.talks import begin_talk, caller_alone, leg_out, representative_joined
from ivr.telephone import Telephone
from ivr.tickets import Entrance, use_ticket
from ivr.twiml import EMPTY, HANG_UP, say, say_and_hang_up
from ivr.written import written
from models.call import Call
from models.leg import Leg
from models.staff import Staff
from models.talk import Talk

T = TypeVar("T")

legs = Blueprint("legs", __name__, url_prefix="/voice/legs")

log = structlog.get_logger()


@legs.post("")
def enter_talk() -> Response:
    """The TwiML App's document: a representative's browser has connected out with a ticket.

    Who it is stands in `From`, which the network vouches for; everything else a browser can make up.
    """
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, staff_id = form.get("CallSid", ""), staff_of(form.get("From", ""))

    def enter(connection: Connection, now: datetime) -> Entrance | str:
        if staff_id is None:
            return "en"
        entrance = use_ticket(connection, form.get("ticket", ""), sid, staff_id, now)
        if entrance is None:
            return connection.scalar(select(Staff.screen_language).where(Staff.id == staff_id)) or "en"
        if entrance.first and entrance.role == "supervisor":
            begin_listening(connection, entrance.talk_id, staff_id, entrance.leg_id, now)
        elif entrance.first:
            silence_whispers(connection, entrance.talk_id, now)
            end_other_legs(connection, entrance.talk_id, entrance.leg_id, now)
            representative_joined(connection, entrance.talk_id, now)
        return entrance

    entered = _written(telephone, enter)
    if isinstance(entered, str):
        log.warning("ticket_refused", leg_sid=sid)
        return twiml_response(say_and_hang_up(in_language(entered, TICKET_OLD), at_hand.voice().sound_of))
    action = f"{telephone.config.public_url}/voice/legs/{entered.leg_id}/left"
    muted = entered.role == "supervisor"
    return twiml_response(conference_document(telephone.config, entered.conference, action, muted=muted))


@legs.post("/<int:leg_id>/left")
def leave_talk(leg_id: int) -> Response:
    """The action of a representative's Dial: the conference is over for this leg."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)

    def leave(connection: Connection, now: datetime) -> None:
        mine = select(Leg.id).where(Leg.id == leg_id, Leg.sid == form.get("CallSid", ""))
        if connection.scalar(mine) is not None:
            leg_out(connection, leg_id, now)

    _written(telephone, leave)
    return twiml_response(HANG_UP)


@legs.post("/status")
def note_leg_status() -> Response:
    """Call status of representatives' legs, where the TwiML App names this address."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
    _written(telephone, lambda connection, now: take_leg_status(connection, sid, status, now))
    return Response(status=204)


@legs.post("/conference")
def note_conference_event() -> Response:
    """Events of all conferences."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    _written(telephone, lambda connection, now: take_conference_event(connection, form, now))
    return Response(status=204)


@legs.post("/music")
def play_music() -> Response:
    """What one hears alone in a conference and on hold: section after section."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    sections = sections_of("hold_music")
    section = request.args.get("section", 0, type=int) % len(sections)
    name = sections[section]
    address = f"{telephone.config.public_url}/sounds/{name}.wav" if telephone.sounds.has(name) else None
    return twiml_response(music_document(telephone.config, address, (section + 1) % len(sections)))


@legs.post("/stay/<int:talk_id>")
def ask_to_stay(talk_id: int) -> Response:
    """What is announced to a caller whose representative's line is gone; nothing once somebody is back."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    with telephone.store.read() as connection:
        if not caller_alone(connection, talk_id):
            return twiml_response(EMPTY)
        language = connection.scalar(
            select(Call.language).join(Talk, Talk.call_sid == Call.sid).where(Talk.id == talk_id)
        )
    return twiml_response(say(in_language(language or "en", PLEASE_STAY), at_hand.voice().sound_of))


@legs.post("/exit/<int:talk_id>/<any(silent, crank, abusive):reason>")
def say_exit_line(talk_id: int, reason: str) -> Response:
    """The last sentence to a silent, crank or abusive caller."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    with telephone.store.read() as connection:
        spoken = select(Call.language).join(Talk, Talk.call_sid == Call.sid).where(Talk.id == talk_id)
        language = connection.scalar(spoken) or "en"
    words = EXIT_SILENT if reason == "silent" else EXIT_RUDE
    return twiml_response(say_and_hang_up(in_language(language, words), at_hand.voice().sound_of))


@legs.post("/citizen/<int:talk_id>")
def bring_citizen(talk_id: int) -> Response:
    """A citizen whom we ring back has picked up."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, number = form.get("CallSid", ""), form.get("To", "")

    def bring(connection: Connection, now: datetime) -> tuple[str | None, str]:
        language = language_of(connection, talk_id)
        note_dialled_call(connection, talk_id, sid, number, telephone.config.helpline_number, language, now)
        return begin_talk(connection, talk_id, sid, now, records=telephone.config.record_talks), language

    conference, language = _written(telephone, bring)
    if conference is None:
        # Rung twice, or the representative has given up meanwhile.
        return twiml_response(say_and_hang_up(in_language(language, THANK_YOU), at_hand.voice().sound_of))
    said = [CALLING_BACK, *([RECORDED] if telephone.config.record_talks else [])]
    greeting = say_units([unit for words in said for unit in in_language(language, words)], at_hand.voice().sound_of)
    action = f"{telephone.config.public_url}/voice/legs/citizen/{talk_id}/left"
    return twiml_response(conference_document(telephone.config, conference, action, greeting))


@legs.post("/citizen/<int:talk_id>/left")
def thank_citizen(talk_id: int) -> Response:
    """The talk with a citizen whom we rang back is over."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    with telephone.store.read() as connection:
        language = language_of(connection, talk_id)
    return twiml_response(say_and_hang_up(in_language(language, THANK_YOU), at_hand.voice().sound_of))


@legs.post("/citizen/<int:talk_id>/status")
def note_citizen_status(talk_id: int) -> Response:
    """Call status of a citizen whom we ring back."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    sid, status, number = form.get("CallSid", ""), form.get("CallStatus", ""), form.get("To", "")

    def note(connection: Connection, now: datetime) -> None:
        language = language_of(connection, talk_id)
        note_dialled_call(connection, talk_id, sid, number, telephone.config.helpline_number, language, now)
        take_dialled_status(connection, talk_id, sid, status, now)

    _written(telephone, note)
    return Response(status=204)


@legs.errorhandler(Exception)
def fail_softly(error: Exception) -> Response | HTTPException:
    """A person who is listening hears a sentence; a report that could not be kept is found out by the sweep."""
    if isinstance(error, HTTPException):
        return error  # 403 of a wrong signature
    log.exception("leg_webhook_failed", endpoint=request.endpoint)
    if (request.endpoint or "").rpartition(".")[2].startswith("note_"):
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    if request.endpoint == "legs.ask_to_stay":
        return twiml_response(EMPTY)  # the caller is in a talk, and stays in it without the sentence too
    return twiml_response(say_and_hang_up(in_all_languages(APOLOGY), at_hand.voice().sound_of))


def _written(telephone: Telephone, work: Callable[[Connection, datetime], T]) -> T:
    result = written(telephone, work)
    telephone.wake.router()
    return result
