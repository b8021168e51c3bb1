"""Messages that callers have left: heard, rung back, written down."""

import requests
from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from agent_console.answering import done, done_at, refused
from agent_console.dialling import ring_citizen
from agent_console.draft_form import start_draft
from agent_console.guard import allow
from agent_console.surroundings import me, now, store, telephone
from agent_console.told import category_name
from agent_console.view_of_desk import bar
from agent_console.words import say
from agent_console.work_lists import open_voice_messages
from ivr.desk_events import EVERYBODY, VOICE_MESSAGE, tell_desk
from models.voice_message import VoiceMessage

blueprint = Blueprint("voice_messages", __name__)

_PATIENCE = 5  # seconds for the sound


@blueprint.get("/desk/voice-messages")
@allow("representative", "supervisor")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/voice_messages.html", **bar(session), **_list(session))


@blueprint.get("/desk/voice-messages/rows")
@allow("representative", "supervisor")
def rows() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/voice_messages.html", **_list(session))


@blueprint.get("/desk/voice-messages/<int:message_id>/sound")
@allow("representative", "supervisor")
def sound(message_id: int) -> ResponseReturnValue:
    with store().session() as session:
        message = session.get(VoiceMessage, message_id)
    if message is None:
        abort(404)
    return sound_of(message.recording_url)


def sound_of(recording_url: str) -> ResponseReturnValue:
    """The sound itself, fetched from the telephone network with our own key: no database session is held meanwhile."""
    if not recording_url:
        abort(404)
    config = telephone().config
    address = recording_url if recording_url.endswith(".wav") else f"{recording_url}.wav"
    try:
        answer = requests.get(address, auth=(config.twilio_account_sid, config.twilio_auth_token), timeout=_PATIENCE)
        answer.raise_for_status()
    except requests.RequestException:
        return say("refused.no_sound"), 424
    return Response(answer.content, mimetype="audio/wav", headers={"Cache-Control": "private, max-age=600"})


@blueprint.post("/desk/voice-messages/<int:message_id>/dial")
@allow("representative")
def dial(message_id: int) -> ResponseReturnValue:
    return ring_citizen(voice_message_id=message_id)


@blueprint.post("/desk/voice-messages/<int:message_id>/write")
@allow("representative")
def write(message_id: int) -> ResponseReturnValue:
    """Lay out a form with what the message tells, and take the message in hand."""
    staff_id, at = me().id, now()

    def begin(session: Session) -> int | None:
        message = session.get(VoiceMessage, message_id)
        if message is None or message.state == "done":
            return None
        if message.state == "new":
            message.state, message.taken_by = "taken", staff_id
        tell = {"category": message.category} if message.category else {}
        return start_draft(session, staff_id, at, tell=tell, number=message.number, language=message.language).id

    draft_id = store().transact(begin)
    if draft_id is None:
        return refused(say("refused.nothing_to_dial"))
    return done(go=url_for("desk.page", draft=draft_id))


@blueprint.post("/desk/voice-messages/<int:message_id>/close")
@allow("representative", "supervisor")
def close(message_id: int) -> ResponseReturnValue:
    at = now()

    def end(connection: Connection) -> bool:
        still = (VoiceMessage.id == message_id) & (VoiceMessage.state != "done")
        ended = connection.execute(update(VoiceMessage).where(still).values(state="done"))
        tell_desk(connection, VOICE_MESSAGE, message_id, EVERYBODY, at)
        return ended.rowcount == 1

    if not store().write(end):
        return refused(say("refused.nothing_to_dial"))
    telephone().wake.desk()
    return done_at(url_for("voice_messages.page"))


def _list(session: Session) -> dict[str, object]:
    messages = open_voice_messages(session)
    names = {message.category: category_name(session, message.category) for message in messages}
    return {"rows": messages, "category_names": names}
