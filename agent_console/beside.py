"""Beside a representative: listen to a talk, whisper to its representative, speak with both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.call_control import NotConnectedYet, NotFree, TalkOver, listen_in, speak_as, stop_listening
from ivr.gateway import GatewayError
from ivr.listenings import MODES
from ivr.microphones import muted_talks
from models.call import Call
from models.listening import Listening
from models.staff import Staff
from models.talk import Talk

blueprint = Blueprint("beside", __name__)


@dataclass(frozen=True, slots=True)
class Beside:
    """One talk as the supervisor beside it sees it. `mode` is None while they do not listen."""

    talk_id: int
    who: str
    language: str
    state: str
    since: datetime
    held: bool
    muted_since: datetime | None
    mode: str | None
    mode_since: datetime | None


@blueprint.get("/desk/beside/<int:talk_id>")
@allow("supervisor")
def page(talk_id: int) -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/beside.html", **bar(session), beside=_read(session, talk_id), modes=MODES)


@blueprint.get("/desk/beside/<int:talk_id>/part")
@allow("supervisor")
def part(talk_id: int) -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/beside.html", beside=_read(session, talk_id), modes=MODES)


@blueprint.post("/desk/beside/<int:talk_id>/listen")
@allow("supervisor")
def listen(talk_id: int) -> ResponseReturnValue:
    """A ticket for the page's voice, which comes in with its microphone closed."""
    try:
        accepted = listen_in(telephone(), talk_id, me().id)
    except NotFree:
        return refused(say("refused.own_talk"))
    except NotConnectedYet:
        return refused(say("refused.not_connected_yet"))
    except TalkOver:
        return refused(say("refused.talk_over"))
    return done(ticket=accepted.ticket)


@blueprint.post("/desk/beside/<int:talk_id>/mode")
@allow("supervisor")
def mode(talk_id: int) -> ResponseReturnValue:
    wanted = request.form.get("mode", "")
    if wanted not in MODES:
        return refused(say("refused.choose_mode"), 422)
    return _asked(lambda: speak_as(telephone(), talk_id, me().id, wanted))


@blueprint.post("/desk/beside/<int:talk_id>/leave")
@allow("supervisor")
def leave(talk_id: int) -> ResponseReturnValue:
    return _asked(lambda: stop_listening(telephone(), talk_id, me().id))


def _asked(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except NotConnectedYet:
        return refused(say("refused.not_connected_yet"))
    except TalkOver:
        return refused(say("refused.not_beside"))
    except GatewayError:
        return refused(say("refused.network"), 424)
    return done()


def _read(session: Session, talk_id: int) -> Beside:
    row = session.execute(
        select(Talk, Staff.name, Call.language)
        .join(Staff, Staff.id == Talk.staff_id)
        .outerjoin(Call, Call.sid == Talk.call_sid)
        .where(Talk.id == talk_id)
    ).one_or_none()
    if row is None:
        abort(404)
    talk, name, language = row
    mine = (Listening.talk_id == talk_id) & (Listening.staff_id == me().id) & Listening.ended_at.is_(None)
    listening = session.scalars(select(Listening).where(mine)).first()
    return Beside(
        talk_id=talk.id,
        who=name,
        language=language or "",
        state=talk.state,
        since=talk.started_at or talk.created_at,
        held=talk.held,
        muted_since=muted_talks(session.connection(), [talk.id], now()).get(talk.id),
        mode=listening.mode if listening else None,
        mode_since=listening.began_at if listening else None,
    )
