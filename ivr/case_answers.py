"""Whether it is solved, as the citizen says by key: written with the turn, so that a repeated webhook says it once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from ivr.asking import Asker, Told
from ivr.case_texts import change_and_tell, texts_of
from ivr.outbox import Nudges
from ivr.wording import TextWords, words_in_force
from ivr.working_days import working_calendar
from models.actor import CITIZEN
from models.complaint import Complaint
from models.errors import IllegalTransition

SOLVED = "solved"
NOT_SOLVED = ("not_solved", "partly")

log = structlog.get_logger()


def take_answer(asker: Asker, given: Mapping[str, str]) -> Told:
    """`closed` or `goes_on`; `not_asked` where it is not reported solved, or is not the caller's by their number."""
    answer, number = given.get("answer", ""), given.get("caller.number")
    if answer != SOLVED and answer not in NOT_SOLVED:
        return Told("failed")
    mine = select(Complaint.id).where(
        Complaint.reference == given.get("reference", ""),
        Complaint.state == "action_reported",
        Complaint.contact_number == (number or ""),
    )
    with asker.telephone.store.read() as connection:
        complaint_id = connection.scalar(mine)
    if complaint_id is None:
        return Told("not_asked")
    words = words_in_force(asker.telephone)

    def write(connection: Connection, nudges: Nudges) -> None:
        _write_answer(asker, connection, nudges, complaint_id, answer, words)

    return Told("closed" if answer == SOLVED else "goes_on", write=write)


def say_answer(
    session: Session, words: TextWords, complaint: Complaint, answer: str, *, now: datetime, **how: Any
) -> list[int]:
    """The citizen's answer, on the record with `how` they gave it: closed, or one level up. The texts that tell of it.

    Raises IllegalTransition where it is not reported solved any more.
    """
    said: dict[str, Any] = {"to": "in_progress", "answer": answer}
    if answer == SOLVED:
        said = {"to": "closed", "outcome": "confirmed"}
    calendar = working_calendar(session)
    event = change_and_tell(session, words, complaint, by=CITIZEN, now=now, calendar=calendar, **said, **how)
    return texts_of(session, event)


def _write_answer(
    asker: Asker, connection: Connection, nudges: Nudges, complaint_id: int, answer: str, words: TextWords
) -> None:
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        complaint = session.get_one(Complaint, complaint_id, with_for_update=True)
        try:
            texts = say_answer(session, words, complaint, answer, now=asker.now, call=asker.call_sid)
        except IllegalTransition:
            # Somebody has moved it between the look and this write. The caller hears thanks for what counts no more.
            log.warning("answer_came_too_late", complaint_id=complaint_id, call_sid=asker.call_sid)
            return
        nudges.texts.extend(texts)
        session.commit()
