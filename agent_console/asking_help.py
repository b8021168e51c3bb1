"""A representative asks the supervisor for help, in one key, and takes it back."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.desk_events import HELP, SUPERVISORS, for_staff, tell_desk
from models.help_request import HelpRequest
from models.services.help_requests import ask_for_help, close_help_request

blueprint = Blueprint("asking_help", __name__)


@blueprint.post("/desk/talks/<int:talk_id>/help")
@allow("representative")
def ask(talk_id: int) -> ResponseReturnValue:
    """Asked again it is the same request."""
    staff_id, at = me().id, now()

    def write(connection: Connection) -> bool:
        request_id = ask_for_help(connection, talk_id, staff_id, at)
        if request_id is not None:
            tell_desk(connection, HELP, request_id, SUPERVISORS, at)
        mine = (HelpRequest.talk_id == talk_id) & (HelpRequest.staff_id == staff_id) & (HelpRequest.state != "closed")
        return connection.scalar(select(HelpRequest.id).where(mine)) is not None

    if not store().write(write):
        return refused(say("refused.talk_over"))
    telephone().wake.desk()
    return done()


@blueprint.post("/desk/help/<int:request_id>/close")
@allow("representative")
def close(request_id: int) -> ResponseReturnValue:
    """No help is needed any more."""
    staff_id, at = me().id, now()

    def write(connection: Connection) -> None:
        mine = select(HelpRequest.id).where(HelpRequest.id == request_id, HelpRequest.staff_id == staff_id)
        if connection.scalar(mine) is not None and close_help_request(connection, request_id, at):
            for audience in (SUPERVISORS, for_staff(staff_id)):
                tell_desk(connection, HELP, request_id, audience, at)

    store().write(write)
    telephone().wake.desk()
    return done()
