"""One of several repeats of a webhook does what must not be done twice before its turn is written."""

from datetime import datetime

from ivr.asking import Asker
from ivr.telephone import Telephone
from models.command import Command
from models.insert import InsertOnce
from models.turns import find_turn

_PATIENCE = 2.0  # seconds for the other one to finish
_STEP = 0.05

_insert_command = InsertOnce(Command)


class Repeated(Exception):
    """Another request has answered this very turn meanwhile, with this document."""

    def __init__(self, twiml: str) -> None:
        super().__init__("this turn has been answered by a repeat of its webhook")
        self.twiml = twiml


def refuse_repeat(asker: Asker) -> None:
    """Raise Repeated if the turn has been answered already, which a state from memory does not show."""
    if asker.is_recalled:
        _find(asker.telephone, asker.call_sid, asker.turn)


def claim(telephone: Telephone, key: str, call_sid: str, turn: int, now: datetime) -> None:
    """Return for the first who asks with this key. For a repeat, raise Repeated once the first has answered.

    If the first one never does (its process died), the repeat returns too and does the work.
    """
    # Done from the start: it is a mark in the outbox, and nothing is to be sent.
    values = {"key": key, "kind": "claim", "payload": {}, "created_at": now, "due_at": now, "done_at": now}
    if telephone.store.write(lambda connection: _insert_command.add(connection, values)):
        return
    waited = 0.0
    while waited < _PATIENCE:
        _find(telephone, call_sid, turn)
        telephone.clock.sleep(_STEP)
        waited += _STEP


def _find(telephone: Telephone, call_sid: str, turn: int) -> None:
    with telephone.store.read() as connection:
        stored = find_turn(connection, call_sid, turn)
    if stored is not None:
        raise Repeated(stored.twiml)
