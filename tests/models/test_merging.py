"""Joining a complaint to another: what was true when it was proposed is looked at again when it is decided."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_access import why_not
from models.case_lists import merges_proposed
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import IllegalTransition, Refused
from models.message import Message
from models.record import append_event
from models.services.changing import Text
from models.services.feedback import unasked
from models.services.letting_go import Texts, let_stranded_go
from models.store import Store
from tests.models.cases import DISTRICT, FIELD, HEAD, stays, who
from tests.models.desk_kit import CELL, REPRESENTATIVE, WEEK
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


def test_who_follows_hears_that_it_is_reported_solved_and_is_asked(tale: Tale, store: Store) -> None:
    mobile, none = tale.register(contact_number="+919830000002"), tale.register(contact_number=None)
    last = tale.register(contact_number="+919830000003")
    join(tale, last, mobile)  # it follows what will follow
    for other in (mobile, none):
        join(tale, other, tale.id)
    tale.act("take_over", "dipak")
    tale.act("open_case", "dipak")
    before = len(told(store, mobile))
    tale.act("report_action", "dipak", note="The dealer is replaced")
    for other in (mobile, none, last):
        case = tale.of(other)
        assert (case.state, case.merged_into, case.office_code) == ("action_reported", None, DISTRICT)
        assert tale.record(other)[-1] == "02 Mar action_reported rule"
    assert len(told(store, mobile)) == before + 1
    assert told(store, none) == []
    with store.read() as connection:
        assert [row["complaint_id"] for row in unasked(connection, 9)] == [tale.id, mobile, last]
    with store.session() as session:
        assert stays(session, session.get_one(Complaint, mobile)) == [(1, FIELD, False), (2, DISTRICT, True)]
    tale.citizen("closed", mobile, outcome="confirmed")
    tale.citizen("in_progress", last, answer="not_solved")
    assert (tale.of(mobile).outcome, tale.of(last).office_code, tale.case.state) == (
        "confirmed",
        HEAD,
        "action_reported",
    )


def test_one_that_accuses_the_office_that_reports_comes_above_it(tale: Tale) -> None:
    other = tale.register(accused=(FIELD,))
    join(tale, other, tale.id)
    tale.act("open_case", "chitra")
    tale.act("report_action", "chitra", note="Done")
    assert (tale.of(other).state, tale.of(other).office_code) == ("action_reported", DISTRICT)


def withdraw(tale: Tale) -> None:
    tale.citizen("closed", outcome="withdrawn", note="Settled between us")


def close_unsolved(tale: Tale) -> None:
    tale.act("open_case", "chitra")
    tale.act("close_unsolved", "chitra", note="The shop is gone")


def reject(tale: Tale) -> None:
    tale.act("propose_rejection", "chitra", note="Not a matter of this department")
    tale.act("decide_rejection", "dipak", agrees=True)


@pytest.mark.parametrize("end", [withdraw, close_unsolved, reject])
def test_who_follows_stands_alone_again_where_the_other_ends_unsolved(tale: Tale, end: Callable[[Tale], None]) -> None:
    follower, asked, last = tale.register(), tale.register(), tale.register()
    before = tale.of(follower).hold_on
    tale.act("open_case", "chitra", asked)
    tale.act("ask_citizen", "chitra", asked, question="Which shop?")
    join(tale, last, follower)  # it follows what will follow
    for other in (follower, asked):
        join(tale, other, tale.id)
    assert tale.of(follower).hold_on is None
    end(tale)
    for other, stood in ((follower, "forwarded"), (asked, "needs_info"), (last, "forwarded")):
        case = tale.of(other)
        assert (case.state, case.merged_into, case.office_code, case.outcome) == (stood, None, FIELD, None)
        assert tale.record(other)[-1] == f"02 Mar {stood} rule"
    assert before is not None
    assert tale.of(follower).hold_on == before
    assert {follower, last} <= {case.id for case in tale.box("chitra", "mine")}


@pytest.mark.parametrize(
    ("values", "reported", "becomes", "tells"),
    [
        ({"state": "closed", "outcome": "confirmed"}, True, "action_reported", "reported"),
        ({"state": "action_reported"}, True, "action_reported", "reported"),
        ({"state": "closed", "outcome": "withdrawn"}, False, "forwarded", "alone"),
        ({"state": "rejected"}, True, "forwarded", "alone"),
    ],
)
def test_who_was_left_behind_before_the_rule_is_let_go_once(
    tale: Tale, store: Store, values: dict[str, str], reported: bool, becomes: str, tells: str
) -> None:
    follower, last = tale.register(), tale.register()
    join(tale, last, follower)
    join(tale, follower, tale.id)
    before = len(told(store, follower))

    def end_as_of_old(session: Session) -> None:
        master = session.get_one(Complaint, tale.id)
        if reported:
            append_event(session, master, kind="action_reported", actor="staff:1", now=tale.now, data={"note": "Done"})
        for name, value in values.items():
            setattr(master, name, value)

    def texts(session: Session, master: Complaint) -> Texts:
        return Texts(Text("r", lambda one: "reported"), Text("a", lambda one: "alone"))

    store.transact(end_as_of_old)
    done = [let_stranded_go(store, tale.now, lambda _department: WEEK, texts) for _ in range(2)]
    assert [one.total() for one in done] == [1, 0]
    assert "stumbled" not in done[0]
    for other in (follower, last):
        case = tale.of(other)
        assert (case.state, case.merged_into) == (becomes, None)
        assert tale.record(other)[-1] == f"02 Mar {becomes} rule"
    assert told(store, follower)[before:] == [tells]


def told(store: Store, case: int) -> list[str]:
    with store.session() as session:
        return list(session.scalars(select(Message.body).where(Message.complaint_id == case)))
