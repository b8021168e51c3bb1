"""Whose name stands on the open cases of an office, after somebody was posted there, or moved away."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.actor import RULE
from models.complaint import Complaint
from models.deadline import INDIA
from models.office import Office
from models.office_tree import chain_of, office_for, officers_on
from models.officer import CELL_LEVEL
from models.posting import Posting, served_on
from models.record import append_event, append_events
from models.services.escalating import Calendars
from models.services.placing import begin_stay, seat
from models.services.promising import promise_again
from models.store import Store
from models.transitions import ACTED_ON, UNDER_WAY

BATCH = 200  # cases in one transaction

_STILL = Complaint.state.in_(UNDER_WAY)
_SHUT = Complaint.office_code.in_(select(Office.code).where(~Office.active))
_UNPLACED = Complaint.state.in_(ACTED_ON) & (
    Complaint.office_code.is_(None) & (Complaint.level < CELL_LEVEL) | _SHUT
)  # an office should have it, and none has: it is older than the register, or its office is no more


def settle_cases(store: Store, now: datetime, calendars: Calendars) -> int:
    """Give every open case an office of the register and the officer of today. Returns how many changed.

    For after a change of the register, and for complaints that are older than it. Safe to repeat. Raises
    StoreUnavailable.
    """
    settled, after = 0, 0
    while ids := _unplaced(store, after):
        settled += store.transact(partial(_place, ids=ids, now=now, calendars=calendars))
        after = ids[-1]
    return settled + name_officers(store, now, calendars)


def name_officers(store: Store, now: datetime, calendars: Calendars) -> int:
    """Put the officer of today on each open case whose own serves in its office no more. Returns how many changed.

    Whoever is named and still serves there stays. Each change is on the record. Raises StoreUnavailable.
    """
    today, named = now.astimezone(INDIA).date(), 0
    with store.session() as session:
        pairs = select(Complaint.office_code, Complaint.officer_id).where(_STILL, _without_officer(today)).distinct()
        rows = session.execute(pairs).all()
        posted = officers_on(session, {row.office_code for row in rows}, today)
    for code in sorted({row.office_code for row in rows if row.officer_id != posted.get(row.office_code)}):
        work = partial(_name, office_code=code, officer_id=posted.get(code), now=now, calendars=calendars)
        while done := store.transact(work):
            named += done
    return named


def _without_officer(today: date) -> ColumnElement[bool]:
    """An office has it, and the person named does not serve there today."""
    serves = select(Posting.id).where(
        Posting.office_code == Complaint.office_code, Posting.staff_id == Complaint.officer_id, served_on(today)
    )
    return Complaint.office_code.is_not(None) & ~exists(serves)


def _name(session: Session, office_code: str, officer_id: int | None, now: datetime, calendars: Calendars) -> int:
    changed = Complaint.officer_id.is_distinct_from(officer_id) & _without_officer(now.astimezone(INDIA).date())
    wrong = select(Complaint).where(Complaint.office_code == office_code, _STILL, changed)
    cases = session.scalars(wrong.order_by(Complaint.id).limit(BATCH)).all()
    against = select(Accusation.complaint_id).where(
        Accusation.staff_id == officer_id, Accusation.complaint_id.in_([case.id for case in cases])
    )
    accusing = set(session.scalars(against)) if officer_id is not None else set[int]()
    for case in cases:
        if case.id not in accusing:
            case.officer_id = officer_id
            continue
        # It accuses the person who was posted there: it goes on above.
        _move(session, case, office_code, now, calendars)
    events = [(case, "named", {"officer": case.officer_id, "office_code": case.office_code}) for case in cases]
    append_events(session, events, RULE.name, now)
    return len(cases)


def _unplaced(store: Store, after: int) -> Sequence[int]:
    wanted = select(Complaint.id).where(_UNPLACED, Complaint.id > after).order_by(Complaint.id).limit(BATCH)
    with store.read() as connection:
        return connection.scalars(wanted).all()


def _place(session: Session, ids: Sequence[int], now: datetime, calendars: Calendars) -> int:
    placed = 0
    # Asked again: somebody may have moved one meanwhile.
    still = select(Complaint).where(Complaint.id.in_(ids), _UNPLACED)
    for case in session.scalars(still.order_by(Complaint.id)).all():
        lowest = office_for(session, case.department_code, case.place_code)
        chain = chain_of(session, lowest.code) if lowest else []
        code = next((office.code for office in chain if office.level >= case.level), case.office_code)
        if code is None:
            continue
        _move(session, case, code, now, calendars)
        data = {"officer": case.officer_id, "office_code": case.office_code}
        append_event(session, case, kind="named", actor=RULE.name, now=now, data=data)
        placed += 1
    return placed


def _move(session: Session, case: Complaint, code: str, now: datetime, calendars: Calendars) -> None:
    """To the office, or the first above that may have it; only where that is another does a new stay begin."""
    before = case.office_code, case.level
    seat(session, case, code, now)
    if (case.office_code, case.level) != before:
        begin_stay(session, case, now)
        promise_again(session, case, calendars(case.department_code), now)
