"""What the clocks of many cases cost, and the lists of officers among many cases."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.call import Call
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.inbox_query import Box, count_cases, list_cases
from models.level_stay import LevelStay
from models.office import Office
from models.officer import Officer, find_officer
from models.posting import Posting
from models.record import _first_hash, seal
from models.seed import seed
from models.services.escalating import BATCH, escalate_due
from models.staff import Staff
from models.store import Store
from tests.models.desk_kit import WEEK

NOW = datetime(2026, 6, 12, 5, tzinfo=UTC)
BEGAN = NOW - timedelta(days=9)
DUE = 20_000
_AT_ONCE = 5000
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Escalation:
    """Seconds: of all due cases, of each batch in order, and of one committed INSERT of a row beside them."""

    cases: int
    took: float
    batches: list[float]
    insert: float


def lay_departments(store: Store) -> None:
    """The shipped offices, with a head in each of them."""

    def work(session: Session) -> None:
        seed(session, BEGAN)
        codes = session.scalars(select(Office.code).order_by(Office.code)).all()
        people = [
            Staff(login=f"o{n}", name=f"Officer {n}", password_hash="!", roles=["officer"], created_at=BEGAN)
            for n, _ in enumerate(codes)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            Posting(office_code=code, staff_id=person.id, duty="head", from_on=date(2026, 1, 1))
            for code, person in zip(codes, people, strict=True)
        )

    store.transact(work)


def fill_cases(store: Store, first: int, last: int, due: int) -> None:
    """Cases numbered from `first` up to `last`, at the field offices; `due` of them have missed their date."""
    with store.read() as connection:
        offices = connection.execute(
            select(Office.code, Office.department_code, Office.place_code, Posting.staff_id)
            .join(Posting, Posting.office_code == Office.code)
            .where(Office.level == 1)
            .order_by(Office.code)
        ).all()
    for start in range(first, last, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, last))
        cases, stays, events = [], [], []
        for n in numbers:
            office = offices[n % len(offices)]
            is_due = n - first < due
            is_open = is_due or n % 5 == 0
            cases.append({
                "id": n, "reference": f"{n:011d}", "state": "in_progress" if is_open else "closed",
                "outcome": None if is_open else "confirmed", "category": "ration", "place_code": office.place_code,
                "text": "রেশন কার্ড এখনও পাইনি", "language": "bn", "department_code": office.department_code,
                "office_code": office.code, "officer_id": office.staff_id, "registered_at": BEGAN, "events": 1,
                "due_on": date(2026, 6, 12) + timedelta(days=n % 30), "hold_on": date(2026, 6, 9),
                "clock_on": date(2026, 6, 10) if is_due else None,
            })  # fmt: skip
            stays.append({
                "complaint_id": n, "level": 1, "office_code": office.code, "from_at": BEGAN, "opened_at": BEGAN,
                "until_at": None if is_open else NOW, "solved": not is_open,
            })  # fmt: skip
            event = ComplaintEvent(
                complaint_id=n, n=1, kind="registered", data={}, actor="citizen", at=BEGAN,
                previous_hash=_first_hash(f"{n:011d}"),
            )  # fmt: skip
            events.append({
                "complaint_id": n, "n": 1, "kind": "registered", "data": {}, "actor": "citizen", "at": BEGAN,
                "previous_hash": event.previous_hash, "hash": seal(event),
            })  # fmt: skip
        for table, rows in ((Complaint, cases), (LevelStay, stays), (ComplaintEvent, events)):
            store.write(lambda connection, table=table, rows=rows: connection.execute(insert(table), rows))  # type: ignore[misc]  # bound now


def time_escalation(store: Store) -> Escalation:
    """Say all that is due, a batch at a time as the router does."""
    one = _median(lambda n: store.write(lambda connection: connection.execute(insert(Call), _call(n))))
    batches: list[float] = []
    cases = 0
    while True:
        began = time.perf_counter()
        counts = escalate_due(store, NOW, lambda _department: WEEK, batches=1)
        if not counts["looked"]:
            break
        cases += counts["looked"]
        batches.append(time.perf_counter() - began)
    return Escalation(cases, sum(batches), batches, one)


def time_lists(store: Store) -> dict[str, float]:
    """Median seconds of an officer's first page with all counts, by whose it is."""
    told = {}
    with store.session() as session:
        for who, office in (("level 1", "food-field-hooghly"), ("level 2", "food-district-hooghly")):
            told[who] = _median(_page(store, _officer(session, office)))
        told["secretary"] = _median(_page(store, _officer(session, "food-secretary")))
    return told


def _officer(session: Session, office: str) -> Officer:
    staff_id = session.scalars(select(Posting.staff_id).where(Posting.office_code == office)).one()
    return find_officer(session, staff_id, ["officer"], NOW.date())


def _page(store: Store, officer: Officer) -> Callable[[int], object]:
    def look(_n: int) -> object:
        with store.session() as session:
            box: Box = "watching" if officer.below - officer.offices else "mine"
            return list_cases(session, officer, box=box, now=NOW), count_cases(session, officer, NOW)

    return look


def _median(work: Callable[[int], object]) -> float:
    times = []
    for n in range(_ROUNDS):
        began = time.perf_counter()
        work(n)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _call(n: int) -> dict[str, object]:
    return {"sid": f"CA{n:032x}", "started_at": NOW}


__all__ = ["BATCH", "DUE", "fill_cases", "lay_departments", "time_escalation", "time_lists"]
