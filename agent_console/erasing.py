"""Erasing a person for good: their rows in one transaction, their files after it. At the shell and on a page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from agent_console.proof_files import read_record_of
from audio.shelf import ShelfAway
from ivr.gateway import GatewayError
from ivr.numbers import to_e164
from ivr.proofs import proofs_of
from ivr.telephone import Telephone
from models.services.forgetting import (
    Kept,
    erase_person,
    find_person,
    proofs_of_person,
    sounds_of_person,
    what_keeps,
)


class Erased(NamedTuple):
    """How many rows hold nothing of them any more, and what could not be deleted now, to be deleted by hand."""

    rows: int
    files: Sequence[str]
    recordings: Sequence[str]  # names at the telephone network

    @property
    def is_whole(self) -> bool:
        return not (self.files or self.recordings)


class StillNeeded(Exception):
    """Complaints stand in the way, and nothing was erased."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        super().__init__("still needed")
        self.kept = kept


def erase_for_good(
    telephone: Telephone, number_of: Callable[[Session], str], *, reason: str, by: str, now: datetime
) -> Erased:
    """`number_of` tells whom, within the transaction. Raises StillNeeded, and whatever `number_of` raises."""

    def work(session: Session) -> tuple[int, list[str], list[str]]:
        person = find_person(session.connection(), number_of(session), to_e164)
        kept = what_keeps(session, person, now)
        if kept:
            raise StillNeeded(kept)
        connection = session.connection()
        files, sounds = proofs_of_person(connection, person), sounds_of_person(connection, person)
        return sum(erase_person(session, person, reason=reason, by=by, now=now).values()), files, sounds

    rows, files, sounds = telephone.store.transact(work)
    # After the commit: a file of a complaint that is still needed must not go with one that failed.
    return Erased(rows, _delete_proofs(telephone, files), _delete_sounds(telephone, sounds))


def _delete_proofs(telephone: Telephone, lines: Sequence[str]) -> list[str]:
    """Scans and proofs of their complaints, by the lines that name them. Those that could not be deleted now."""
    left = []
    for line in lines:
        kept = read_record_of(line)
        try:
            if kept is not None:
                proofs_of(telephone.config).remove(kept.digest)
        except ShelfAway:
            left.append(line.partition(" ")[0])
    return left


def _delete_sounds(telephone: Telephone, sids: Sequence[str]) -> list[str]:
    """Their voice messages at the network. Those that could not be deleted now."""
    left = []
    for sid in sids:
        try:
            telephone.gateway.delete_recording(sid)
        except GatewayError:
            left.append(sid)
    return left
