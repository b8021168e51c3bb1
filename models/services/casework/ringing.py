"""An officer rings the citizen through the helpline's number; what speaks against it today is said in words."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.decent_time import is_decent_day, is_decent_hour
from models.errors import Refused
from models.ordinary_number import is_ordinary
from models.services.bridging import MOST_UNPROVED, begin_bridge, is_rung_enough, rung_today, wants_no_calls
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit
from models.services.diversions import is_diverted_now
from models.services.on_the_phone import is_on_the_phone
from models.staff import Staff


def ring_citizen(session: Session, complaint: Complaint, acting: Acting) -> None:
    """Have the officer's own telephone rung, then the citizen's. How it ends comes onto the record. Raises Refused."""
    permit(session, acting.officer, complaint, "ring")
    person, number = session.get_one(Staff, acting.officer.staff_id), str(complaint.contact_number)
    if person.telephone is None:
        raise Refused("no_own_telephone")
    _spare(session.connection(), complaint, number, acting)
    if person.telephone_confirmed_at is None:
        _spare_strangers(session.connection(), person, acting.now)
    begun = begin_bridge(
        session.connection(),
        acting.now,
        complaint_id=complaint.id,
        staff_id=person.id,
        number=number,
        own_number=person.telephone,
        language=complaint.language,
        code=None if person.telephone_confirmed_at else f"{secrets.randbelow(10_000):04d}",
    )
    if begun is None:
        raise Refused("one_at_a_time")


def _spare(connection: Connection, complaint: Complaint, number: str, acting: Acting) -> None:
    """Raises Refused where the citizen is to be left in peace."""
    now = acting.now
    if complaint.priority != "urgent" and not is_decent_hour(now):
        raise Refused("indecent_hour")
    if complaint.priority != "urgent" and not is_decent_day(now, acting.ringing or acting.calendar):
        raise Refused("indecent_day")
    if not is_ordinary(number):
        raise Refused("no_ordinary_number")
    if wants_no_calls(connection, number, complaint.registered_at):
        raise Refused("wants_no_calls")
    if is_diverted_now(connection, number, now):
        raise Refused("diverted")
    if is_rung_enough(connection, complaint.id, now):
        raise Refused("rung_enough")
    if connection.scalar(select(is_on_the_phone(number))):
        raise Refused("citizen_on_the_phone")


def _spare_strangers(connection: Connection, person: Staff, now: datetime) -> None:
    """A telephone that nobody has proved to be theirs may be anybody's. Raises Refused."""
    if rung_today(connection, person.id, now) >= MOST_UNPROVED:
        raise Refused("unproved_enough")
