"""Recorded calls on a draft: the rows of calls and the versions that they were made with, brought together."""

from sqlalchemy import Connection

from flows.flow import ChooseLanguage, Flow
from flows.replay import RecordedCall, Replayed, replay_calls
from flows.seconds import Clip, no_clips
from flows.state_json import UnreadableState, from_json
from flows.values import Arrived, Went
from ivr.pinned import NoFlow, PinnedFlows
from ivr.telephone import Telephone
from models.recorded_calls import CallPath, read_last_calls

LAST = 500  # calls that are played, if nobody says how many


def replay_on(telephone: Telephone, draft: Flow, *, last: int = LAST, clip: Clip = no_clips) -> Replayed:
    """Play the last calls of the flow on a draft of it. Nothing is written."""
    with telephone.store.read() as connection:
        calls, versions = recorded_calls(connection, telephone.flows, draft.name, last)
    return replay_calls(versions, draft, calls, clip)


def recorded_calls(
    connection: Connection, flows: PinnedFlows, name: str, last: int
) -> tuple[list[RecordedCall], dict[str, Flow]]:
    """The last calls of a flow, and the versions of it that they were made with, by their content hash."""
    known: dict[int, Flow | None] = {}
    recorded = []
    for call in read_last_calls(connection, name, last):
        version = call.flow_version_id
        if version not in known:
            known[version] = _find(connection, flows, version)
        flow = known[version]
        if flow is not None:
            recorded.append(_recorded(call, flow))
    return recorded, {flow.version: flow for flow in known.values() if flow}


def _find(connection: Connection, flows: PinnedFlows, version: int) -> Flow | None:
    try:
        return flows.get(connection, version)
    except NoFlow:
        return None


def _recorded(call: CallPath, flow: Flow) -> RecordedCall:
    return RecordedCall(call.sid, flow.version, _arrived(call, flow), tuple(Went(*entry) for entry in call.path))


def _arrived(call: CallPath, flow: Flow) -> Arrived:
    """Who called. What was known of them then is read from how the call was led, as it may be another thing now."""
    try:
        facts = from_json(call.state).facts
    except UnreadableState:
        facts = {}
    return Arrived(
        at=call.started_at.timestamp(),
        number=call.number,
        number_kind=call.number_kind if call.number else "withheld",  # type: ignore[arg-type]  # written by ourselves
        returning=facts.get("caller.returning") == "yes",
        remembered_language=_remembered(call, flow, facts.get("caller.language")),
        number_confirmed=facts.get("caller.number_confirmed") == "yes",
    )


def _remembered(call: CallPath, flow: Flow, language: str | None) -> str | None:
    """The language of last time, if the call was greeted in it."""
    for _, step, why, _ in call.path:
        asked = flow.steps.get(step)
        if isinstance(asked, ChooseLanguage):
            known = asked.known_caller
            greeted = known is not None and why in ("known_caller", f"key {known.change_key}")
            return language if greeted else None
    return None
