"""How a bridge ended, by whoever tells it first: the officer's call, the citizen's, or the sweep. It ends once."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.telephone import Telephone
from models.bridge import Bridge
from models.complaint import Complaint
from models.services.bridging import Outcome, end_bridge

_OFFICER: dict[str, Outcome] = {
    "busy": "officer_busy",
    "no-answer": "officer_no_answer",
    "canceled": "officer_no_answer",
    "completed": "officer_no_key",
}
_CITIZEN: dict[str, Outcome] = {
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "no_answer",
}

Judge = Callable[[Bridge], Outcome]


def officer_gone(telephone: Telephone, bridge_id: int, sid: str | None, status: str) -> None:
    """The officer's call is over with the network's `status`, and with it the citizen's."""

    def judge(bridge: Bridge) -> Outcome:
        if bridge.state == "officer":
            return _OFFICER.get(status, "officer_failed")
        return "answered" if bridge.state == "talking" else "hung_up"

    _end(telephone, bridge_id, sid, judge, None)


def citizen_gone(telephone: Telephone, bridge_id: int, sid: str, status: str, seconds: int | None) -> str | None:
    """The citizen's call is over while the officer is there still; `status` and `seconds` are those of the Dial.

    Returns how the bridge ended, which may have been told before.
    """

    def judge(bridge: Bridge) -> Outcome:
        # Without the sentence to the citizen nobody was joined, whatever the network says of the call.
        return "answered" if bridge.state == "talking" else _CITIZEN.get(status, "failed")

    return _end(telephone, bridge_id, sid, judge, seconds)


def _end(telephone: Telephone, bridge_id: int, sid: str | None, judge: Judge, seconds: int | None) -> str | None:
    now = telephone.clock.now()

    def end(session: Session) -> str | None:
        bridge = session.get(Bridge, bridge_id)
        if bridge is None:
            return None
        # The complaint first, as every act upon a case does: two that wait for each other would wait for ever.
        session.get_one(Complaint, bridge.complaint_id, with_for_update=True)
        session.refresh(bridge, with_for_update=True)
        if bridge.state != "ended" and bridge.call_sid in (None, sid):
            bridge.call_sid = sid
            outcome = judge(bridge)
            end_bridge(session, bridge, outcome, _length(bridge, seconds, now) if outcome == "answered" else None, now)
        return bridge.outcome

    outcome = telephone.store.transact(end)
    telephone.wake.desk()
    return outcome


def _length(bridge: Bridge, told: int | None, now: datetime) -> int:
    """Seconds of the talk: the network's own count, else from when they picked up until now."""
    return told if told is not None else round((now - (bridge.talked_at or now)).total_seconds())
