"""What the secretary counts: where cases are solved, who has them, and what waits for the cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.actor import CITIZEN, Actor
from models.case_access import readable, why_not
from models.case_lists import merges_proposed, to_sort, transfers_proposed, under_appeal
from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.department_figures import (
    LevelLine,
    ended_between,
    on_digest,
    read_holders,
    read_levels,
    solved_between,
    unexplained,
)
from models.errors import Refused
from models.explanation import Explanation
from models.inbox_query import list_cases
from models.level_stay import LevelStay
from models.services import casework, change_state, propose
from models.services.placing import last_stay
from models.store import Store
from tests.models.cases import DISTRICT, FIELD, HEAD, MONDAY, a_case, lay_people, who
from tests.models.desk_kit import WEEK

Tell = Callable[[Callable[[Session], None]], None]
FOOD = Complaint.department_code == "food"
BEFORE, AFTER = MONDAY - timedelta(days=30), MONDAY + timedelta(days=30)


@pytest.fixture
def tell(store: Store) -> Tell:
    """Run a story in which everybody is there."""

    def run(story: Callable[[Session], None]) -> None:
        def work(session: Session) -> None:
            lay_people(session)
            story(session)

        store.transact(work)

    return run


def solve(session: Session, case: Complaint, by: str, answer: str | None = None) -> None:
    """`by` opens it and reports; the citizen says yes, or `answer`."""
    officer = who(session, by)
    if case.state == "forwarded":
        casework.open_case(session, case, casework.Acting(officer, MONDAY, WEEK))
    casework.report_action(session, case, casework.Acting(officer, MONDAY, WEEK), note="done")
    if answer:
        change_state(session, case, "in_progress", by=CITIZEN, now=MONDAY, calendar=WEEK, answer=answer)
    else:
        change_state(session, case, "closed", by=CITIZEN, now=MONDAY, calendar=WEEK, outcome="confirmed")


def test_a_case_counts_as_solved_at_the_level_that_had_it(tell: Tell) -> None:
    def story(session: Session) -> None:
        at_field, at_district, unsolved, running = (a_case(session) for _ in range(4))
        solve(session, at_field, "chitra")
        solve(session, at_district, "chitra", answer="not_solved")
        solve(session, at_district, "dipak")
        chitra = who(session, "chitra")
        casework.open_case(session, unsolved, casework.Acting(chitra, MONDAY, WEEK))
        casework.close_unsolved(session, unsolved, casework.Acting(chitra, MONDAY, WEEK), note="court")
        lines = read_levels(session, FOOD, BEFORE, AFTER, running.due_on)
        assert lines[:2] == [LevelLine(1, solved=1, ended=1, open=1, late=0), LevelLine(2, solved=1)]
        late = read_levels(session, FOOD, AFTER, AFTER, running.due_on + timedelta(days=1))
        assert late[0] == LevelLine(1, open=1, late=1)
        assert session.scalars(solved_between(FOOD, BEFORE, AFTER, level=2)).all() == [at_district]
        assert len(session.scalars(solved_between(FOOD, BEFORE, AFTER)).all()) == 2
        assert session.scalars(ended_between(FOOD, BEFORE, AFTER)).all() == [unsolved]

    tell(story)


def test_who_has_the_open_ones(tell: Tell) -> None:
    def story(session: Session) -> None:
        one, other = a_case(session), a_case(session)
        casework.open_case(session, one, casework.Acting(who(session, "chitra"), MONDAY, WEEK))
        casework.take_over(session, other, casework.Acting(who(session, "dipak"), MONDAY, WEEK))
        third = a_case(session)
        lines = read_holders(session, FOOD, one.due_on + timedelta(days=1))
        held = {(line.office_code, line.officer_id): (line.open, line.late, line.unopened) for line in lines}
        assert held == {
            (FIELD, who(session, "chitra").staff_id): (2, 2, 1),
            (DISTRICT, who(session, "dipak").staff_id): (1, 1, 1),
        }
        assert lines[0].oldest == min(one.registered_at, third.registered_at)

    tell(story)


def test_missed_dates_and_the_digest(tell: Tell) -> None:
    def story(session: Session) -> None:
        missed, fine = a_case(session), a_case(session)
        stay = last_stay(session, missed)
        assert stay is not None
        about: dict[str, Any] = {"complaint_id": missed.id, "stay_id": stay.id, "level": 1, "office_code": FIELD}
        session.add(Explanation(**about, officer_id=None, demanded_at=MONDAY, due_on=MONDAY.date()))
        session.add(ClockNotice(**about, kind="digest", officer_id=None, day=MONDAY.date(), at=MONDAY))
        session.flush()
        assert session.scalars(unexplained(FOOD)).all() == [missed]
        assert session.scalars(on_digest(FOOD)).all() == [missed]
        casework.take_over(session, missed, casework.Acting(who(session, "leela"), MONDAY, WEEK))
        assert session.scalars(on_digest(FOOD)).all() == []
        session.execute(update(Explanation).values(given_at=MONDAY))
        assert session.scalars(unexplained(FOOD)).all() == []
        assert fine.office_code == FIELD

    tell(story)


def test_the_cell_sends_what_no_rule_sends_and_that_is_no_bounce(tell: Tell) -> None:
    def story(session: Session) -> None:
        case, cell = a_case(session, category="other"), who(session, "sumitra")
        assert session.scalars(to_sort(readable(cell))).all() == [case]
        before = case.due_on
        with pytest.raises(Refused, match="unknown_department"):
            casework.forward_case(session, case, casework.Acting(cell, MONDAY, WEEK), department="moon")
        casework.forward_case(session, case, casework.Acting(cell, MONDAY, WEEK), department="food")
        assert (case.office_code, case.state, case.due_on) == (FIELD, "forwarded", before)
        assert session.scalars(to_sort(readable(cell))).all() == []
        said: dict[str, Any] = {"department": "panchayat", "reason_code": "not_ours", "note": "not ours"}
        chitra = who(session, "chitra")
        casework.transfer_case(session, case, casework.Acting(chitra, MONDAY, WEEK), **said)
        assert case.pending is None  # the first transfer is still free
        rafiq, back = who(session, "rafiq"), said | {"department": "food"}
        casework.transfer_case(session, case, casework.Acting(rafiq, MONDAY, WEEK), **back)
        assert session.scalars(transfers_proposed(readable(cell))).all() == [case]
        with pytest.raises(Refused, match="not_now"):
            casework.forward_case(session, case, casework.Acting(cell, MONDAY, WEEK), department="food")

    tell(story)


def test_a_proposed_joining_is_decided_once_and_taken_back(tell: Tell) -> None:
    def story(session: Session) -> None:
        case, master, cell = a_case(session), a_case(session), who(session, "sumitra")
        asha = Actor.staff(1, "representative")
        assert why_not(session, cell, case, "decide_merge") == "nothing_proposed"
        propose(session, case, "merge_proposed", by=asha, now=MONDAY, master=master.id)
        assert [row[0] for row in session.execute(merges_proposed(readable(cell)))] == [case]
        by_cell = casework.Acting(cell, MONDAY, WEEK)
        with pytest.raises(Refused, match="say_why"):
            casework.decide_merge(session, case, by_cell, agrees=False)
        casework.decide_merge(session, case, by_cell, agrees=False, note="another shop")
        assert session.execute(merges_proposed(readable(cell))).all() == []
        with pytest.raises(Refused, match="nothing_proposed"):
            casework.decide_merge(session, case, by_cell, agrees=True)
        propose(session, case, "merge_proposed", by=asha, now=MONDAY, master=master.id)
        casework.decide_merge(session, case, by_cell, agrees=True)
        assert (case.state, case.merged_into) == ("merged", master.id)
        casework.unmerge(session, case, by_cell, note="another shop after all")
        assert (case.state, case.merged_into) == ("forwarded", None)
        with pytest.raises(Refused, match="not_yours"):
            casework.unmerge(session, case, replace(by_cell, officer=who(session, "chitra")), note="no")

    tell(story)


def test_appeals_wait_in_a_list(tell: Tell) -> None:
    def story(session: Session) -> None:
        case, chitra, cell = a_case(session), who(session, "chitra"), who(session, "sumitra")
        casework.open_case(session, case, casework.Acting(chitra, MONDAY, WEEK))
        casework.close_unsolved(session, case, casework.Acting(chitra, MONDAY, WEEK), note="court")
        assert session.scalars(under_appeal(readable(cell))).all() == []
        change_state(session, case, "appealed", by=CITIZEN, now=MONDAY, calendar=WEEK)
        assert session.scalars(under_appeal(readable(cell))).all() == [case]

    tell(story)


def test_a_box_is_narrowed_by_more_conditions(tell: Tell) -> None:
    def story(session: Session) -> None:
        one, other = a_case(session), a_case(session)
        also = [Complaint.reference == one.reference]
        found = list_cases(session, who(session, "chitra"), box="mine", now=MONDAY, also=also)
        assert [row.reference for row in found] == [one.reference]
        assert other.reference != one.reference
        assert session.scalars(select(LevelStay.office_code).distinct()).all() == [FIELD]
        assert HEAD != FIELD

    tell(story)
