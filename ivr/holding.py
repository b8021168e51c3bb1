"""Hold and release of a caller in the network: asked at once, and by the router again where that failed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ivr.conference import music_url
from ivr.gateway import GatewayError
from ivr.holds import note_hold
from ivr.telephone import Telephone
from models.talk import Talk


def put_on_hold(telephone: Telephone, talk_id: int, *, held: bool) -> bool:
    """Hold the caller of a live talk, or bring them back. False if they are not in the conference yet.

    Raises GatewayError. No connection is held meanwhile.
    """
    return _hold(telephone, talk_id, ("live",), held=held)


def conference_sid(telephone: Telephone, name: str, told: str | None) -> str | None:
    """The SID of a talk's conference: as the callback has told it, else asked for. None if it does not go on."""
    return told or telephone.gateway.conference_sid(name)


def release_caller(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Bring a caller back whose talk has changed hands, or is over while they go on with an emergency service.

    Our row of the hold may be closed by now, so only the network is asked.
    """
    _hold(telephone, payload["talk_id"], ("live", "ended"), held=False)


def _hold(telephone: Telephone, talk_id: int, states: tuple[str, ...], *, held: bool) -> bool:
    with telephone.store.read() as connection:
        columns = (Talk.call_sid, Talk.conference, Talk.conference_sid)
        talk = connection.execute(select(*columns).where(Talk.id == talk_id, Talk.state.in_(states))).one_or_none()
    if talk is None or talk.call_sid is None:
        return False
    sid = conference_sid(telephone, talk.conference, talk.conference_sid)
    if sid is None:
        return False
    music = music_url(telephone.config) if held else None
    try:
        telephone.gateway.update_participant(sid, talk.call_sid, hold=held, hold_url=music)
    except GatewayError as error:
        if error.gone:  # the caller has the way into the conference and is not in it yet; one who left is told as news
            return False
        raise

    def note(connection: Connection) -> None:
        now: datetime = telephone.clock.now()
        note_hold(connection, talk_id, held, now)

    telephone.store.write(note)
    telephone.wake.desk()
    return True
