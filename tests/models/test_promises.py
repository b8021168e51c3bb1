"""Whatever officers, citizens and clocks do: only five things move a promised date, and none of them by too much."""

import shutil
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_clock import Holding, hold_on, next_day, sayings, share_of
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, day_zero
from models.deadline import due_on as promised
from models.errors import IllegalTransition, Refused
from models.level_stay import LevelStay
from models.services.holidays import declare_holiday, recount_promises
from models.services.placing import holding_of
from models.services.promising import pauses_of
from models.store import Store
from tests.models.desk_kit import REPRESENTATIVE, Week
from tests.models.tale import Tale

# Acts of officers with what they need; any of them may be refused, and then nothing at all has happened.
ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_case", {}),
    ("ask_citizen", {"question": "Which shop?"}),
    ("report_action", {"note": "Done"}),
    ("close_unsolved", {"note": "Before a court"}),
    ("transfer_case", {"department": "panchayat", "reason_code": "not_ours", "note": "Not ours"}),
    ("transfer_case", {"department": "food", "reason_code": "not_ours", "note": "Not ours either"}),
    ("decide_transfer", {"agrees": True, "note": "Yes"}),
    ("propose_rejection", {"note": "Incomplete"}),
    ("decide_rejection", {"agrees": False, "note": "Ask first"}),
    ("extend_case", {"days": 5, "reason": "Hard"}),
    ("take_over", {}),
    ("add_note", {"note": "Rang"}),
    ("recategorise", {"category": "bribery", "note": "Money"}),
    ("set_priority", {"priority": "urgent", "reason": "Ill"}),
    ("set_priority", {"priority": "normal", "reason": "Well"}),
    ("accuse", {"office": "food-field-hooghly"}),
    ("explain_breach", {"text": "Leave"}),
    ("decide_appeal", {"decision": "taken_up", "note": "Heard"}),
)
PEOPLE = ("chitra", "dipak", "hiran", "leela", "rafiq", "sumitra", "mili")
MOVES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("in_progress", {"answer": "not_solved"}),
    ("closed", {"outcome": "confirmed"}),
    ("appealed", {}),
)

steps = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(ACTS), st.sampled_from(PEOPLE)),
    st.tuples(st.just("citizen"), st.sampled_from(MOVES), st.none()),
    st.tuples(st.just("days"), st.integers(0, 4), st.none()),
    st.tuples(st.just("holiday"), st.integers(0, 9), st.none()),
)

_MOVERS = {"needs_info", "in_progress", "extended", "prioritised", "promise_moved", "opened"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(steps, max_size=25))
def test_only_pause_extension_priority_and_calendar_move_a_promise(
    story: list[Any], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    path = tmp_path_factory.mktemp("promise") / "helpline.db"
    shutil.copy(request.getfixturevalue("_sqlite_template"), path)
    store = Store(f"sqlite:///{path}")
    try:
        tale = Tale(store)
        tale.at(2, "10:00")
        for step in story:
            before = (tale.due, tale.case.events)
            _take(tale, *step)
            tale.sweep()
            _look(tale, before, step)
    finally:
        store.close()


def _take(tale: Tale, what: str, how: Any, login: str | None) -> None:
    tale.now += timedelta(minutes=1)
    try:
        if what == "act":
            tale.act(how[0], str(login), **how[1])
        elif what == "citizen":
            tale.citizen(how[0], by=REPRESENTATIVE, **how[1])
        elif what == "days":
            tale.now += timedelta(days=how)
        else:
            day = tale.now.astimezone(INDIA).date() + timedelta(days=how)
            tale.store.transact(lambda session: declare_holiday(session, day, "Storm", by="ops", now=tale.now))
            with tale.store.session() as session:
                calendar = tale.calendar(session)
            recount_promises(tale.store, tale.now, lambda _department: calendar)
    except (Refused, IllegalTransition):
        pass


def _look(tale: Tale, before: tuple[date, int], step: Any) -> None:
    case, (due, events) = tale.case, before
    with tale.store.session() as session:
        calendar = tale.calendar(session)
        record = _record(session, tale.id)
    pauses = pauses_of(record, tale.now)
    # The date is the pure function of what it depends on, whatever happened on the way.
    ended = [pause for pause in pauses if pause[1] != tale.now]
    expected = {
        promised(case.registered_at, case.days, calendar, some, case.extension_days) for some in (pauses, ended)
    }
    if case.state in ("forwarded", "in_progress"):
        assert case.due_on in expected
    if case.due_on != due:
        kinds = {event.kind for event in record if event.n > events}
        assert kinds & _MOVERS, (step, kinds)
    assert case.due_on <= promised(case.registered_at, 7 + 5 + 5, calendar)
    if case.state in ("forwarded", "in_progress", "needs_info") and case.level <= 3:
        assert case.hold_on is not None
        on_digest = "digest" in {event.kind for event in record}
        assert case.clock_on is not None or on_digest, "a case that an office has is forgotten by the clocks"
        assert case.clock_on is None or case.clock_on > tale.now.astimezone(INDIA).date() - timedelta(days=1)


def _record(session: Session, complaint_id: int) -> list[ComplaintEvent]:
    mine = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint_id)
    return list(session.scalars(mine.order_by(ComplaintEvent.n)))


weeks = st.builds(
    Week,
    days=st.sets(st.integers(0, 6), min_size=3).map(frozenset),
    holidays=st.sets(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=12).map(frozenset),
)


@given(
    week=weeks,
    at=st.integers(0, 31 * 24 * 60).map(
        lambda minutes: datetime(2026, 3, 1, tzinfo=INDIA) + timedelta(minutes=minutes)
    ),
    days=st.integers(1, 15),
)
def test_the_levels_share_the_promise(week: Week, at: datetime, days: int) -> None:
    """Level 1 ends before or with the promise, level 2 with it; half comes before most, and both before the end."""
    due = promised(at, days, week)
    assert share_of(1, days) + share_of(2, days) in (days, days + 1)
    assert (share_of(1, 7), share_of(2, 7)) == (4, 3)
    first = _holding(1, at, days, due)
    ends = hold_on(first, week)
    assert ends is not None
    assert day_zero(at, week) < ends <= due
    assert hold_on(_holding(2, at, days, due), week) == due
    assert hold_on(_holding(4, at, days, due), week) is None
    said = dict(sayings(first, week))
    assert at.date() <= said["half"] <= said["most"] <= ends < said["breached"]
    assert all(week.is_working(said[kind]) for kind in ("half", "most"))
    assert next_day(list(said.items()), ends + timedelta(days=9)) == ends + timedelta(days=9)


def _holding(level: int, since: datetime, days: int, due: date) -> Holding:
    case = Complaint(state="in_progress", level=level, days=days, extension_days=0, due_on=due, officer_id=1)
    return holding_of(case, LevelStay(from_at=since, opened_at=since), ())
