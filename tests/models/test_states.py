"""States of a complaint: the table, its conditions, and what follows from a change."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import CITIZEN, RULE, Actor
from models.complaint import STATES
from models.errors import IllegalTransition
from models.guards import GUARDS
from models.level_stay import LevelStay
from models.message import Message
from models.record import verify_chain
from models.services import change_state, propose
from models.store import Store
from models.transitions import TRANSITIONS
from tests.models.desk_kit import CELL, CHIEF, FRIDAY, OFFICER, REPRESENTATIVE, WEEK, compose, lay_office, register

MONDAY = FRIDAY + timedelta(days=3)


class Case:
    """One complaint and its life, in one session."""

    def __init__(self, session: Session, **fields: Any) -> None:
        lay_office(session)
        self.session = session
        self.now = MONDAY
        self.complaint = register(session, **fields)

    def move(self, to: str, by: Actor, **said: Any) -> None:
        change_state(self.session, self.complaint, to, by=by, now=self.now, calendar=WEEK, compose=compose, **said)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def stays(self) -> list[tuple[int, bool, bool]]:
        found = self.session.scalars(select(LevelStay).order_by(LevelStay.id))
        return [(stay.level, stay.opened_at is not None, stay.solved) for stay in found]


@pytest.fixture
def live(sqlite_store: Store) -> Callable[[Callable[[Case], None]], None]:
    """Tell the story of one complaint, then check that its record holds."""

    def tell(story: Callable[[Case], None], **fields: Any) -> None:
        def work(session: Session) -> None:
            case = Case(session, **fields)
            story(case)
            session.flush()
            verify_chain(session, case.complaint)

        sqlite_store.transact(work)

    return tell


Live = Callable[..., None]


def test_table_names_known_states_and_guards() -> None:
    for row in TRANSITIONS:
        assert {row.before, row.after} <= set(STATES)
        assert not row.guard or row.guard in GUARDS
        assert row.roles
    assert {row.guard for row in TRANSITIONS if row.guard} == set(GUARDS)


def test_every_state_can_be_reached_and_left() -> None:
    assert {row.after for row in TRANSITIONS} == set(STATES) - {"registered"} | {"registered"}
    assert {row.before for row in TRANSITIONS} == set(STATES)


def test_solved_and_confirmed(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        case.move("action_reported", OFFICER, note="card issued")
        case.move("closed", CITIZEN, outcome="confirmed")
        assert case.complaint.outcome == "confirmed"
        assert case.complaint.closed_at == MONDAY
        assert case.stays() == [(1, True, True)]
        texts = case.session.scalars(select(Message.purpose).order_by(Message.id)).all()
        assert texts == ["registered", "status", "status", "status"]

    live(story)


def test_only_a_citizen_says_that_it_is_solved(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        case.move("action_reported", OFFICER, note="card issued")
        with pytest.raises(IllegalTransition):
            case.move("closed", OFFICER, outcome="confirmed")
        with pytest.raises(IllegalTransition, match="unreachable"):
            case.move("closed", RULE, outcome="confirmed")
        case.move("closed", RULE, outcome="unreachable")

    live(story)


def test_not_solved_goes_on_one_level_up(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        case.move("action_reported", OFFICER, note="card issued")
        with pytest.raises(IllegalTransition, match="answer"):
            case.move("in_progress", REPRESENTATIVE)
        case.move("in_progress", REPRESENTATIVE, answer="partly")
        assert case.complaint.level == 2
        assert case.stays() == [(1, True, False), (2, False, False)]

    live(story)


def test_waiting_for_a_reply_pauses_the_clock(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        case.later(days=3)  # Thursday
        case.move("needs_info", OFFICER, note="which shop?")
        case.later(days=4)  # Monday: Friday and Monday are lost
        case.move("in_progress", CITIZEN)
        assert case.complaint.due_on == date(2026, 3, 17)

    live(story)


def test_transfer_needs_a_coded_reason(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        with pytest.raises(IllegalTransition, match="reason_code"):
            case.move("forwarded", OFFICER, department="health")
        case.move("forwarded", OFFICER, department="health", reason_code="not_ours")
        assert case.complaint.department_code == "health"
        assert case.complaint.due_on == date(2026, 3, 13)

    live(story)


def test_one_officer_proposes_a_higher_one_rejects(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        with pytest.raises(IllegalTransition, match="nobody has proposed"):
            case.move("rejected", CHIEF, note="before a court")
        propose(case.session, case.complaint, "rejection_proposed", by=OFFICER, now=case.now, note="before a court")
        with pytest.raises(IllegalTransition, match="cannot decide it too"):
            case.move("rejected", OFFICER, note="before a court")
        with pytest.raises(IllegalTransition, match="higher level"):
            case.move("rejected", Actor.staff(9, "officer", level=1), note="before a court")
        case.move("rejected", CHIEF, note="before a court")
        assert case.complaint.reason == "before a court"

    live(story)


def test_appeal_within_thirty_days_decided_by_fresh_eyes(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        propose(case.session, case.complaint, "rejection_proposed", by=OFFICER, now=case.now)
        case.move("rejected", CHIEF, note="not admissible")
        case.later(days=30)
        case.move("appealed", CITIZEN)
        for decided_before in (OFFICER, CHIEF):
            with pytest.raises(IllegalTransition, match="has not decided"):
                case.move("in_progress", decided_before, note="taken up")
        case.move("in_progress", CELL, note="taken up")

    live(story)


def test_a_refused_appeal_leaves_the_ledger_as_it_was(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("in_progress", OFFICER)
        case.move("action_reported", OFFICER, note="card issued")
        case.move("closed", CITIZEN, outcome="confirmed")
        case.later(days=5)
        case.move("appealed", CITIZEN)
        case.move("closed", CELL, note="as before", outcome="no_solution")
        stay = case.session.scalars(select(LevelStay)).one()
        assert (stay.until_at, stay.solved) == (MONDAY, True)

    live(story)


def test_appeal_comes_too_late(live: Live) -> None:
    def story(case: Case) -> None:
        case.move("closed", CITIZEN, outcome="withdrawn")
        case.later(days=30, seconds=1)
        with pytest.raises(IllegalTransition, match="30 days"):
            case.move("appealed", CITIZEN)

    live(story)


@pytest.mark.parametrize(("closed_for", "is_allowed"), [(16, True), (17, False)])
def test_reopened_within_ten_working_days(live: Live, closed_for: int, is_allowed: bool) -> None:
    def story(case: Case) -> None:
        case.move("closed", REPRESENTATIVE, outcome="withdrawn")  # Mon 2 March; the tenth working day is Wed 18
        case.later(days=closed_for)
        if is_allowed:
            case.move("in_progress", CITIZEN)
            assert case.complaint.outcome is None
        else:
            with pytest.raises(IllegalTransition, match="10 working days"):
                case.move("in_progress", CITIZEN)

    live(story)


def test_merged_by_two_and_taken_out_again(live: Live) -> None:
    def story(case: Case) -> None:
        master = register(case.session)
        with pytest.raises(IllegalTransition, match="propose first"):
            case.move("merged", CELL, master=master.id)
        propose(case.session, case.complaint, "merge_proposed", by=REPRESENTATIVE, now=case.now, master=master.id)
        case.move("merged", CELL, master=master.id)
        assert case.complaint.merged_into == master.id
        with pytest.raises(IllegalTransition, match="forwarded"):
            case.move("in_progress", CELL)
        case.move("forwarded", CELL)
        assert case.complaint.merged_into is None

    live(story)


def test_the_cell_forwards_what_no_rule_knows(live: Live) -> None:
    def story(case: Case) -> None:
        with pytest.raises(IllegalTransition, match="department"):
            case.move("forwarded", CELL)
        case.move("forwarded", CELL, department="health", office="Hospital superintendent")
        assert case.complaint.office == "Hospital superintendent"

    live(story, category="other")


def test_what_the_table_lacks_is_refused_and_changes_nothing(live: Live) -> None:
    def story(case: Case) -> None:
        with pytest.raises(IllegalTransition, match="cannot become"):
            case.move("action_reported", OFFICER, note="done")
        with pytest.raises(IllegalTransition, match="only officer"):
            case.move("in_progress", REPRESENTATIVE)
        assert case.complaint.state == "forwarded"
        assert case.complaint.events == 2

    live(story)
