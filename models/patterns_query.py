"""Reading the patterns from rows: counts by kind, place, department and period; what became of cases; who held them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Exists,
    Row,
    Text,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA
from models.level_stay import LevelStay
from models.micros import INDIA_AHEAD, SECOND, micros_of
from models.patterns import EARLIER, Held, Outcomes, Recurring
from models.place import PlaceRow

_HOUR = 3600 * SECOND
_DAY = 24 * _HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)
NOWHERE = ""  # where nobody has said where it is
DONE = ("closed", "rejected", "merged")
# How an event tells of it in its data, which is kept as compact JSON.
_REOPENED = '%"from":"closed"%'
_SATISFIED = '%"outcome":"confirmed"%'
_UNSATISFIED = ('%"answer":"not_solved"%', '%"answer":"partly"%')


@dataclass(frozen=True, slots=True)
class _Period:
    """Complaints of a period, and between which ids they lie: few others do, and what belongs to them lies together in
    its table. Without the ids PostgreSQL reads what belongs to all complaints, or to one after the other.
    """

    own: CTE  # id, department_code
    first: int
    last: int

    def reaches(self, complaint_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """That a line of another table may belong to one of them."""
        return complaint_id.between(self.first, self.last)


def read_recurring(connection: Connection, since: datetime, until: datetime) -> list[Recurring]:
    """What was registered from `since` up to `until` by kind, district and department, and in the periods before.

    The most surprising first. Only what came up at least once in the period itself.
    """
    length = until - since
    by_period = [_count_period(connection, until - n * length, length) for n in range(EARLIER + 1, 0, -1)]
    began = connection.scalar(select(func.min(Complaint.registered_at)))
    known = min(EARLIER, (since - began) // length) if began is not None and began < since else 0
    districts = districts_of(connection)
    counts: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * (EARLIER + 1))
    for period, rows in enumerate(by_period):
        for category, place, department, number in rows:
            counts[category, districts.get(place or "", NOWHERE), department][period] += number
    found = [
        # Periods before the first complaint of all say nothing: then nobody could complain here.
        Recurring(*key, observed=windows[-1], before=tuple(windows[EARLIER - known : EARLIER]))
        for key, windows in counts.items()
        if windows[-1]
    ]
    return sorted(found, key=lambda one: (-one.once_in, -one.observed, one.category, one.district))


def _count_period(
    connection: Connection, since: datetime, length: timedelta
) -> Sequence[Row[str, str | None, str, int]]:
    """By kind, place and department. A period by itself is counted in the index; periods together are not."""
    by = (Complaint.category, Complaint.place_code, Complaint.department_code)
    in_it = (Complaint.registered_at >= since) & (Complaint.registered_at < since + length)
    return connection.execute(select(*by, func.count()).where(in_it).group_by(*by)).all()


def read_outcomes(connection: Connection, since: datetime, until: datetime, now: datetime) -> list[Outcomes]:
    """What became of the complaints that were registered in the period, by department, the most first."""
    found: dict[str, Outcomes] = {}
    registered = and_(Complaint.registered_at >= since, Complaint.registered_at < until)
    hours = ((micros_of(Complaint.closed_at) - micros_of(Complaint.registered_at)) // _HOUR).label("hours")
    # Whole days since 1970, compared here: every date by itself would be a row.
    today = (now.astimezone(INDIA).date() - _EPOCH_DAY).days
    due = micros_of(Complaint.due_on) // _DAY
    ended = func.coalesce((micros_of(Complaint.closed_at) + INDIA_AHEAD) // _DAY, today)
    late = case((ended > due, 1), else_=0).label("late")
    past_due = case((due < today, 1), else_=0).label("past_due")
    rows = connection.execute(
        select(
            Complaint.department_code,
            Complaint.state,
            late,
            past_due,
            hours,
            func.count(),
            func.min(Complaint.id),
            func.max(Complaint.id),
        )
        .where(registered)
        .group_by(Complaint.department_code, Complaint.state, text("late"), text("past_due"), text("hours"))
    ).all()
    for department, state, is_late, is_overdue, took, number, *_ in rows:
        one = found.setdefault(department, Outcomes(department))
        one.registered += number
        one.late += number if is_late and state != "merged" else 0
        if state == "closed":
            one.closed += number
            one.took.add(int(took), number)
        elif state == "rejected":
            one.rejected += number
        elif state not in DONE:
            one.open += number
            one.overdue += number if is_overdue else 0
    if rows:
        # Read first, or PostgreSQL mistakes how many they are and reads the whole table.
        own = select(Complaint.id, Complaint.department_code).where(registered).cte()
        own = own.prefix_with("MATERIALIZED", dialect="postgresql")
        theirs = _Period(own, min(row[-2] for row in rows), max(row[-1] for row in rows))
        _count_unopened(connection, theirs, found)
        _count_answers(connection, theirs, found)
    return sorted(found.values(), key=lambda one: (-one.registered, one.department))


def read_held(connection: Connection, since: datetime, until: datetime, now: datetime) -> list[Held]:
    """How long the cases that came to each level in the period were held there, by department."""
    end = func.coalesce(micros_of(LevelStay.until_at), _micros_since_epoch(now))
    hours = ((end - micros_of(LevelStay.from_at)) // _HOUR).label("hours")
    is_open = case((LevelStay.until_at.is_(None), 1), else_=0)
    unopened = case((LevelStay.opened_at.is_(None), 1), else_=0)
    solved = case((LevelStay.solved.is_(True), 1), else_=0)
    rows = connection.execute(
        select(
            Complaint.department_code,
            LevelStay.level,
            hours,
            func.count(),
            func.sum(is_open),
            func.sum(unopened),
            func.sum(solved),
        )
        .join(Complaint, Complaint.id == LevelStay.complaint_id)
        .where(LevelStay.from_at >= since, LevelStay.from_at < until)
        .group_by(Complaint.department_code, LevelStay.level, text("hours"))
    )
    found: dict[tuple[str, int], Held] = {}
    for department, level, took, number, still, never, done in rows:
        one = found.setdefault((department, level), Held(department, level))
        one.cases += number
        one.still += int(still)
        one.never_opened += int(never)
        one.solved += int(done)
        one.took.add(int(took), number)
    return sorted(found.values(), key=lambda one: (one.department, one.level))


def districts_of(connection: Connection) -> Mapping[str, str]:
    """For each place the district that it lies in; a district lies in itself, the state and what is outside nowhere."""
    places = {row.code: row for row in connection.execute(select(PlaceRow.code, PlaceRow.parent, PlaceRow.level))}
    found: dict[str, str] = {}
    for code in places:
        at = places.get(code)
        while at is not None and at.level != "district":
            at = places.get(at.parent)
        found[code] = at.code if at is not None else NOWHERE
    return found


def places_in(connection: Connection, district: str) -> list[str]:
    """The codes of a district and of everything in it."""
    return [code for code, lies_in in districts_of(connection).items() if lies_in == district]


def reopened() -> ColumnElement[bool]:
    """That a complaint was closed and went on."""
    return exists().where(
        ComplaintEvent.complaint_id == Complaint.id,
        ComplaintEvent.kind == "in_progress",
        _told(_REOPENED),
    )


def never_opened() -> ColumnElement[bool]:
    """That no office has looked at a complaint."""
    return ~_opened(Complaint.id)


def _opened(complaint_id: ColumnElement[int] | InstrumentedAttribute[int]) -> Exists:
    return exists().where(LevelStay.complaint_id == complaint_id, LevelStay.opened_at.is_not(None))


def overdue(now: datetime) -> ColumnElement[bool]:
    """That a complaint is open after its promise."""
    return and_(Complaint.state.not_in(DONE), Complaint.due_on < now.astimezone(INDIA).date())


def _count_unopened(connection: Connection, period: _Period, found: Mapping[str, Outcomes]) -> None:
    own = period.own.c
    unopened = ~_opened(own.id).where(period.reaches(LevelStay.complaint_id))
    rows = connection.execute(select(own.department_code, func.count()).where(unopened).group_by(own.department_code))
    for code, number in rows:
        found[code].never_opened += number


def _count_answers(connection: Connection, period: _Period, found: Mapping[str, Outcomes]) -> None:
    """Who said that it is solved, who said that it is not, and what was opened again."""
    yes = and_(ComplaintEvent.kind == "closed", _told(_SATISFIED))
    no = and_(ComplaintEvent.kind == "in_progress", or_(*(_told(answer) for answer in _UNSATISFIED)))
    again = and_(ComplaintEvent.kind == "in_progress", _told(_REOPENED))
    of_each = (
        select(
            ComplaintEvent.complaint_id.label("id"),
            func.sum(case((yes, 1), else_=0)).label("satisfied"),
            func.sum(case((no, 1), else_=0)).label("unsatisfied"),
            func.max(case((again, 1), else_=0)).label("reopened"),
        )
        .where(period.reaches(ComplaintEvent.complaint_id), ComplaintEvent.kind.in_(("closed", "in_progress")))
        .group_by(ComplaintEvent.complaint_id)
        .subquery()
    )
    own, told = period.own.c, of_each.c
    rows = connection.execute(
        select(own.department_code, *(func.sum(one) for one in (told.satisfied, told.unsatisfied, told.reopened)))
        .join(of_each, told.id == own.id)
        .group_by(own.department_code)
    )
    for department, satisfied, unsatisfied, opened_again in rows:
        one = found[department]
        one.satisfied += int(satisfied)
        one.asked += int(satisfied) + int(unsatisfied)
        one.reopened += int(opened_again)


def _told(pattern: str) -> ColumnElement[bool]:
    """That the data of an event, as it is kept, is like `pattern`."""
    return type_coerce(ComplaintEvent.data, Text()).like(pattern)


def _micros(stretch: timedelta) -> int:
    return stretch // timedelta(microseconds=1)


def _micros_since_epoch(moment: datetime) -> int:
    return _micros(moment - _EPOCH)
