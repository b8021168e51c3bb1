"""The clocks of all cases: who is warned, what rises, who must explain. Safe to run twice, or twice at once.

Everything that is said stands under a unique key (stay, kind) and is written in one transaction with what follows
from it, so that a sweep which is killed leaves nothing half done, and a second one finds nothing left to do.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actor import RULE
from models.case_clock import EXPLAIN_WITHIN, Saying, next_day, sayings
from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.deadline import INDIA, Pause, WorkingCalendar, add_working_days
from models.errors import StoreUnavailable
from models.explanation import Explanation
from models.ladder import Ladder, read_ladder, rise_on
from models.level_stay import LevelStay
from models.officer import CELL_LEVEL
from models.record import Happening, append_events
from models.services.changing import change_state
from models.services.placing import holding_of, stay_of, wind
from models.services.promising import pauses_of_many
from models.store import Store

BATCH = 25  # cases in one transaction: callers wait for it no longer than for each other

Calendars = Callable[[str], WorkingCalendar]
"""The calendar of a department, by its code."""

Tell = Callable[[Session, Complaint], str]
"""Makes the words of a text about a complaint as it has become."""

_RISES = ("unassigned", "unopened", "breached")
_DEMANDS = ("breached", "digest")  # after these, whoever had the case must explain


@dataclass(frozen=True, slots=True)
class Due:
    """Some cases whose clock has something to say, and what is known of them."""

    cases: Sequence[Complaint]
    stays: Mapping[int, LevelStay]
    pauses: Mapping[int, Sequence[Pause]]
    said: Mapping[int, set[str]]
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class Sweep:
    """One look at the clocks. `tell` makes the text for a citizen who did not answer and whose case goes on."""

    now: datetime
    calendars: Calendars
    tell: Tell | None = None
    template: str = ""

    @property
    def today(self) -> date:
        """The day in India."""
        return self.now.astimezone(INDIA).date()


def escalate_due(
    store: Store,
    now: datetime,
    calendars: Calendars,
    *,
    batches: int | None = None,
    tell: Tell | None = None,
    template: str = "",
) -> Counter[str]:
    """Say what is due by now, in at most `batches` transactions; None: until nothing is left.

    Counts by kind, and how many cases were "looked" at. One that cannot be dealt with is "stumbled": it is looked at
    again tomorrow and keeps no other waiting. Raises StoreUnavailable.
    """
    sweep = Sweep(now, calendars, tell, template)
    counts: Counter[str] = Counter()
    while (batches is None or batches > 0) and (ids := due_cases(store, now)):
        try:
            done = store.transact(partial(_speak, ids=ids, sweep=sweep))
        except StoreUnavailable:
            raise
        except Exception:
            done = _one_by_one(store, ids, sweep)
        counts += done
        if not done["looked"]:
            break  # another sweep has all of them at this moment
        batches = None if batches is None else batches - 1
    return counts


def due_cases(store: Store, now: datetime, limit: int = BATCH) -> list[int]:
    """The ids of cases whose clock has something to say, the longest due first."""
    today = now.astimezone(INDIA).date()
    due = select(Complaint.id).where(Complaint.clock_on <= today).order_by(Complaint.clock_on, Complaint.id)
    with store.read() as connection:
        return list(connection.scalars(due.limit(limit)))


def _one_by_one(store: Store, ids: Sequence[int], sweep: Sweep) -> Counter[str]:
    counts: Counter[str] = Counter()
    for complaint_id in ids:
        try:
            counts += store.transact(partial(_speak, ids=[complaint_id], sweep=sweep))
        except StoreUnavailable:
            raise
        except Exception:
            store.transact(partial(_put_off, complaint_id=complaint_id, until=sweep.today + timedelta(days=1)))
            counts += Counter(looked=1, stumbled=1)
    return counts


def _put_off(session: Session, complaint_id: int, until: date) -> None:
    session.get_one(Complaint, complaint_id).clock_on = until


def _speak(session: Session, ids: Sequence[int], sweep: Sweep) -> Counter[str]:
    """Deal with those of `ids` that are still due and that nobody else deals with at this moment."""
    due = _read(session, ids, sweep.now)
    counts = Counter(looked=len(due.cases))
    events: list[Happening] = []
    for case in due.cases:
        stay, pauses = due.stays[case.id], due.pauses.get(case.id, ())
        over = due.said.get(stay.id, set())
        planned = sayings(holding_of(case, stay, pauses), sweep.calendars(case.department_code))
        kind = _gravest(planned, sweep.today, over)
        if kind is None:
            case.clock_on = next_day(_to_come(planned, sweep.today), sweep.today, over)
            continue
        counts[kind] += 1
        if kind == "resumed":
            _resume(session, case, sweep)
            continue
        session.add(_notice(case, stay, kind, sweep))
        if kind in _DEMANDS:
            session.add(_demand(case, stay, sweep))
        if kind in _RISES:
            events.append((case, kind, _rise(session, due, case, sweep)))
            continue
        if kind == "digest":
            events.append((case, kind, {"level": case.level, "officer": case.officer_id}))
        case.clock_on = next_day(_to_come(planned, sweep.today), sweep.today, over | {kind})
    append_events(session, events, RULE.name, sweep.now)
    return counts


def _resume(session: Session, case: Complaint, sweep: Sweep) -> None:
    """The citizen has had all the time that stops the clock: it goes on without an answer."""
    tell = sweep.tell
    change_state(
        session,
        case,
        "in_progress",
        by=RULE,
        now=sweep.now,
        calendar=sweep.calendars(case.department_code),
        compose=None if tell is None else lambda changed: tell(session, changed),
        template=sweep.template,
    )


def _rise(session: Session, due: Due, case: Complaint, sweep: Sweep) -> dict[str, Any]:
    said = {"from_level": case.level, "from_office": case.office_code, "from_officer": case.officer_id}
    if case.state == "registered":
        case.level = CELL_LEVEL  # it never had an office: the cell sees that it is late
    else:
        rise_on(due.ladder, case)
    due.stays[case.id].until_at = sweep.now
    stay = stay_of(case, sweep.now)
    session.add(stay)
    wind(case, stay, due.pauses.get(case.id, ()), sweep.calendars(case.department_code), sweep.now)
    return said | {"level": case.level, "office_code": case.office_code, "officer": case.officer_id}


def _read(session: Session, ids: Sequence[int], now: datetime) -> Due:
    today = now.astimezone(INDIA).date()
    wanted = select(Complaint).where(Complaint.id.in_(ids), Complaint.clock_on <= today).order_by(Complaint.id)
    # SQLite has one writer at a time anyway; on PostgreSQL a second sweep takes the cases that this one does not have.
    cases = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    kept = [case.id for case in cases]
    newest = select(func.max(LevelStay.id)).where(LevelStay.complaint_id.in_(kept)).group_by(LevelStay.complaint_id)
    stays = {stay.complaint_id: stay for stay in session.scalars(select(LevelStay).where(LevelStay.id.in_(newest)))}
    said: dict[int, set[str]] = {}
    mine = select(ClockNotice.stay_id, ClockNotice.kind).where(ClockNotice.complaint_id.in_(kept))
    for row in session.execute(mine):
        said.setdefault(row.stay_id, set()).add(row.kind)
    codes = {case.office_code for case in cases if case.office_code}
    return Due(cases, stays, pauses_of_many(session, kept, now), said, read_ladder(session, codes, kept, today))


def _gravest(planned: Sequence[Saying], today: date, over: set[str]) -> str | None:
    due = [kind for kind, day in planned if day <= today and kind not in over]
    grave = [kind for kind in due if kind not in ("half", "most")]
    if grave:
        return grave[0]
    return "most" if "most" in due else next(iter(due), None)


def _to_come(planned: Sequence[Saying], today: date) -> list[Saying]:
    """A warning whose day is over is not said late."""
    return [(kind, day) for kind, day in planned if day > today or kind not in ("half", "most")]


def _notice(case: Complaint, stay: LevelStay, kind: str, sweep: Sweep) -> ClockNotice:
    return ClockNotice(
        complaint_id=case.id,
        stay_id=stay.id,
        level=case.level,
        kind=kind,
        office_code=case.office_code,
        officer_id=case.officer_id,
        day=sweep.today,
        at=sweep.now,
    )


def _demand(case: Complaint, stay: LevelStay, sweep: Sweep) -> Explanation:
    calendar = sweep.calendars(case.department_code)
    return Explanation(
        complaint_id=case.id,
        stay_id=stay.id,
        level=case.level,
        office_code=case.office_code,
        officer_id=case.officer_id,
        demanded_at=sweep.now,
        due_on=add_working_days(sweep.today, EXPLAIN_WITHIN, calendar),
    )
