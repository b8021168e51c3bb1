"""Showing a whole number: only with a reason, which is kept."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_console.answering import refused_at
from agent_console.guard import allow
from agent_console.officer_here import READERS, who
from agent_console.surroundings import me, now, store
from agent_console.words import say
from ivr.accounting import account
from models.case_access import readable
from models.complaint import Complaint

blueprint = Blueprint("reveal", __name__)

LEAST = 4
_SHOWN = "number_shown_of"
_NAMED = "name_shown_of"


@blueprint.post("/desk/complaints/<reference>/number")
@allow("representative", "supervisor")
def complaint_number(reference: str) -> ResponseReturnValue:
    """Note who asks and why, then show the number once."""
    return _reveal(reference, who().not_about_me, url_for("complaints.page", reference=reference))


@blueprint.post("/desk/cases/<reference>/number")
@allow(*READERS)
def case_number(reference: str) -> ResponseReturnValue:
    """The same for an officer, of a case that they may read. The number of a hidden caller names them: it stays."""
    asks = who()

    def theirs(rows: Session) -> ColumnElement[bool]:
        return readable(asks.officer(rows)) & Complaint.name_hidden.is_(False)

    return _reveal(reference, theirs, url_for("case.page", reference=reference))


def show_name_once(reference: str) -> None:
    """A reason stands on the record: the next page of this case shows the name that is hidden."""
    session[_NAMED] = reference


def may_see_name(reference: str) -> bool:
    """True once after a reason was put on record."""
    return bool(session.pop(_NAMED, None) == reference)


def may_see_number(reference: str) -> bool:
    """True once after a reason was given for this complaint."""
    return bool(session.pop(_SHOWN, None) == reference)


def _reveal(reference: str, may: Callable[[Session], ColumnElement[bool]], back: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if len(reason) < LEAST:
        return refused_at(back, say("refused.reveal_reason"))
    actor, at = f"staff:{me().id}", now()

    def note(rows: Session) -> bool:
        if rows.scalar(select(Complaint.id).where(Complaint.reference == reference, may(rows))) is None:
            return False
        subject = f"complaint:{reference}"
        account(rows.connection(), actor, "number_shown", subject, at, {"reason": reason})
        return True

    if not store().transact(note):
        abort(404)
    session[_SHOWN] = reference
    return redirect(back)
