"""The outbox of the telephone: commands that follow from events, written in the event's transaction, sent later."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models import outbox
from models.command import Command

MOVE_CALLER = "move_caller"  # talk_id: out of the queue, into the conference
END_CONFERENCE = "end_conference"  # talk_id
HANG_UP = "hang_up"  # sid: a leg or call
CALL_CITIZEN = "call_citizen"  # talk_id, number
ASK_TO_STAY = "ask_to_stay"  # talk_id: say "please stay on the line" into a conference without a representative
RELEASE_CALLER = "release_caller"  # talk_id: off hold, after the talk has changed hands or its caller is with a service
RESUME_RECORDING = "resume_recording"  # pause_id, by: the recording goes on, unless another pause is open
STOP_RECORDING = "stop_recording"  # conference: the rest of the talk is not ours
DELETE_RECORDING = "delete_recording"  # recording_id: at the network, once we have it
CHECK_CALL = "check_call"  # sid: ask the network where a call is whose callbacks may be lost
CHECK_LEG = "check_leg"  # leg_id
CHECK_SERVICE = "check_service"  # transfer_id: ask where the call to an emergency service is
SILENCE = "silence"  # leg_id: mute a supervisor's line, and let it coach nobody
CHECK_TEXT = "check_text"  # message_id, attempt: ask the network about a text of which no report came
CALL_FOR_FEEDBACK = "call_for_feedback"  # feedback_id, attempt: ask a citizen whether it is solved
CHECK_FEEDBACK = "check_feedback"  # feedback_id, attempt, sid: ask where such a call is
CHECK_BRIDGE = "check_bridge"  # bridge_id, sid: ask where the call of an officer is

CLAIM = timedelta(seconds=30)  # longer than any request to the network takes
GIVE_UP_AFTER = 12  # attempts
_LONGEST_PAUSE_S = 60.0


def add_command(
    connection: Connection,
    key: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    wait_s: float = 0.0,
) -> None:
    """Write a command once: a second one of the same `key` is the same command."""
    outbox.add_command(connection, key=key, kind=kind, payload=payload, now=now, due_at=now + timedelta(seconds=wait_s))


def due_commands(connection: Connection, now: datetime, limit: int = 50) -> list[int]:
    """Ids of what is due and in nobody's hands, oldest first."""
    free = (Command.claimed_until.is_(None)) | (Command.claimed_until < now)
    wanted = select(Command.id).where(Command.done_at.is_(None), Command.due_at <= now, free)
    return list(connection.scalars(wanted.order_by(Command.due_at, Command.id).limit(limit)))


def claim_command(connection: Connection, command_id: int, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Take a command in hand. None if somebody else has it or it is done; else its kind and payload."""
    free = (Command.claimed_until.is_(None)) | (Command.claimed_until < now)
    claimed = connection.execute(
        update(Command)
        .where(Command.id == command_id, Command.done_at.is_(None), free)
        .values(claimed_until=now + CLAIM, attempts=Command.attempts + 1)
    )
    if claimed.rowcount != 1:
        return None
    row = connection.execute(select(Command.kind, Command.payload).where(Command.id == command_id)).one()
    return row.kind, row.payload


def close_command(connection: Connection, command_id: int, now: datetime) -> None:
    """It has been sent, or is not wanted any more."""
    connection.execute(
        update(Command).where(Command.id == command_id).values(done_at=now, claimed_until=None, error=None)
    )


def close_commands_by_key(connection: Connection, keys: list[str], now: datetime) -> None:
    """They have been done by the person's own request."""
    connection.execute(update(Command).where(Command.key.in_(keys), Command.done_at.is_(None)).values(done_at=now))


def put_back_command(connection: Connection, command_id: int, reason: str, now: datetime, *, permanent: bool) -> bool:
    """It failed: try again after a growing pause, or give it up. False if it was given up."""
    attempts = connection.scalar(select(Command.attempts).where(Command.id == command_id)) or 0
    given_up = permanent or attempts >= GIVE_UP_AFTER
    pause = timedelta(seconds=min(_LONGEST_PAUSE_S, 0.5 * 2 ** max(attempts - 1, 0)))
    values: dict[str, Any] = {"done_at": now} if given_up else {"due_at": now + pause}
    connection.execute(
        update(Command).where(Command.id == command_id).values(claimed_until=None, error=reason, **values)
    )
    return not given_up


NEVER = timedelta(days=365_000)


def hold_command(connection: Connection, key: str, kind: str, payload: dict[str, Any], now: datetime) -> None:
    """Write a command that waits until `release_command`."""
    add_command(connection, key, kind, payload, now, wait_s=NEVER.total_seconds())


def release_command(connection: Connection, key: str, now: datetime) -> None:
    """What the command waited for has happened: it is due now."""
    connection.execute(update(Command).where(Command.key == key, Command.due_at > now).values(due_at=now))
