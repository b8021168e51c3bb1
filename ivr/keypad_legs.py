"""What a caller hears at the keypad, and the way back into the talk. Digits go from the network to their check only."""

from datetime import datetime

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from flows.last_resort import APOLOGY
from ivr import at_hand
from ivr.at_hand import twiml_response
from ivr.codes import check_code, code_sent
from ivr.conference import caller_url, conference_document, keypad_url
from ivr.keypad_checks import end_check, find_check, first_time
from ivr.leg_phrases import CODE_NOT_RIGHT, CODE_NOT_SENT, ENTER_CODE, THANK_YOU
from ivr.phrases import in_all_languages, in_language
from ivr.signed_form import read_signed_form
from ivr.speech import say_units
from ivr.talks import begin_talk
from ivr.telephone import Telephone
from ivr.twiml import ask_digits, redirect, say_and_hang_up, say_and_redirect
from models.call import Call

keypad_legs = Blueprint("keypad_legs", __name__, url_prefix="/voice/keypad")

log = structlog.get_logger()

DIGITS = 6
QUESTIONS = 3
_WAIT_S = 15  # until the text has come and is read


@keypad_legs.post("/<int:check_id>")
def ask(check_id: int) -> Response:
    """The caller has been taken out of the conference: ask for the code."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    with telephone.store.read() as connection:
        check = find_check(connection, check_id)
    if check is None or check.state != "asked":
        return twiml_response(redirect(_back(telephone, check_id)))
    if code_sent(telephone, check.message_id) is False:
        return _over(telephone, check_id, "not_sent", check.call_sid)
    return _question(telephone, check_id, 1, check.call_sid)


@keypad_legs.post("/<int:check_id>/typed/<int:question>")
def type_code(check_id: int, question: int) -> Response:
    """Six digits, fewer, or none."""
    telephone = at_hand.telephone()
    digits = read_signed_form(telephone.config).get("Digits", "")
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        check = find_check(connection, check_id)
    if check is None or check.state != "asked":
        return twiml_response(redirect(_back(telephone, check_id)))
    fresh = telephone.store.write(lambda connection: first_time(connection, check_id, question, now))
    if fresh and len(digits) == DIGITS:
        found = check_code(telephone, check.call_sid, check.number, digits, now)
        if found != "wrong":
            return _over(telephone, check_id, "right" if found == "right" else "wrong", check.call_sid)
    if question >= QUESTIONS:
        return _over(telephone, check_id, "wrong", check.call_sid)
    return _question(telephone, check_id, question + 1, check.call_sid)


@keypad_legs.post("/<int:check_id>/back")
def come_back(check_id: int) -> Response:
    """Into the conference again; on with the call if the talk is over by now."""
    telephone = at_hand.telephone()
    read_signed_form(telephone.config)
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        check = find_check(connection, check_id)
        direction = connection.scalar(select(Call.direction).where(Call.sid == check.call_sid)) if check else None
    if check is None:
        return twiml_response(say_and_hang_up(in_language("en", THANK_YOU), at_hand.voice().sound_of))
    if not (direction or "").startswith("outbound"):
        return twiml_response(redirect(caller_url(telephone.config, check.call_sid, check.talk_id)))
    name = telephone.store.write(lambda connection: begin_talk(connection, check.talk_id, check.call_sid, now))
    if name is None:
        return twiml_response(
            say_and_hang_up(in_language(_language(telephone, check.call_sid), THANK_YOU), at_hand.voice().sound_of)
        )
    action = f"{telephone.config.public_url}/voice/legs/citizen/{check.talk_id}/left"
    return twiml_response(conference_document(telephone.config, name, action))


@keypad_legs.errorhandler(Exception)
def fail_softly(error: Exception) -> Response | HTTPException:
    """A caller whose check broke goes back to the representative, who sees that it did."""
    if isinstance(error, HTTPException):
        return error  # 403 of a wrong signature
    log.exception("keypad_webhook_failed", endpoint=request.endpoint)
    check_id = (request.view_args or {}).get("check_id")
    if check_id is None or request.endpoint == "keypad_legs.come_back":
        return twiml_response(say_and_hang_up(in_all_languages(APOLOGY), at_hand.voice().sound_of))
    return twiml_response(redirect(_back(at_hand.telephone(), int(check_id))))


def _question(telephone: Telephone, check_id: int, question: int, call_sid: str) -> Response:
    language = _language(telephone, call_sid)
    phrases = [ENTER_CODE] if question == 1 else [CODE_NOT_RIGHT, ENTER_CODE]
    units = [unit for phrase in phrases for unit in in_language(language, phrase)]
    action = f"{keypad_url(telephone.config, check_id)}/typed/{question}"
    return twiml_response(ask_digits(say_units(units, at_hand.voice().sound_of), action, DIGITS, _WAIT_S))


def _over(telephone: Telephone, check_id: int, state: str, call_sid: str) -> Response:
    now: datetime = telephone.clock.now()
    telephone.store.write(lambda connection: end_check(connection, check_id, state, now))
    telephone.wake.desk()
    back = _back(telephone, check_id)
    said = {"wrong": CODE_NOT_RIGHT, "not_sent": CODE_NOT_SENT}.get(state)
    if said is None:
        return twiml_response(redirect(back))
    units = in_language(_language(telephone, call_sid), said)
    return twiml_response(say_and_redirect(say_units(units, at_hand.voice().sound_of), back))


def _back(telephone: Telephone, check_id: int) -> str:
    return f"{keypad_url(telephone.config, check_id)}/back"


def _language(telephone: Telephone, call_sid: str) -> str:
    with telephone.store.read() as connection:
        return connection.scalar(select(Call.language).where(Call.sid == call_sid)) or "en"
