"""Complaints by reference and by number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.errors import UnknownReference


def find_complaint(session: Session, reference: str) -> Complaint:
    """The complaint with this reference; hyphens and spaces do not matter. Raises UnknownReference."""
    digits = "".join(character for character in reference if character.isdecimal())
    found = session.scalars(select(Complaint).where(Complaint.reference == digits)).one_or_none()
    if found is None:
        raise UnknownReference("no complaint has this reference number")
    return found


def find_complaints(session: Session, number: str, limit: int = 50) -> list[Complaint]:
    """Complaints of a contact number (E.164), the newest first."""
    mine = select(Complaint).where(Complaint.contact_number == number)
    return list(session.scalars(mine.order_by(Complaint.registered_at.desc(), Complaint.id.desc()).limit(limit)))
