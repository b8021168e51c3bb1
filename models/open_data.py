"""What everybody may know of the complaints: counts, and single requests without anybody's words, name or number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, and_, exists, func, select

from models.accusation import Accusation
from models.category import Category
from models.complaint import Complaint
from models.deadline import INDIA
from models.department import Department
from models.patterns_query import DONE, NOWHERE, districts_of
from models.place import PlaceRow

FEW = 5  # smaller counts are told as "fewer than 5": nobody is found by being the only one
# Kinds in which somebody could be made to pay for having complained: counted, never listed one by one.
GUARDED = ("police", "bribery")
MOST_REQUESTS = 1000


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """One complaint as everybody may see it. Days are those of India; `district` is a place's code or empty."""

    id: int
    category: str
    category_names: dict[str, str]
    department_names: dict[str, str]
    district: str
    is_open: bool
    state: str
    registered_on: date
    closed_on: date | None
    due_on: date


@dataclass(slots=True)
class OpenCounts:
    """Counts of the complaints registered from a day on, by kind, by district, and by what became of them.

    By district those of guarded kinds are left out: a place and a kind of few would lead to somebody.
    """

    total: int = 0
    by_category: Counter[str] = field(default_factory=Counter)
    by_district: Counter[str] = field(default_factory=Counter)
    by_state: Counter[str] = field(default_factory=Counter)


def read_counts(connection: Connection, since: datetime, until: datetime) -> OpenCounts:
    """Counts of what was registered from `since` up to `until`."""
    found, districts = OpenCounts(), districts_of(connection)
    rows = connection.execute(
        select(Complaint.category, Complaint.place_code, Complaint.state, func.count())
        .where(Complaint.registered_at >= since, Complaint.registered_at < until)
        .group_by(Complaint.category, Complaint.place_code, Complaint.state)
    )
    for category, place, state, number in rows:
        found.total += number
        found.by_category[category] += number
        if category not in GUARDED:
            found.by_district[districts.get(place or "", NOWHERE)] += number
        found.by_state[state] += number
    return found


def read_requests(
    connection: Connection,
    *,
    since: datetime,
    until: datetime,
    categories: Sequence[str] = (),
    is_open: bool | None = None,
    ids: Sequence[int] | None = None,
) -> list[OpenRequest]:
    """The newest requests of a stretch of time; those with these `ids` whenever they were registered.

    Never more than 1,000, and none of the guarded kinds, none against an officer or an office, nor any whose citizen
    asked that the name be hidden.
    """
    wanted = [Complaint.category.not_in(GUARDED), Complaint.name_hidden.is_(False), Complaint.kind == "complaint"]
    wanted.append(~exists().where(Accusation.complaint_id == Complaint.id))
    if ids is not None:
        wanted.append(Complaint.id.in_(ids))
    else:
        wanted += [Complaint.registered_at >= since, Complaint.registered_at < until]
    if categories:
        wanted.append(Complaint.category.in_(categories))
    if is_open is not None:
        wanted.append(Complaint.state.not_in(DONE) if is_open else Complaint.state.in_(DONE))
    districts = districts_of(connection)
    rows = connection.execute(
        select(
            Complaint.id,
            Complaint.category,
            Category.names.label("category_names"),
            Department.names.label("department_names"),
            Complaint.place_code,
            Complaint.state,
            Complaint.registered_at,
            Complaint.closed_at,
            Complaint.due_on,
        )
        .join(Category, Category.code == Complaint.category)
        .join(Department, Department.code == Complaint.department_code)
        .where(and_(*wanted))
        .order_by(Complaint.registered_at.desc(), Complaint.id.desc())
        .limit(MOST_REQUESTS)
    ).mappings()
    return [_request(row, districts.get(row["place_code"] or "", NOWHERE)) for row in rows]


def read_district_names(connection: Connection) -> dict[str, dict[str, str]]:
    """Names by language of each district."""
    rows = connection.execute(select(PlaceRow.code, PlaceRow.names).where(PlaceRow.level == "district"))
    return {row.code: row.names for row in rows}


def _request(row: RowMapping, district: str) -> OpenRequest:
    closed_at = row["closed_at"]
    return OpenRequest(
        id=row["id"],
        category=row["category"],
        category_names=row["category_names"],
        department_names=row["department_names"],
        district=district,
        is_open=row["state"] not in DONE,
        state=row["state"],
        registered_on=row["registered_at"].astimezone(INDIA).date(),
        closed_on=closed_at.astimezone(INDIA).date() if closed_at is not None else None,
        due_on=row["due_on"],
    )
