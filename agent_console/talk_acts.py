"""What a representative has the network do to their own talk, and each refusal of it in words."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused
from agent_console.surroundings import me, telephone
from agent_console.words import say
from ivr.call_control import NotConnectedYet, NothingRecorded, TalkOver
from ivr.gateway import GatewayError
from ivr.telephone import Telephone


def act_on_talk(
    talk_id: int, act: Callable[[Telephone, int, int], None], failed: str = "refused.network"
) -> ResponseReturnValue:
    """`act` takes the talk and who asks. `failed` is the word for a network that does not do it."""
    try:
        act(telephone(), talk_id, me().id)
    except TalkOver:
        return refused(say("refused.talk_over"))
    except NotConnectedYet:
        return refused(say("refused.not_connected_yet"))
    except NothingRecorded:
        return refused(say("refused.not_recorded"))
    except GatewayError:
        return refused(say(failed), 424)
    return done()
