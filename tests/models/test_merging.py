"""Joining a complaint to another: what was true when it was proposed is looked at again when it is decided."""

import pytest

from models.case_access import why_not
from models.case_lists import merges_proposed
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import IllegalTransition, Refused
from models.store import Store
from tests.models.cases import who
from tests.models.desk_kit import CELL, REPRESENTATIVE
from tests.models.tale import Tale


@pytest.fixture
def tale(store: Store) -> Tale:
    tale = Tale(store)
    tale.at(2)
    return tale


def join(tale: Tale, case: int, master: int) -> ComplaintEvent:
    tale.propose("merge_proposed", REPRESENTATIVE, case, master=master)
    return tale.act("decide_merge", "sumitra", case, agrees=True)


def test_two_that_were_to_join_each_other_make_no_circle(tale: Tale) -> None:
    other = tale.register()
    tale.propose("merge_proposed", REPRESENTATIVE, other, master=tale.id)
    join(tale, tale.id, other)
    with pytest.raises(Refused, match="same_complaint"):
        tale.act("decide_merge", "sumitra", other, agrees=True)
    assert (tale.of(other).state, tale.of(other).merged_into) == ("forwarded", None)
    tale.act("decide_merge", "sumitra", other, agrees=False, note="That one follows this")


def test_one_that_has_ended_meanwhile_is_joined_no_more(tale: Tale) -> None:
    other = tale.register()
    tale.propose("merge_proposed", REPRESENTATIVE, other, master=tale.id)
    tale.act("open_case", "chitra")
    tale.act("close_unsolved", "chitra", note="The shop is gone")
    with pytest.raises(Refused, match="unknown_master"):
        tale.act("decide_merge", "sumitra", other, agrees=True)
    assert tale.of(other).state == "forwarded"


def test_it_joins_whom_the_other_follows_by_now(tale: Tale) -> None:
    first, second, third = tale.id, tale.register(), tale.register()
    tale.propose("merge_proposed", REPRESENTATIVE, third, master=second)
    join(tale, second, first)
    with pytest.raises(IllegalTransition, match="propose first"):
        tale.citizen("merged", third, by=CELL, master=first)
    event = tale.act("decide_merge", "sumitra", third, agrees=True)
    assert (event.data["master"], event.data["proposed"]) == (first, second)
    assert tale.of(third).merged_into == first


def test_a_circle_that_is_there_already_is_followed_once(tale: Tale) -> None:
    first, second, third = tale.id, tale.register(), tale.register()
    for one, other in ((first, second), (second, first)):
        tale.propose("merge_proposed", REPRESENTATIVE, one, master=other)
        tale.citizen("merged", one, by=CELL, master=other)
    tale.propose("merge_proposed", REPRESENTATIVE, third, master=first)
    with pytest.raises(Refused, match="unknown_master"):
        tale.act("decide_merge", "sumitra", third, agrees=True)


def test_taken_out_again_it_waits_for_no_decision(tale: Tale, store: Store) -> None:
    other = tale.register()
    join(tale, other, tale.id)
    tale.act("unmerge", "sumitra", other, note="Another shop after all")
    with pytest.raises(Refused, match="nothing_proposed"):
        tale.act("decide_merge", "sumitra", other, agrees=True)
    with pytest.raises(IllegalTransition, match="propose first"):
        tale.citizen("merged", other, by=CELL, master=tale.id)
    with store.session() as session:
        assert session.execute(merges_proposed(Complaint.id > 0)).all() == []
        cell = who(session, "sumitra", tale.now)
        assert why_not(session, cell, session.get_one(Complaint, other), "decide_merge") == "nothing_proposed"
    assert join(tale, other, tale.id).kind == "merged"
