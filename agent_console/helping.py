"""Who has asked for help, on the supervisor's board, and a supervisor who comes."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.names import people_of
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.desk_events import HELP, SUPERVISORS, for_staff, tell_desk
from models.help_request import HelpRequest
from models.services.help_requests import live_help_requests, take_help_request

blueprint = Blueprint("helping", __name__)


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One request. `helper` is the supervisor who comes."""

    id: int
    talk_id: int
    who: str
    asked_at: datetime
    helper: str | None
    mine: bool


def read_help(session: Session, supervisor_id: int) -> list[HelpLine]:
    """Requests that are not closed, the longest waiting first."""
    requests = live_help_requests(session)
    people = {person for request in requests for person in (request.staff_id, request.taken_by) if person is not None}
    names = people_of(session, people)
    return [
        HelpLine(
            request.id,
            request.talk_id,
            names.get(request.staff_id, ""),
            request.asked_at,
            names.get(request.taken_by) if request.taken_by is not None else None,
            request.taken_by == supervisor_id,
        )
        for request in requests
    ]


@blueprint.post("/desk/board/help/<int:request_id>/take")
@allow("supervisor")
def take(request_id: int) -> ResponseReturnValue:
    """The first supervisor comes and is led into the talk, microphone closed; the representative reads it."""
    supervisor_id, at = me().id, now()

    def write(connection: Connection) -> int | None:
        if not take_help_request(connection, request_id, supervisor_id, at):
            return None
        asked = connection.execute(
            select(HelpRequest.talk_id, HelpRequest.staff_id).where(HelpRequest.id == request_id)
        ).one()
        for audience in (SUPERVISORS, for_staff(asked.staff_id)):
            tell_desk(connection, HELP, request_id, audience, at)
        return int(asked.talk_id)

    talk_id = store().write(write)
    if talk_id is None:
        return refused(say("refused.help_taken"))
    telephone().wake.desk()
    return done(go=url_for("beside.page", talk_id=talk_id))
