"""Complaints that are kept, whatever is asked or due, because a court or an inquiry wants them: placed and released."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused_at
from agent_console.digits import only_digits
from agent_console.guard import allow
from agent_console.names import actors_of
from agent_console.officer_here import Who, who
from agent_console.reveal import LEAST
from agent_console.surroundings import store
from agent_console.words import say
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.legal_hold import LegalHold
from models.services.keeping import place_hold, release_hold

blueprint = Blueprint("legal_holds", __name__)

ROLES = ("supervisor", "admin")
_PAGE = "person_page.page"

Change = Callable[..., ComplaintEvent]


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold that stands. `by` is who placed it, as a name where it was a person of the staff."""

    reference: str
    reason: str
    by: str
    since: datetime


@blueprint.post("/desk/person/holds")
@allow(*ROLES)
def place() -> ResponseReturnValue:
    """Keep everything of a complaint until it is released."""
    return _change(place_hold, say("person.hold_placed"))


@blueprint.post("/desk/person/holds/release")
@allow(*ROLES)
def release() -> ResponseReturnValue:
    """Let a complaint be kept as long as any other."""
    return _change(release_hold, say("person.hold_released"))


def read_holds(session: Session, by: Who) -> list[HoldLine]:
    """All that stand and are not about whoever asks, the newest first."""
    rows = session.execute(
        select(LegalHold, Complaint.reference)
        .join(Complaint, Complaint.id == LegalHold.complaint_id)
        .where(LegalHold.released_at.is_(None), by.not_about_me(session))
        .order_by(LegalHold.id.desc())
    ).all()
    names = actors_of(session, {hold.placed_by for hold, _ in rows})
    return [
        HoldLine(reference, hold.reason, names.get(hold.placed_by, hold.placed_by), hold.placed_at)
        for hold, reference in rows
    ]


def _change(change: Change, words: str) -> ResponseReturnValue:
    reference, by = only_digits(request.form.get("reference", "")), who()
    reason = request.form.get("reason", "").strip()[:200]
    if len(reason) < LEAST:
        return refused_at(url_for(_PAGE), say("person.no_reason"))

    def work(session: Session) -> bool:
        wanted = select(Complaint).where(Complaint.reference == reference, by.not_about_me(session))
        case = session.scalars(wanted).one_or_none()
        if case is not None:
            change(session, case, reason=reason, by=f"staff:{by.staff_id}", now=by.at)
        return case is not None

    try:
        is_there = store().transact(work)
    except Refused as error:
        return refused_at(url_for(_PAGE), say(f"person.refused.{error.code}"), 409)
    if not is_there:
        return refused_at(url_for(_PAGE), say("person.no_case"), 404)
    return done_at(url_for(_PAGE), words)
