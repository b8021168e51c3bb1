"""The latest calls of a flow with the whole path that each of them took."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.call import Call
from models.flow_figures import read_path
from models.turn import Turn


@dataclass(frozen=True, slots=True)
class CallPath:
    """`path` are entries of turn, step, why and where to."""

    sid: str
    number: str | None
    number_kind: str
    flow_version_id: int
    state: str
    started_at: datetime
    path: tuple[tuple[int, str, str, str], ...]


def read_last_calls(connection: Connection, flow: str, last: int) -> list[CallPath]:
    """Calls that are over, the newest first, at most `last` of them. Those that we rang are left out."""
    wanted = (
        select(Call.sid, Call.from_number, Call.number_kind, Call.flow_version_id, Call.state, Call.started_at)
        .where(Call.flow == flow, Call.ended_at.is_not(None), Call.flow_version_id.is_not(None))
        .where(~Call.direction.startswith("outbound"))
        .order_by(Call.started_at.desc(), Call.sid)
        .limit(last)
    )
    calls = connection.execute(wanted).all()
    paths: dict[str, list[tuple[int, str, str, str]]] = {call.sid: [] for call in calls}
    for sids in (list(paths)[at : at + 500] for at in range(0, len(paths), 500)):
        turns = select(Turn.call_sid, Turn.path).where(Turn.call_sid.in_(sids)).order_by(Turn.call_sid, Turn.n)
        for sid, path in connection.execute(turns):
            paths[sid] += read_path(path)
    return [
        CallPath(sid, number, kind, version or 0, state, at, tuple(paths[sid]))
        for sid, number, kind, version, state, at in calls
        if paths[sid]
    ]
