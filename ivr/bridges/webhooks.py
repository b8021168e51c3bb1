"""Webhooks of bridges: the officer picks up and presses a key, the citizen picks up, and either is gone."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Connection, select, update
from werkzeug.exceptions import HTTPException

from flows.last_resort import APOLOGY
from ivr import at_hand
from ivr.at_hand import twiml_response
from ivr.bridges.ending import citizen_gone, officer_gone
from ivr.bridges.phrases import (
    CITIZEN_AWAY,
    CITIZEN_BUSY,
    NOT_CONNECTED,
    NOT_RUNG,
    OFFICE_CALLS,
    TALK_OVER,
    TYPE_CODE,
    about_complaint,
)
from ivr.bridges.placing import bridge_url
from ivr.phrases import ONE_MOMENT, in_all_languages, in_language
from ivr.placing_once import RING_SECONDS
from ivr.signed_form import read_signed_form
from ivr.speech import say_lines, say_units
from ivr.statuses import is_over
from ivr.telephone import Telephone
from ivr.twiml import HANG_UP, ask_digits, dial_number, say, say_and_hang_up
from models.bridge import Bridge
from models.complaint import Complaint
from models.services.bridging import confirm_telephone, move_bridge
from models.staff import Staff

bridges = Blueprint("bridges", __name__, url_prefix="/voice/bridges")

log = structlog.get_logger()

CONNECT = "1"
QUESTIONS = 3
_WAIT_S = 8  # after the question
LONGEST_TALK_S = 3600

Phrase = Mapping[str, str]


class _Officer(NamedTuple):
    """What is heard at the officer's end: in which language, about which complaint, and what must be typed."""

    state: str
    language: str
    reference: str
    number: str
    code: str | None


@bridges.post("/<int:bridge_id>")
def answered(bridge_id: int) -> Response:
    """The officer, or whoever has their telephone, has picked up."""
    telephone, form = at_hand.telephone(), _form()
    sid = form.get("CallSid", "")
    first = (Bridge.id == bridge_id) & (Bridge.state == "officer") & Bridge.call_sid.is_(None)
    claim = update(Bridge).where(first).values(call_sid=sid)
    telephone.store.write(lambda connection: connection.execute(claim))
    officer = _officer(telephone, bridge_id, sid)
    if officer is None or officer.state != "officer":
        return twiml_response(HANG_UP)  # it is over, or this is a second call of it
    return _question(telephone, bridge_id, 1, officer)


@bridges.post("/<int:bridge_id>/key/<int:question>")
def press(bridge_id: int, question: int) -> Response:
    """The key that dials the citizen, another one, or none. A repeated request gets the same document."""
    telephone, form = at_hand.telephone(), _form()
    digits = form.get("Digits", "")
    officer = _officer(telephone, bridge_id, form.get("CallSid", ""))
    if officer is None or officer.state not in ("officer", "citizen"):
        return twiml_response(HANG_UP)
    if officer.state == "officer" and digits != (officer.code or CONNECT):
        if question < QUESTIONS:
            return _question(telephone, bridge_id, question + 1, officer)
        return _goodbye(NOT_CONNECTED, officer.language)
    now = telephone.clock.now()
    telephone.store.write(lambda connection: _ring_citizen(connection, bridge_id, now))
    telephone.wake.desk()
    config = telephone.config
    return twiml_response(
        dial_number(
            say_units(in_language(officer.language, ONE_MOMENT), at_hand.voice().sound_of),
            officer.number,
            shown=config.helpline_number,
            action=bridge_url(config, bridge_id, "/after"),
            before=bridge_url(config, bridge_id, "/citizen"),
            ring_seconds=RING_SECONDS,
            longest_s=LONGEST_TALK_S,
        )
    )


@bridges.post("/<int:bridge_id>/citizen")
def whisper(bridge_id: int) -> Response:
    """The citizen has picked up: they hear who calls, and then the officer."""
    telephone, form = at_hand.telephone(), _form()
    sid, now = form.get("CallSid", ""), telephone.clock.now()

    def pick_up(connection: Connection) -> str | None:
        move_bridge(connection, bridge_id, "citizen", now, state="talking", talked_at=now, citizen_sid=sid)
        mine = (Bridge.id == bridge_id) & (Bridge.state == "talking") & (Bridge.citizen_sid == sid)
        return connection.scalar(select(Bridge.language).where(mine))

    language = telephone.store.write(pick_up)
    telephone.wake.desk()
    if language is None:
        return twiml_response(HANG_UP)
    return twiml_response(say(in_language(language, OFFICE_CALLS), at_hand.voice().sound_of))


@bridges.post("/<int:bridge_id>/after")
def after(bridge_id: int) -> Response:
    """The citizen is gone, or was never reached: the officer is told. Asked too when the officer has hung up."""
    telephone, form = at_hand.telephone(), _form()
    sid, status, seconds = (form.get(name, "") for name in ("CallSid", "DialCallStatus", "DialCallDuration"))
    officer = _officer(telephone, bridge_id, sid)
    if officer is None:
        return twiml_response(HANG_UP)
    if is_over(form.get("CallStatus", "")):
        officer_gone(telephone, bridge_id, sid, form["CallStatus"])
        return twiml_response(HANG_UP)
    outcome = citizen_gone(telephone, bridge_id, sid, status, int(seconds) if seconds.isdecimal() else None)
    said = {"answered": TALK_OVER, "busy": CITIZEN_BUSY, "no_answer": CITIZEN_AWAY}.get(outcome or "", NOT_RUNG)
    return _goodbye(said, officer.language)


@bridges.post("/<int:bridge_id>/status")
def note_status(bridge_id: int) -> Response:
    """The officer's call is over. A report that could not be kept is found out by the sweep."""
    telephone, form = at_hand.telephone(), _form()
    status = form.get("CallStatus", "")
    try:
        if is_over(status):
            officer_gone(telephone, bridge_id, form.get("CallSid", ""), status)
    except Exception:
        log.exception("bridge_report_failed", bridge_id=bridge_id)
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    return Response(status=204)


@bridges.errorhandler(Exception)
def fail_softly(error: Exception) -> Response | HTTPException:
    """A person who is listening hears a sentence, and the call ends: the officer's page tells how."""
    if isinstance(error, HTTPException):
        return error  # 403 of a wrong signature
    log.exception("bridge_webhook_failed", endpoint=request.endpoint)
    return twiml_response(say_and_hang_up(in_all_languages(APOLOGY), at_hand.voice().sound_of))


def _ring_citizen(connection: Connection, bridge_id: int, now: datetime) -> None:
    if not move_bridge(connection, bridge_id, "officer", now, state="citizen", rung_at=now):
        return
    wanted = select(Bridge.staff_id, Bridge.own_number).where(Bridge.id == bridge_id, Bridge.code.is_not(None))
    typed = connection.execute(wanted).one_or_none()
    if typed is not None:
        confirm_telephone(connection, typed.staff_id, typed.own_number, now)


def _officer(telephone: Telephone, bridge_id: int, sid: str) -> _Officer | None:
    """The officer's end, if `sid` is their call."""
    wanted = (
        select(Bridge.state, Staff.screen_language, Complaint.reference, Bridge.number, Bridge.code)
        .join(Staff, Staff.id == Bridge.staff_id)
        .join(Complaint, Complaint.id == Bridge.complaint_id)
        .where(Bridge.id == bridge_id, Bridge.call_sid == sid)
    )
    with telephone.store.read() as connection:
        row = connection.execute(wanted).one_or_none()
    return _Officer(*row) if row is not None else None


def _question(telephone: Telephone, bridge_id: int, question: int, officer: _Officer) -> Response:
    sounds, action = at_hand.voice().sound_of, bridge_url(telephone.config, bridge_id, f"/key/{question}")
    if officer.code is None:
        heard = say_lines([about_complaint(officer.language, officer.reference)], sounds)
    else:
        heard = say_units(in_language(officer.language, TYPE_CODE), sounds)
    return twiml_response(ask_digits(heard, action, len(officer.code or CONNECT), _WAIT_S))


def _goodbye(phrase: Phrase, language: str) -> Response:
    return twiml_response(say_and_hang_up(in_language(language, phrase), at_hand.voice().sound_of))


def _form() -> dict[str, str]:
    return read_signed_form(at_hand.telephone().config)
