"""Whether a telephone is in use by us: then nobody else of the helpline rings it."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.base import among
from models.bridge import UNDER_WAY, Bridge
from models.call import Call
from models.feedback_call import FeedbackCall


def is_on_the_phone(number: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """A call of ours rings at this number, or its owner is in a call with us or with an officer."""
    asked = aliased(FeedbackCall)
    rung = select(asked.id).where(asked.number == number, asked.state == "ringing")
    talks = select(Call.sid).where(Call.ended_at.is_(None), Call.citizen_number == number)
    return or_(exists(rung), exists(talks), is_bridged(number))


def is_bridged(number: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """An officer rings this number, or speaks with its owner."""
    return exists(select(Bridge.id).where(Bridge.number == number, among(Bridge.state, UNDER_WAY)))
