"""Officers come and go; an open case always bears the name of somebody who serves in its office, or of nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.deadline import WorkingCalendar
from models.level_stay import LevelStay
from models.office import Office
from models.posting import Posting
from models.services import change_state
from models.services.holidays import declare_holiday, recount_promises
from models.services.naming import name_officers, settle_cases
from models.staff import Staff
from models.store import Store
from tests.models.cases import DISTRICT, FIELD, who
from tests.models.desk_kit import REPRESENTATIVE, WEEK
from tests.models.tale import Tale


def week(_department: str) -> WorkingCalendar:
    return WEEK


@pytest.fixture
def moved(store: Store) -> Callable[[str], Tale]:
    """Chitra's last day is the 5th; from the 6th her office is the charge of the person named."""

    def move(successor: str) -> Tale:
        tale = Tale(store)
        tale.at(2)
        tale.act("open_case", "chitra")

        def hand_over(session: Session) -> None:
            own = (Posting.office_code == FIELD) & (Posting.duty == "head")
            session.execute(update(Posting).where(own).values(until_on=date(2026, 3, 5)))
            staff_id = session.scalars(select(Staff.id).where(Staff.login == successor)).one()
            session.add(Posting(office_code=FIELD, staff_id=staff_id, duty="head", from_on=date(2026, 3, 6)))

        store.transact(hand_over)
        return tale

    return move


def test_the_successor_answers_from_the_first_day(store: Store, moved: Callable[[str], Tale]) -> None:
    tale = moved("nadia")
    tale.at(5)
    assert name_officers(store, tale.now, week) == 0
    tale.at(6)
    assert name_officers(store, tale.now, week) == 1
    assert name_officers(store, tale.now, week) == 0
    assert tale.holders("nadia", "mine") == ["Nadia"]
    assert tale.counts("chitra") == {}
    assert tale.record()[-1] == "06 Mar named rule"
    # What is missed under the new name is explained under it.
    tale.at(11)
    tale.sweep()
    assert tale.explanations() == [(1, "nadia", None)]


def test_who_took_it_over_and_still_serves_keeps_it(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.act("take_over", "dipak")
    boss = store.transact(lambda session: _post(session, "rafiq", DISTRICT))
    assert name_officers(store, tale.now, week) == 0
    assert tale.case.officer_id != boss


def test_an_accused_successor_does_not_get_it(store: Store, moved: Callable[[str], Tale]) -> None:
    tale = moved("nadia")
    with store.session() as session:
        nadia = who(session, "nadia", tale.now).staff_id
    tale.act("accuse", "sumitra", staff_id=nadia)
    assert tale.case.office_code == FIELD
    tale.at(6)
    assert name_officers(store, tale.now, week) == 1
    assert tale.case.office_code == DISTRICT
    assert tale.counts("nadia") == {}


def test_where_the_last_one_leaves_nobody_is_named(store: Store) -> None:
    tale = Tale(store)
    store.transact(lambda session: session.execute(update(Posting).values(until_on=date(2026, 3, 1))))
    tale.at(2)
    assert name_officers(store, tale.now, week) == 1
    assert tale.case.officer_id is None


def test_a_complaint_older_than_the_register_finds_its_office(store: Store) -> None:
    tale = Tale(store)

    def age(session: Session) -> None:
        session.execute(update(LevelStay).values(office_code=None, officer_id=None))
        gone = {"office_code": None, "officer_id": None, "hold_on": None, "clock_on": None, "office": "BDO"}
        session.execute(update(Complaint).values(**gone, level=2))

    store.transact(age)
    tale.at(2)
    assert settle_cases(store, tale.now, week) == 1
    case = tale.case
    assert (case.office_code, case.level, case.hold_on) == (DISTRICT, 2, date(2026, 3, 13))
    assert tale.holders("dipak", "mine") == ["Dipak"]
    assert case.clock_on is not None
    assert settle_cases(store, tale.now, week) == 0


def test_where_the_last_one_leaves_a_case_that_accuses_another_office_stays(store: Store) -> None:
    tale = Tale(store, accused=("food-field-nadia",))
    store.transact(lambda session: session.execute(update(Posting).values(until_on=date(2026, 3, 1))))
    tale.at(2)
    assert name_officers(store, tale.now, week) == 1
    assert (tale.case.office_code, tale.case.officer_id) == (FIELD, None)
    assert len(tale.ledger()) == 1


@pytest.mark.parametrize(
    ("shut", "left_to"),
    [
        ([FIELD], (2, DISTRICT)),
        ([FIELD, DISTRICT], (3, "food-head")),
        ([FIELD, DISTRICT, "food-head", "food-secretary"], (5, None)),
    ],
)
def test_a_case_of_an_office_that_is_no_more_is_placed_anew(
    store: Store, shut: list[str], left_to: tuple[int, str | None]
) -> None:
    tale = Tale(store)
    store.transact(lambda session: session.execute(update(Office).where(Office.code.in_(shut)).values(active=False)))
    tale.at(2)
    assert settle_cases(store, tale.now, week) == 1
    assert (tale.case.level, tale.case.office_code) == left_to
    assert tale.ledger() == [(1, FIELD, False), (*left_to, False)]
    assert settle_cases(store, tale.now, week) == 0


class Overtaken:
    """The store, in which somebody else is quicker: before the first write `first` is done."""

    def __init__(self, store: Store, first: Callable[[], object]) -> None:
        self.store, self.first = store, [first]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def transact(self, work: Callable[[Session], Any]) -> Any:
        while self.first:
            self.first.pop()()
        return self.store.transact(work)


def test_what_was_moved_meanwhile_is_not_placed_again(store: Store) -> None:
    tale = Tale(store)
    store.transact(lambda session: session.execute(update(Office).where(Office.code == FIELD).values(active=False)))
    tale.at(2)
    overtaken: Any = Overtaken(store, lambda: tale.act("take_over", "hiran"))
    assert settle_cases(overtaken, tale.now, week) == 0
    assert (tale.case.office_code, tale.record()[-1]) == ("food-head", "02 Mar taken_over hiran")


def test_what_ended_meanwhile_is_not_promised_another_day(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    store.transact(lambda session: declare_holiday(session, date(2026, 3, 12), "A storm", by="rule", now=tale.now))
    with store.session() as session:
        calendar = tale.calendar(session)

    def withdraw(session: Session) -> None:
        said: dict[str, Any] = {"by": REPRESENTATIVE, "now": tale.now, "outcome": "withdrawn"}
        change_state(session, session.get_one(Complaint, tale.id), "closed", calendar=WEEK, **said)

    withdrawn: Any = Overtaken(store, lambda: store.transact(withdraw))
    before = tale.due
    assert recount_promises(withdrawn, tale.now, lambda _department: calendar) == 0
    assert (tale.record()[-1], tale.due) == ("02 Mar closed asha", before)


def _post(session: Session, login: str, office_code: str) -> int:
    staff_id = session.scalars(select(Staff.id).where(Staff.login == login)).one()
    session.add(Posting(office_code=office_code, staff_id=staff_id, duty="head", from_on=date(2026, 1, 1)))
    return staff_id
