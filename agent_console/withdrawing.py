"""A citizen wants to take a complaint back: asked while they are on the line, never by whom it is about."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done_at, read_reason, refused_at
from agent_console.guard import allow
from agent_console.officer_here import who
from agent_console.situation import Situation, read_situation
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.case_texts import change_and_tell, texts_of
from ivr.wording import words_in_force
from ivr.working_days import working_calendar
from models.actor import Actor
from models.complaint import Complaint
from models.errors import Refused
from models.services.withdrawing import note_pressure
from models.transitions import UNDER_WAY

blueprint = Blueprint("withdrawing", __name__)


def is_on_the_line(at: Situation, complaint: Complaint) -> bool:
    """Whether the representative speaks now with the number that the complaint was made with."""
    return (
        at.state == "talk"
        and at.talk_state == "live"
        and at.card is not None
        and at.card.number == complaint.contact_number is not None
    )


@blueprint.post("/desk/complaints/<reference>/withdraw")
@allow("representative")
def withdraw(reference: str) -> ResponseReturnValue:
    """`pressed` yes: it goes on, and the grievance cell hears of it. no: it is closed, as its citizen wishes."""
    pressed, words = request.form.get("pressed"), read_reason()
    address = url_for("complaints.page", reference=reference)
    if pressed not in ("yes", "no"):
        return refused_at(address, say("withdraw.say_whether"))
    if not words:
        return refused_at(address, say("withdraw.say_why"))
    asks, at, by = who(), now(), Actor.staff(me().id, *me().roles)
    texts = words_in_force(telephone())

    def write(session: Session) -> list[int] | None:
        mine = select(Complaint).where(Complaint.reference == reference, asks.not_about_me(session)).with_for_update()
        complaint = session.scalars(mine).one_or_none()
        if complaint is None:
            return None
        here = read_situation(session, asks.staff_id, at)
        if not is_on_the_line(here, complaint):
            raise Refused("not_on_the_line")
        if complaint.state not in UNDER_WAY:
            raise Refused("not_now")
        if pressed == "yes":
            note_pressure(session, complaint, words, call_sid=here.call_sid, staff_id=asks.staff_id, now=at)
            return []
        event = change_and_tell(
            session, texts, complaint, "closed", by=by, now=at, calendar=working_calendar(session),
            outcome="withdrawn", note=words, call=here.call_sid,
        )  # fmt: skip
        return texts_of(session, event)

    try:
        messages = store().transact(write)
    except Refused as error:
        return refused_at(address, say(f"withdraw.refused.{error.code}"), 409)
    if messages is None:
        abort(404)
    for message_id in messages:
        telephone().wake.text(message_id)
    return done_at(address, say("withdraw.noted" if pressed == "yes" else "withdraw.done"))
