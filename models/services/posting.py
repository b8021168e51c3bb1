"""Who serves in an office: posted from a day, and until a day. What was, stays written down."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.errors import Refused
from models.office import Office
from models.posting import DUTIES, Posting
from models.staff import Staff


def post_officer(
    session: Session, *, office_code: str, staff_id: int, duty: str, from_on: date, until_on: date | None = None
) -> Posting:
    """Post an officer to an office. Raises Refused: unknown_office, unknown_officer, unknown_duty, ends_before,
    posted_already."""
    office = session.get(Office, office_code)
    if office is None or not office.active:
        raise Refused("unknown_office")
    person = session.get(Staff, staff_id)
    if person is None or not person.active or not person.has_role("officer"):
        raise Refused("unknown_officer")
    if duty not in DUTIES:
        raise Refused("unknown_duty")
    if until_on is not None and until_on < from_on:
        raise Refused("ends_before")
    same = (Posting.office_code == office_code) & (Posting.staff_id == staff_id)
    ends_later = or_(Posting.until_on.is_(None), Posting.until_on >= from_on)
    overlaps = select(Posting.id).where(same, ends_later)
    if until_on is not None:
        overlaps = overlaps.where(Posting.from_on <= until_on)
    if session.scalar(overlaps.limit(1)) is not None:
        raise Refused("posted_already")
    posting = Posting(office_code=office_code, staff_id=staff_id, duty=duty, from_on=from_on, until_on=until_on)
    session.add(posting)
    session.flush()
    return posting


def end_posting(session: Session, posting_id: int, until_on: date) -> Posting:
    """Let a posting end with this day. One that has not begun by then ends before it began, and never counts.

    Raises Refused: unknown_posting, or ended_already.
    """
    posting = session.get(Posting, posting_id)
    if posting is None:
        raise Refused("unknown_posting")
    if posting.until_on is not None and posting.until_on <= until_on:
        raise Refused("ended_already")
    posting.until_on = until_on
    session.flush()
    return posting
