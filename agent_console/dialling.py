"""Ringing a citizen from a list: the desk opens with its form, and the representative's voice comes in first."""

from flask import url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused
from agent_console.calls import open_form
from agent_console.surroundings import me, telephone
from agent_console.words import say
from ivr.call_control import NotFree, NothingToDial, dial_back


def ring_citizen(
    *, call_back_id: int | None = None, voice_message_id: int | None = None, feedback_id: int | None = None
) -> ResponseReturnValue:
    """Answer the request to ring whom one of the three names. Whoever asks first gets it."""
    staff_id = me().id
    try:
        accepted = dial_back(
            telephone(),
            staff_id,
            call_back_id=call_back_id,
            voice_message_id=voice_message_id,
            feedback_id=feedback_id,
        )
    except NotFree as error:
        return refused(say("refused.not_free", state=say(f"state.{error.state}")))
    except NothingToDial:
        return refused(say("refused.nothing_to_dial"))
    open_form(staff_id, accepted.talk_id)
    return done(go=url_for("desk.page"))
