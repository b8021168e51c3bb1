"""How soon a representative sees who is calling, among many complaints."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.call import Call
from models.category import Category
from models.complaint import Complaint
from models.place import PlaceRow
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.store import Store
from models.talk import Talk
from tests.bench.servers import Server

_AT_ONCE = 5000
_EACH = 5  # complaints of a citizen
_ROUNDS, _WARM = 200, 5
PARTS = ("facts", "call", "work", "caller")  # what the page draws when a call is taken


def fill_complaints(store: Store, count: int) -> None:
    """Write `count` closed and open complaints of many citizens, over three years."""
    with store.read() as connection:
        kinds = connection.execute(select(Category.code, Category.department_code)).all()
        places = list(connection.scalars(select(PlaceRow.code)))
    now = datetime.now(UTC)

    def rows(start: int) -> Iterator[dict[str, object]]:
        for n in range(start, min(start + _AT_ONCE, count)):
            kind = kinds[n % len(kinds)]
            yield {
                "reference": f"{n:011d}",
                "state": "forwarded" if n % 7 == 0 else "closed",
                "outcome": None if n % 7 == 0 else "confirmed",
                "category": kind.code,
                "place_code": places[n % len(places)],
                "text": "রেশন কার্ড এখনও পাইনি, তিন মাস ধরে ঘুরছি।",
                "complainant_name": "Mina Das",
                "contact_number": number_of(n // _EACH),
                "language": "bn",
                "department_code": kind.department_code,
                "registered_at": now - timedelta(minutes=n * 1_576_800 // count),
                "due_on": date(2026, 3, 13),
            }

    for start in range(0, count, _AT_ONCE):
        batch = list(rows(start))
        store.write(lambda connection, batch=batch: connection.execute(insert(Complaint), batch))  # type: ignore[misc]  # bound now


def number_of(citizen: int) -> str:
    return f"+9198{citizen:08d}"


def take_call(store: Store, login: str, number: str, nth: int) -> None:
    """Put the person with this login into a talk with this caller, as after an answer."""
    now = datetime.now(UTC)
    sid = f"CA{nth:032x}"
    call = {
        "sid": sid,
        "from_number": number,
        "number_kind": "mobile",
        "phase": "talk",
        "language": "bn",
        "state": "{}",
    }
    entry = {"call_sid": sid, "turn": 3, "queue": "complaints", "language": "bn", "tell": {"category": "ration"}}
    ended = {"entered_at": now, "ahead_since": now, "state": "ended", "ended_at": now, "ended_as": "answered"}
    talk = {"call_sid": sid, "conference": f"bench-{nth}", "state": "live", "created_at": now, "started_at": now}

    def write(session: Session) -> None:
        staff = session.scalars(select(Staff.id).where(Staff.login == login)).one()
        over = {"state": "ended", "ended_at": now, "wrapped_at": now}
        session.execute(update(Talk).where(Talk.staff_id == staff, Talk.state != "ended").values(**over))
        session.add(Call(started_at=now, answered_at=now, **call))
        session.flush()
        waited = QueueEntry(**entry, **ended, answered_at=now, staff_id=staff)
        session.add(waited)
        session.flush()
        session.add(Talk(entry_id=waited.id, staff_id=staff, **talk))
        present = session.get(Presence, staff) or Presence(staff_id=staff)
        present.state, present.since, present.call_sid = "talk", now, sid
        session.merge(present)

    store.transact(write)


def pop_seconds(server: Server, cookie: str, store: Store, complaints: int) -> list[float]:
    """Times, in order of size, until all parts of the desk were drawn for callers with a history."""
    times = []
    with httpx.Client(base_url=server.url, headers={"Cookie": cookie}) as browser:
        for nth in range(_ROUNDS + _WARM):
            take_call(store, "asha", number_of(nth * 997 % (complaints // _EACH)), nth)
            began = time.perf_counter()
            for part in PARTS:
                answer = browser.get(f"/desk/parts/{part}")
                assert answer.status_code == 200, answer.status_code
            times.append(time.perf_counter() - began)
            assert answer.text.count("<time") or "Mina Das" in answer.text, "The caller's history was not shown."
    return sorted(times[_WARM:])
