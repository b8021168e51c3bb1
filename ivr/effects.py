"""From a turn's actions to the rows that are written with it. Each carries the key (call, turn, index)."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, update

from flows.values import Action, Close, JoinQueue, Mistyped, RememberNumber, SendText, State, Went
from ivr.asking import Asker
from ivr.desk_events import EVERYBODY, QUEUE, tell_desk
from ivr.guessing import note_mistyped
from ivr.numbers import to_e164
from ivr.opening import calendar_of, ring_back_by
from ivr.outbox import Nudges, Write
from ivr.promises import add_call_back
from models import outbox
from models.call import Call
from models.caller import CallerMemory
from models.insert import InsertOnce
from models.queue_entry import QueueEntry
from models.reference import new_reference
from models.services.diversions import is_diverted

_PURPOSES = {"sms_callback_booked": "callback", "sms_message_kept": "message_kept"}

_insert_entry = InsertOnce(QueueEntry)


def effects_of(asker: Asker, state: State, actions: Sequence[Action], first_index: int) -> Iterator[Write]:
    """What is to be written for `actions` besides the turn; `first_index` numbers the first of them within it."""
    fault = any(isinstance(action, Went) and action.to == "last_resort" for action in actions)
    for index, action in enumerate(actions, start=first_index):
        key = f"{asker.call_sid}:{asker.turn}:{index}"
        if isinstance(action, SendText):
            yield _text(asker, action, key)
        elif isinstance(action, RememberNumber):
            yield partial(_confirm_number, asker)
        elif isinstance(action, Mistyped) and action.kind == "reference":
            yield partial(note_mistyped, asker)
        elif isinstance(action, JoinQueue):
            yield _enter_queue(asker, state, action)
        elif isinstance(action, Close):
            yield _close(asker, state, action, key, "fault" if fault else "abandoned")


def outcome_of(state: State, close: Close) -> str:
    """One word on how a call came out."""
    if state.talked:
        return "answered"
    if state.settled:
        return "promised"
    return "abandoned" if close.abandoned else "finished"


def _text(asker: Asker, action: SendText, key: str) -> Write:
    recipient = to_e164(action.to)

    def write(connection: Connection, nudges: Nudges) -> None:
        if recipient is None:
            return
        message_id = outbox.add_message(
            connection,
            recipient=recipient,
            language=action.language,
            template=action.prompt,
            body=action.text,
            purpose=_PURPOSES.get(action.prompt, "flow"),
            now=asker.now,
            effect_key=key,
            call_sid=asker.call_sid,
        )
        if message_id is not None:
            nudges.texts.append(message_id)

    return write


def _confirm_number(asker: Asker, connection: Connection, nudges: Nudges) -> None:
    whose = CallerMemory.number == asker.from_number
    connection.execute(update(CallerMemory).where(whose).values(number_confirmed_at=asker.now))


def _enter_queue(asker: Asker, state: State, action: JoinQueue) -> Write:
    number, store = asker.from_number, asker.telephone.store
    diverted = number is not None and is_diverted(store, number, asker.now)
    values: dict[str, Any] = {
        "call_sid": asker.call_sid,
        "turn": state.turn,
        "queue": action.queue,
        "language": action.language,
        "skills": dict(action.skills),
        "urgent": action.urgent,
        "priority": 0,  # an urgent caller has a head start by `urgent`; priority is for those whom we let down
        "entered_at": asker.now,
        "ahead_since": asker.now,
        "longest_wait_s": 0 if diverted else int(action.longest_wait),  # 0: they wait for nobody
        "tell": dict(action.tell),
    }

    def write(connection: Connection, nudges: Nudges) -> None:
        _insert_entry.add(connection, values)
        tell_desk(connection, QUEUE, action.queue, EVERYBODY, asker.now)
        nudges.router = nudges.desk = True

    return write


def _close(asker: Asker, state: State, close: Close, key: str, reason: str) -> Write:
    number = to_e164(close.notes.get("contact_number", "")) or asker.from_number

    def write(connection: Connection, nudges: Nudges) -> None:
        connection.execute(
            update(Call)
            .where(Call.sid == asker.call_sid)
            .values(outcome=outcome_of(state, close), abandoned=close.abandoned, phase="ended")
        )
        if not close.abandoned or number is None:
            return
        values = {
            "number": number,
            "language": state.language,
            "reason": reason,
            "call_sid": asker.call_sid,
            "effect_key": key,
            "due_by": ring_back_by(connection, calendar_of(asker.flow), asker.now),
            "request_reference": new_reference(connection, asker.now),
            "created_at": asker.now,
        }
        add_call_back(connection, nudges, values)

    return write
