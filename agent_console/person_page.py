"""A person's data by a page: what is held by their number, given out as a file, or erased once a second person agrees.

The number is never in an address, and stands among no acts; each look is an act, with its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused_at
from agent_console.erasing import StillNeeded, erase_for_good
from agent_console.guard import allow
from agent_console.legal_holds import read_holds
from agent_console.names import people_of
from agent_console.officer_here import Who, who
from agent_console.reveal import LEAST
from agent_console.surroundings import store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.accounting import account
from ivr.numbers import to_e164
from models.complaint import Complaint
from models.erasure import Erasure
from models.errors import Refused
from models.legal_hold import LegalHold
from models.services.erasing import Outcome, ask_erasure, decide_erasure, waiting_erasures
from models.services.forgetting import Kept, export_person, find_person, what_keeps
from models.services.keeping import find_hold

blueprint = Blueprint("person_page", __name__)

ROLES = ("supervisor", "admin")
_DECISIONS: Mapping[str, Outcome] = {"refuse": "refused", "take_back": "taken_back"}


class Unfit(ValueError):
    """What was typed cannot be taken; the message is the key of the words that say so."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a person: how much of each kind, what stands in the way of erasing, and the holds."""

    number: str
    counts: Mapping[str, int]
    kept: list[Kept]
    holds: list[tuple[str, LegalHold]]


@blueprint.get("/desk/person")
@allow(*ROLES)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/person")
@allow(*ROLES)
def look() -> ResponseReturnValue:
    """Tell what is held by a number."""
    try:
        number, reason, by = _asked()
        found = store().transact(lambda session: _look(session, number, reason, by))
    except Unfit as error:
        return _page(fault=say(str(error)), typed=request.form), 422
    return _page(found=found, typed={"number": number, "reason": reason})


@blueprint.post("/desk/person/export")
@allow(*ROLES)
def export() -> ResponseReturnValue:
    """All of it as a file of JSON."""
    try:
        number, reason, by = _asked()
        told = store().transact(lambda session: _export(session, number, reason, by, "person_exported"))
    except Unfit as error:
        return _page(fault=say(str(error)), typed=request.form), 422
    answer = Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename="person.json")
    answer.cache_control.no_store = True
    return answer


@blueprint.post("/desk/person/erasures")
@allow(*ROLES)
def ask() -> ResponseReturnValue:
    """Have an erasure wait for a second person."""
    try:
        number, reason, by = _asked()
        store().transact(lambda session: _ask(session, number, reason, by))
    except Unfit as error:
        return _page(fault=say(str(error)), typed=request.form), 422
    except Refused as error:
        return _page(fault=say(f"person.refused.{error.code}"), typed=request.form), 409
    return done_at(url_for("person_page.page"), say("person.asked"))


@blueprint.post("/desk/person/erasures/<int:erasure_id>/agree")
@allow(*ROLES)
def agree(erasure_id: int) -> ResponseReturnValue:
    """A second person agrees: it is done at once, and cannot be undone."""
    by, address = who(), url_for("person_page.page")

    def number_of(session: Session) -> str:
        number = decide_erasure(session, erasure_id, "erased", staff_id=by.staff_id, now=by.at)
        _spare_own(session, number, by)
        return number

    try:
        with store().session() as session:
            asked = session.get(Erasure, erasure_id)
        if asked is None:
            abort(404)
        done = erase_for_good(telephone(), number_of, reason=asked.reason, by=f"staff:{by.staff_id}", now=by.at)
    except StillNeeded:
        return refused_at(address, say("person.refused.still_needed"), 409)
    except Unfit as error:
        return refused_at(address, say(str(error)), 409)
    except Refused as error:
        return refused_at(address, say(f"person.refused.{error.code}"), 409)
    if not done.is_whole:
        return refused_at(address, say("person.left", names=", ".join((*done.files, *done.recordings))), 424)
    return done_at(address, say("person.erased", n=done.rows))


@blueprint.post("/desk/person/erasures/<int:erasure_id>/<decision>")
@allow(*ROLES)
def decide(erasure_id: int, decision: str) -> ResponseReturnValue:
    """Refuse what somebody else asked for, or take back one's own."""
    outcome = _DECISIONS.get(decision) or abort(404)
    by, address = who(), url_for("person_page.page")
    try:
        store().transact(lambda session: _end(session, erasure_id, outcome, by))
    except Unfit as error:
        return refused_at(address, say(str(error)), 409)
    except Refused as error:
        return refused_at(address, say(f"person.refused.{error.code}"), 409)
    return done_at(address, say(f"person.{outcome}"))


def _asked() -> tuple[str, str, Who]:
    """Whom it is about, why, and who asks. Raises Unfit."""
    number, reason = to_e164(request.form.get("number", "")), request.form.get("reason", "").strip()[:200]
    if number is None:
        raise Unfit("person.no_number")
    if len(reason) < LEAST:
        raise Unfit("person.no_reason")
    return number, reason, who()


def _look(session: Session, number: str, reason: str, by: Who) -> Held:
    told = _export(session, number, reason, by, "person_looked_at")
    held = _held(session, number, by.at)
    return Held(number, {name: len(rows) for name, rows in told.items() if name != "number" and rows}, *held)


def _export(session: Session, number: str, reason: str, by: Who, act: str) -> dict[str, Any]:
    _spare_own(session, number, by)
    connection = session.connection()
    told = export_person(connection, find_person(connection, number, to_e164))
    # Without the number: whoever reads the acts need not know whom it was about.
    account(connection, f"staff:{by.staff_id}", act, "person", by.at, {"reason": reason})
    return told


def _ask(session: Session, number: str, reason: str, by: Who) -> int:
    _spare_own(session, number, by)
    return ask_erasure(session, number, reason, staff_id=by.staff_id, now=by.at)


def _end(session: Session, erasure_id: int, outcome: Outcome, by: Who) -> None:
    number = decide_erasure(session, erasure_id, outcome, staff_id=by.staff_id, now=by.at)
    if outcome == "refused":
        _spare_own(session, number, by)


def _spare_own(session: Session, number: str, by: Who) -> None:
    """Nobody reads or erases a complaint about themselves. Raises Unfit."""
    theirs = find_person(session.connection(), number, to_e164).complaints
    about_me = select(Complaint.id).where(Complaint.id.in_(theirs), ~by.not_about_me(session))
    if session.scalar(about_me.limit(1)) is not None:
        raise Unfit("person.about_you")


def _held(session: Session, number: str, at: datetime) -> tuple[list[Kept], list[tuple[str, LegalHold]]]:
    """What stands in the way of erasing now, and the holds among it."""
    person = find_person(session.connection(), number, to_e164)
    cases = session.execute(select(Complaint.id, Complaint.reference).where(Complaint.id.in_(person.complaints)))
    holds = [(case.reference, hold) for case in cases.all() if (hold := find_hold(session, case.id)) is not None]
    return what_keeps(session, person, at), holds


def _page(*, found: Held | None = None, fault: str = "", typed: Mapping[str, str] | None = None) -> str:
    by = who()
    with store().session() as session:
        waiting = waiting_erasures(session)
        return render_template(
            "desk/person.html",
            **bar(session),
            found=found,
            fault=fault,
            typed=typed or {},
            holds=read_holds(session, by),
            waiting=[(one, bool(_held(session, one.number, by.at)[0])) for one in waiting],
            people=people_of(session, [one.asked_by for one in waiting]),
            mine=by.staff_id,
            least=LEAST,
        )
