"""Whether a caller has been told that the talk is recorded, in the language that they speak with us."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, select

from flows.flow import ChooseLanguage, Flow, Say
from ivr.telephone import Telephone
from models.call import Call
from models.turn import Turn

PROMPT = "recording_notice"  # the prompt of the menus that says it
_SAID = "said"


def notice_heard(telephone: Telephone, connection: Connection, call_sid: str) -> bool:
    """True if the menus have spoken the notice in full since the language was chosen last.

    A key can lead a caller past the notice: 0 asks for a person anywhere, and after a fault it is where a call goes.
    """
    version = connection.scalar(select(Call.flow_version_id).where(Call.sid == call_sid))
    if version is None:
        return False
    flow = telephone.flows.get(connection, version)
    paths = connection.scalars(select(Turn.path).where(Turn.call_sid == call_sid).order_by(Turn.n))
    return heard_on(flow, (entry for path in paths for entry in json.loads(path)))


def heard_on(flow: Flow, path: Iterable[tuple[int, str, str, str]]) -> bool:
    """The same for a path of (turn, step, why, to)."""
    heard = False
    for _, name, why, _ in path:
        step = flow.steps.get(name)
        if isinstance(step, ChooseLanguage):
            heard = False
        elif isinstance(step, Say) and PROMPT in step.prompts and why == _SAID and not step.defaults.interrupt:
            heard = True
    return heard
