"""A year of complaints, and how soon the inbox, the search and the reports answer among them."""

import itertools
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from models.case_access import readable
from models.category import Category
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.demo_words import NAMES, STORIES
from models.department_figures import read_holders, read_levels
from models.inbox_query import Box, count_cases, list_cases
from models.level_stay import LevelStay
from models.office import Office
from models.officer import Officer, find_officer
from models.patterns_query import read_held, read_outcomes, read_recurring
from models.posting import Posting
from models.services.searching import search_complaints
from models.services.wording import index_all
from models.staff import Staff
from models.store import Store

NOW = datetime(2026, 6, 12, 5, tzinfo=UTC)
YEAR = timedelta(days=365)
_AT_ONCE = 2000
_ROUNDS, _WARM = 60, 3
_UNCOMMON = 20_000  # words that a year of stories has beside the common ones
_RARE, _NAME = "কদমতলা", "Phulmani Kisku"


def fill_year(store: Store, count: int) -> None:
    """Complaints of a year at the field offices: a tenth open, the others closed as their citizens confirmed.

    Each has a story of its own words beside some common ones, so that the index of words is as large as a year's. The
    records hold the first event and the last, and no seals.
    """
    chance = random.Random(7)
    uncommon = _uncommon_words(chance)
    with store.read() as connection:
        offices = connection.execute(
            select(Office.code, Office.department_code, Office.place_code, Posting.staff_id)
            .join(Posting, Posting.office_code == Office.code)
            .where(Office.level == 1)
            .order_by(Office.code)
        ).all()
        kinds = dict(connection.execute(select(Category.department_code, Category.code)).tuples().all())
    for start in range(1, count + 1, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count + 1))
        rows = [_case(n, count, offices[n % len(offices)], kinds, chance, uncommon) for n in numbers]
        for table, position in ((Complaint, 0), (LevelStay, 1), (ComplaintEvent, 2)):
            values = [one for row in rows for one in row[position]]
            store.write(lambda connection, table=table, values=values: connection.execute(insert(table), values))  # type: ignore[misc]  # bound now
    with store.migrating() as connection:  # as the step does that makes the index: a write may not take minutes
        index_all(connection)


def time_year(store: Store) -> dict[str, list[float]]:
    """Seconds in order of size, by what was asked."""
    times: dict[str, list[float]] = {}
    cell_id = store.transact(_hire_cell)
    with store.session() as session:
        people = {
            "level 1": _officer(session, "food-field-hooghly"),
            "level 2": _officer(session, "food-district-hooghly"),
            "secretary": _officer(session, "food-secretary"),
            "cell": find_officer(session, cell_id, ["supervisor"], NOW.date()),
        }
    for who, officer in people.items():
        times[f"inbox, {who}"] = _times(store, lambda session, officer=officer: _inbox(session, officer))  # type: ignore[misc]  # bound now
    questions = {
        "common word": "ration", "two common words": "রেশন কার্ড", "common and rare": f"ration {_RARE}",
        "misspelt name": "Fulmoni Kiskoo", "no such words together": f"{_NAME} হাসপাতাল অ্যাম্বুলেন্স কেরোসিন",
        "unknown word": "xylophone", "part of a reference": "12345",
    }  # fmt: skip
    readers = {"cell": readable(people["cell"]), "level 1": readable(people["level 1"])}
    for (what, asked), (who, mine) in itertools.product(questions.items(), readers.items()):
        times[f"search, {who}: {what}"] = _times(store, _search(asked, mine))
    month = (NOW - timedelta(days=28), NOW)
    mine = Complaint.department_code == "food"
    reports: dict[str, Callable[[Session], object]] = {
        "patterns, what recurs": lambda session: read_recurring(session.connection(), *month),
        "patterns, outcomes": lambda session: read_outcomes(session.connection(), *month, NOW),
        "patterns, levels": lambda session: read_held(session.connection(), *month, NOW),
        "secretary, levels": lambda session: read_levels(session, mine, *month, NOW.date()),
        "secretary, holders": lambda session: read_holders(session, mine, NOW.date()),
    }
    return times | {f"report, {what}": _times(store, work) for what, work in reports.items()}


def _inbox(session: Session, officer: Officer) -> object:
    box: Box = "watching" if officer.is_cell or officer.below - officer.offices else "mine"
    return list_cases(session, officer, box=box, now=NOW), count_cases(session, officer, NOW)


def _search(asked: str, mine: ColumnElement[bool]) -> Callable[[Session], object]:
    return lambda session: search_complaints(session, asked, mine)


def _times(store: Store, work: Callable[[Session], object]) -> list[float]:
    times = []
    for _ in range(_ROUNDS + _WARM):
        began = time.perf_counter()
        with store.session() as session:
            work(session)
        times.append(time.perf_counter() - began)
    return sorted(times[_WARM:])


def _officer(session: Session, office: str) -> Officer:
    staff_id = session.scalars(select(Posting.staff_id).where(Posting.office_code == office)).one()
    return find_officer(session, staff_id, ["officer"], NOW.date())


def _hire_cell(session: Session) -> int:
    person = Staff(login="cell", name="Cell", password_hash="!", roles=["supervisor"], created_at=NOW)
    session.add(person)
    session.flush()
    return person.id


def _uncommon_words(chance: random.Random) -> Sequence[str]:
    letters, signs = "কখগঘচছজঝটডতথদধনপফবভমরলশসহ", ["", "া", "ি", "ু", "ে", "ো"]
    return ["".join(chance.choice(letters) + chance.choice(signs) for _ in range(4)) for _ in range(_UNCOMMON)]


def _case(
    n: int,
    count: int,
    office: tuple[str, str, str | None, int],
    kinds: dict[str, str],
    chance: random.Random,
    uncommon: Sequence[str],
) -> tuple[list[dict[str, object]], ...]:
    code, department, place, staff_id = office
    kind = kinds.get(department, "other")
    language = chance.choice(("bn", "bn", "bn", "hi", "en"))
    story = chance.choice(STORIES.get(kind, STORIES["ration"])[language])
    began = NOW - YEAR + YEAR * n / count
    is_open = chance.random() < 0.1
    ended = None if is_open else min(NOW, began + timedelta(hours=chance.expovariate(1 / 80)))
    rare = f" {_RARE}" if n % 5000 == 7 else ""
    case: dict[str, object] = {
        "id": n, "reference": f"26{n:09d}", "state": "in_progress" if is_open else "closed",
        "outcome": None if is_open else "confirmed", "category": kind, "place_code": place, "language": language,
        "text": f"{story} {' '.join(chance.choices(uncommon, k=4))}{rare}", "department_code": department,
        "complainant_name": _NAME if n % 9973 == 5 else chance.choice(NAMES[language]), "office_code": code,
        "officer_id": staff_id, "contact_number": f"+9198{n % 200_000:08d}", "registered_at": began, "events": 1,
        "due_on": (began + timedelta(days=9)).date(), "hold_on": (began + timedelta(days=4)).date(),
        "closed_at": ended, "clock_on": None,
    }  # fmt: skip
    stay: dict[str, object] = {
        "complaint_id": n, "level": 1, "office_code": code, "from_at": began, "opened_at": began,
        "until_at": ended, "solved": not is_open,
    }  # fmt: skip
    event: dict[str, object] = {
        "complaint_id": n, "n": 1, "kind": "registered", "data": {}, "actor": "citizen", "at": began,
        "previous_hash": "", "hash": "",
    }  # fmt: skip
    end = event | {"n": 2, "kind": "closed", "data": {"from": "action_reported", "outcome": "confirmed"}, "at": ended}
    return [case], [stay], [event] if is_open else [event, end]
