"""The lists of the inbox: in order, page by page, with counts that agree with them, and by an index."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.inbox_query import BOXES, Box, count_cases, list_cases
from models.store import Store
from tests.models.cases import FIELD, MONDAY, lay_people, who
from tests.models.desk_kit import FRIDAY, register
from tests.models.plans import plans_of
from tests.models.tale import Tale

LOGINS = ("chitra", "mili", "dipak", "hiran", "leela", "sumitra", "nadia", "rafiq", "asha")


def test_due_first_and_page_by_page(store: Store) -> None:
    def work(session: Session) -> None:
        lay_people(session)
        for n in range(12):
            register(session, FRIDAY + timedelta(days=(n * 5) % 7))

    store.transact(work)
    with store.session() as session:
        chitra = who(session, "chitra")
        whole = list_cases(session, chitra, box="mine", now=MONDAY)
        assert [(one.due_on, one.id) for one in whole] == sorted((one.due_on, one.id) for one in whole)
        pages, after = [], None
        while page := list_cases(session, chitra, box="mine", now=MONDAY, limit=5, after=after):
            pages.append(page)
            after = page[-1].due_on, page[-1].id
        assert [len(page) for page in pages] == [5, 5, 2]
        assert [one for page in pages for one in page] == whole


def test_counts_agree_with_the_lists_through_a_life(store: Store) -> None:
    tale = Tale(store)
    tale.register(category="other")
    tale.register(accused=(FIELD,))

    def agree() -> None:
        with store.session() as session:
            for login in LOGINS:
                officer = who(session, login, tale.now)
                counts = count_cases(session, officer, tale.now)
                assert set(counts) == set(BOXES)
                for box in BOXES:
                    assert len(list_cases(session, officer, box=box, now=tale.now)) == counts[box], (login, box)

    agree()
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.act("propose_rejection", "chitra", note="Incomplete")
    agree()
    tale.act("decide_rejection", "dipak", agrees=False, note="Ask first")
    for day in (11, 14, 20):
        tale.at(day)
        tale.sweep()
        agree()
    assert tale.counts("leela")["digest"] == 2


def test_a_list_is_one_query_and_the_counts_another(store: Store) -> None:
    tale = Tale(store)
    with store.session() as session:
        officer = who(session, "dipak", tale.now)
    sent: list[str] = []
    with store.read() as connection, Session(connection) as session:
        event.listen(connection, "before_cursor_execute", lambda *about: sent.append(about[2]))
        found = list_cases(session, officer, box="watching", now=tale.now)
        assert [(one.id, one.text, one.events) for one in found] == [(tale.id, tale.case.text, tale.case.events)]
        assert len(sent) == 1  # with all that a page shows of them
        count_cases(session, officer, tale.now)
        assert len(sent) == 2


@pytest.mark.parametrize("box", ["mine", "office"])
def test_ones_own_lists_are_found_by_an_index(store: Store, box: Box) -> None:
    store.transact(lay_people)
    with store.session() as session:
        officer = who(session, "chitra")
    plans = plans_of(store, lambda connection: list_cases(Session(connection), officer, box=box, now=MONDAY))
    used = [plan for plan in plans if plan.startswith("SEARCH complaint USING INDEX")]
    assert used, plans


def test_no_count_of_the_cell_reads_every_complaint(store: Store) -> None:
    store.transact(lay_people)
    with store.session() as session:
        cell = who(session, "sumitra")
    assert cell.is_cell
    plans = plans_of(store, lambda connection: count_cases(Session(connection), cell, MONDAY))
    assert not [plan for plan in plans if plan.startswith("SCAN complaint")], plans
