"""The job of one recording, by its state: looked for where no report came, fetched, deleted when its time is over."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import structlog
from rq.timeouts import JobTimeoutException
from sqlalchemy import Connection, select, update

from audio.shelf import ShelfAway
from ivr.commands import DELETE_RECORDING, add_command
from ivr.gateway import GatewayError
from ivr.recorded.network_file import NoSound, check_sound, fetch_file
from ivr.recorded.rows import LIVE, end_recording, find_row
from ivr.recorded.shelf import recordings_of
from ivr.telephone import Telephone
from models.talk import Talk
from models.talk_recording import TalkRecording

IN_HAND = timedelta(minutes=15)  # a worker that has written nothing by then was killed: longer than RQ lets a job last
PAUSES = (10, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)  # seconds to the next attempt; after the last one we give up

log = structlog.get_logger()


def tend_recording(telephone: Telephone, recording_id: int) -> bool:
    """Do what is due for one recording. False if nothing is, or somebody else has it in hand.

    At least once: whoever is killed on the way does no harm when it is done again.
    """
    now = telephone.clock.now()
    row = telephone.store.write(lambda connection: _claim(connection, recording_id, now))
    if row is None:
        return False
    try:
        if row.state in LIVE:
            _look_for(telephone, row)
        elif row.state == "waiting":
            _fetch(telephone, row)
        else:
            _expire(telephone, row)
    except (NoSound, GatewayError, ShelfAway, OSError, JobTimeoutException) as error:
        why = _word_for(error)
        log.warning("recording_not_tended", recording_id=recording_id, state=row.state, reason=why)
        telephone.store.write(lambda connection: _try_later(connection, row, why, telephone.clock.now()))
    return True


def _word_for(error: Exception) -> str:
    """What the row says of it. OSError: our own folder is full or not there."""
    if isinstance(error, NoSound):
        return str(error)
    if isinstance(error, JobTimeoutException):
        return "too_slow"
    return "network" if isinstance(error, GatewayError) else "store"


def delete_at_network(telephone: Telephone, recording_id: int) -> None:
    """The network's own file is wanted no more. Raises GatewayError."""
    with telephone.store.read() as connection:
        sid = connection.scalar(select(TalkRecording.sid).where(TalkRecording.id == recording_id))
    if sid is None:
        return
    telephone.gateway.delete_recording(sid)
    gone = update(TalkRecording).where(TalkRecording.id == recording_id)
    telephone.store.write(lambda connection: connection.execute(gone.values(left_network_at=telephone.clock.now())))


def _claim(connection: Connection, recording_id: int, now: datetime) -> Any:
    """Count the attempt and take it in hand, in one conditional update."""
    due = TalkRecording.next_try_at.is_(None) | (TalkRecording.next_try_at <= now)
    tended = TalkRecording.state.in_((*LIVE, "waiting", "expiring"))
    return connection.execute(
        update(TalkRecording)
        .where(TalkRecording.id == recording_id, due, tended)
        .values(attempts=TalkRecording.attempts + 1, next_try_at=now + IN_HAND)
        .returning(
            TalkRecording.id,
            TalkRecording.state,
            TalkRecording.sid,
            TalkRecording.call_sid,
            TalkRecording.name,
            TalkRecording.seconds,
            TalkRecording.attempts,
            TalkRecording.left_network_at,
        )
    ).one_or_none()


def _look_for(telephone: Telephone, row: Any) -> None:
    """No report has come, and the talk is over: ask the network what it has of this call."""
    with telephone.store.read() as connection:
        names = connection.scalars(select(Talk.conference).where(Talk.call_sid == row.call_sid)).all()
    found = [(name, one) for name in names for one in telephone.gateway.recordings_of(name)]

    def take(connection: Connection) -> bool:
        now, settled = telephone.clock.now(), False
        for name, one in found:
            row_id = find_row(connection, name, one.sid, now)
            if row_id is not None and one.status in ("completed", "absent"):
                end_recording(connection, row_id, one.status, one.seconds, one.began_at, now)
                settled = settled or row_id == row.id
        return settled

    if not telephone.store.write(take):
        raise NoSound("not_there")


def _fetch(telephone: Telephone, row: Any) -> None:
    """The sound into our own store, and then away from the network's."""
    content = fetch_file(telephone.config, row.sid)
    seconds = check_sound(content, row.seconds or 0)
    name = _file_name(row)
    recordings_of(telephone.config).put(name, content)
    digest = hashlib.sha256(content).hexdigest()

    def keep(connection: Connection) -> None:
        now = telephone.clock.now()
        mine = (TalkRecording.id == row.id) & (TalkRecording.state == "waiting")
        values = {"name": name, "digest": digest, "size": len(content), "seconds": seconds, "stored_at": now}
        done = {"state": "stored", "attempts": 0, "next_try_at": None, "error": None}
        kept = connection.execute(update(TalkRecording).where(mine).values(**values, **done)).rowcount == 1
        if kept and telephone.config.recording_at_provider == "delete":
            payload = {"recording_id": row.id}
            add_command(connection, f"recording:{row.id}:delete:stored", DELETE_RECORDING, payload, now)

    # Where another worker has come before us, it has stored the same file under the same name.
    telephone.store.write(keep)
    telephone.wake.router()


def _expire(telephone: Telephone, row: Any) -> None:
    """Its time is over: our file and the network's go first, and the row says so when they are gone.

    Ours also where the row knows of none: a worker may have been killed between the file and the row.
    """
    if row.sid is not None:
        shelf = recordings_of(telephone.config)
        for name in {row.name or _file_name(row), _file_name(row)}:
            shelf.remove(name)
        if row.left_network_at is None:
            telephone.gateway.delete_recording(row.sid)

    def note(connection: Connection) -> None:
        now = telephone.clock.now()
        mine = (TalkRecording.id == row.id) & (TalkRecording.state == "expiring")
        values = {"state": "expired", "expired_at": now, "name": None, "next_try_at": None, "error": None}
        left = {"left_network_at": row.left_network_at or now} if row.sid is not None else {}
        connection.execute(update(TalkRecording).where(mine).values(**values, **left))

    telephone.store.write(note)


def _file_name(row: Any) -> str:
    """The same whoever fetches it, and however often: no file is ever left that no row leads to."""
    return f"talk-{row.id}-{row.sid}"


def _try_later(connection: Connection, row: Any, why: str, now: datetime) -> None:
    over = row.attempts > len(PAUSES) and row.state != "expiring"  # what must go is tried for ever
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
    values: dict[str, Any] = {"error": why, "next_try_at": now + timedelta(seconds=pause)}
    if over:
        values |= {"state": "absent" if row.state in LIVE else "failed", "next_try_at": None}
    mine = (TalkRecording.id == row.id) & (TalkRecording.state == row.state)
    connection.execute(update(TalkRecording).where(mine).values(**values))
