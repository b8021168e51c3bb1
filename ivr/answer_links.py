"""Whether it is solved, as the citizen says by the link in their text: the same answer as by telephone, given once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from config import Config
from ivr.case_answers import say_answer
from ivr.link_secret import PLACE, hash_of, secret_of
from ivr.telephone import Telephone
from ivr.wording import words_in_force
from ivr.working_days import working_calendar
from models.answer_link import AnswerLink
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, add_working_days
from models.errors import IllegalTransition
from models.insert import InsertOnce
from models.message import Message
from models.services.feedback import REPORTED, UNASKED_FOR

LONGEST_WORDS = 500  # characters

_insert = InsertOnce(AnswerLink)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link leads to. `over`: nobody is asked any more, and nothing was said by this link."""

    reference: str
    category: str
    name_hidden: bool
    language: str
    standing: Literal["asked", "answered", "over"]
    answer: str | None


def put_link(config: Config, connection: Connection, message_id: int, body: str, now: datetime) -> str:
    """The words of a text with its link, as they leave; from here on the link leads to a page. Words without a place
    for it, of a follower in whose language the link is not approved, leave as they are.
    """
    if PLACE not in body:
        return body
    about: Any = connection.execute(select(Message.complaint_id, Message.event_n).where(Message.id == message_id)).one()
    secret = secret_of(config, about.complaint_id, about.event_n)
    values = {"complaint_id": about.complaint_id, "event_n": about.event_n, "made_at": now}
    _insert.add(connection, {**values, "secret_hash": hash_of(config, secret)})
    return body.replace(PLACE, secret)


def read_link(telephone: Telephone, secret: str) -> Asked | None:
    """What this link leads to now; None for one that we have not given."""
    with telephone.store.session() as session:
        link = _find(telephone, session, secret)
        return None if link is None else _asked(session, link, telephone.clock.now())


def answer_by_link(telephone: Telephone, secret: str, answer: str, own_words: str) -> Asked | None:
    """Say one of `models.answer_link.ANSWERS`, with a few words or none. Said again, it changes nothing."""
    words, now = words_in_force(telephone), telephone.clock.now()

    def write(session: Session) -> tuple[Asked | None, list[int]]:
        link = _find(telephone, session, secret)
        if link is None:
            return None, []
        # Two answers at a time wait here for each other; the second then reads what the first has written.
        complaint = session.get_one(Complaint, link.complaint_id, with_for_update=True)
        session.refresh(link)
        if _asked(session, link, now).standing != "asked":
            return _asked(session, link, now), []
        try:
            texts = say_answer(session, words, complaint, answer, now=now, link=link.id)
        except IllegalTransition:
            log.warning("answer_came_too_late", complaint_id=complaint.id)
            return _asked(session, link, now), []
        link.answer, link.words, link.answered_at = answer, own_words[:LONGEST_WORDS], now
        return _asked(session, link, now), texts

    told, texts = telephone.store.transact(write)
    for message_id in texts:
        telephone.wake.text(message_id)
    if texts:
        telephone.wake.desk()
    return told


def said_by_link(session: Session, complaint_id: int) -> list[AnswerLink]:
    """What the citizen has said by links, the oldest first."""
    said = select(AnswerLink).where(AnswerLink.complaint_id == complaint_id, AnswerLink.answered_at.is_not(None))
    return list(session.scalars(said.order_by(AnswerLink.id)))


def _find(telephone: Telephone, session: Session, secret: str) -> AnswerLink | None:
    wanted = select(AnswerLink).where(AnswerLink.secret_hash == hash_of(telephone.config, secret.lower()))
    return session.scalars(wanted).one_or_none()


def _asked(session: Session, link: AnswerLink, now: datetime) -> Asked:
    complaint = session.get_one(Complaint, link.complaint_id)
    standing: Literal["asked", "answered", "over"] = "over"
    if link.answer is not None:
        standing = "answered"
    elif complaint.state == REPORTED and _is_in_time(session, link, now):
        standing = "asked"
    about = complaint.reference, complaint.category, complaint.name_hidden, complaint.language
    return Asked(*about, standing, link.answer)


def _is_in_time(session: Session, link: AnswerLink, now: datetime) -> bool:
    """Of the newest report, and for as long as somebody without a number may say something by themselves."""
    reports = select(func.max(ComplaintEvent.n)).where(
        ComplaintEvent.complaint_id == link.complaint_id, ComplaintEvent.kind == REPORTED
    )
    if session.scalar(reports) != link.event_n:
        return False
    last = add_working_days(link.made_at.astimezone(INDIA).date(), UNASKED_FOR, working_calendar(session))
    return now.astimezone(INDIA).date() <= last
