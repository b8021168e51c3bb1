"""Who may read a case and do what with it: the whole table, written a second time, and those whom a case accuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.case_access import RELATIONS, TABLE, acts_possible, readable, relation, why_not
from models.case_moment import RULES
from models.complaint import Complaint
from models.errors import Refused
from models.inbox_query import list_cases
from models.office import Office
from models.posting import Posting
from models.services import casework, change_state
from models.store import Store
from tests.models.cases import DISTRICT, FIELD, MONDAY, a_case, lay_people, stays, who
from tests.models.desk_kit import WEEK

# Each row: what holder, member, above, secretary, cell, cell_holds and passed may.
MATRIX = """
open               yes yes -   -   -   yes -
ask                yes yes -   -   -   yes -
report             yes yes -   -   -   yes -
close              yes -   -   -   -   yes -
transfer           yes -   -   -   yes yes -
decide_transfer    -   -   -   -   yes yes -
propose_rejection  yes -   -   -   -   yes -
decide_rejection   -   -   yes yes yes yes -
extend             -   -   yes yes yes yes -
explain            yes yes yes yes yes yes yes
take_over          -   -   yes yes yes -   -
ring               yes yes -   -   yes yes -
note               yes yes yes yes yes yes -
recategorise       -   -   -   -   yes yes -
set_priority       -   -   -   -   yes yes -
decide_appeal      -   -   yes yes yes yes -
forward            -   -   -   -   yes yes -
decide_merge       -   -   -   -   yes yes -
unmerge            -   -   -   -   yes yes -
reveal_name        -   -   -   yes yes yes -
accuse             -   -   yes yes yes yes -
"""
EXPECTED = {row.split()[0]: row.split()[1:] for row in MATRIX.strip().splitlines()}


def test_the_table_is_what_was_decided() -> None:
    assert set(EXPECTED) == set(TABLE) == set(RULES)
    for action, marks in EXPECTED.items():
        may = {stands for stands, mark in zip(RELATIONS, marks, strict=True) if mark == "yes"}
        assert TABLE[action] == may, action


Tell = Callable[[Callable[[Session, Complaint], None]], None]


@pytest.fixture
def tell(store: Store) -> Callable[..., None]:
    """Run a story in which everybody is there, with one case at the field office of Hooghly."""

    def run(story: Callable[[Session, Complaint], None], **fields: Any) -> None:
        def work(session: Session) -> None:
            lay_people(session)
            story(session, a_case(session, **fields))

        store.transact(work)

    return run


RELATION_OF = {
    "chitra": "holder",
    "mili": "member",
    "dipak": "above",
    "hiran": "above",
    "leela": "secretary",
    "sumitra": "cell",
    "nadia": None,
    "rafiq": None,
    "asha": None,
}


def test_each_officer_stands_to_the_case_as_their_posting_says(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        assert (case.office_code, case.level) == (FIELD, 1)
        assert case.officer_id == who(session, "chitra").staff_id
        for login, expected in RELATION_OF.items():
            officer = who(session, login)
            assert relation(session, officer, case) == expected, login
            found = session.scalars(select(Complaint.id).where(readable(officer))).all()
            assert found == ([case.id] if expected else []), login

    tell(story)


def test_every_act_on_a_case_that_has_just_come(tell: Tell) -> None:
    """Of all people and all acts: allowed, not theirs, or not now."""

    def story(session: Session, case: Complaint) -> None:
        now_possible = {"open", "transfer", "propose_rejection", "extend", "take_over", "note", "recategorise"}
        now_possible |= {"set_priority", "accuse", "ring"}
        for login, stands in RELATION_OF.items():
            officer = who(session, login)
            may = [action for action in TABLE if why_not(session, officer, case, action) is None]
            assert acts_possible(session, officer, case) == may, login
            for action, allowed in TABLE.items():
                reason = why_not(session, officer, case, action)
                if stands is None or stands not in allowed:
                    assert reason == "not_yours", (login, action)
                else:
                    assert (reason is None) == (action in now_possible), (login, action, reason)

    tell(story)


def test_the_cell_holds_what_no_office_has(tell: Callable[..., None]) -> None:
    def story(session: Session, case: Complaint) -> None:
        assert case.state == "registered"
        cell = who(session, "sumitra")
        assert relation(session, cell, case) == "cell_holds"
        assert why_not(session, cell, case, "transfer") is None
        assert why_not(session, cell, case, "take_over") == "not_yours"
        for login in ("chitra", "leela", "rafiq"):
            assert relation(session, who(session, login), case) is None

    tell(story, category="other")


@pytest.mark.parametrize(
    ("accused", "blind", "left_to"),
    [
        (FIELD, {"chitra", "mili"}, (2, DISTRICT)),
        (DISTRICT, {"chitra", "mili", "dipak"}, (3, "food-head")),
        ("food-secretary", {"chitra", "mili", "dipak", "hiran", "leela"}, (5, None)),
        ("food-field-nadia", {"nadia"}, (1, FIELD)),
    ],
)
def test_nobody_in_or_under_an_accused_office_sees_the_case(
    tell: Callable[..., None], accused: str, blind: set[str], left_to: tuple[int, str | None]
) -> None:
    def story(session: Session, case: Complaint) -> None:
        cell = who(session, "sumitra")
        event = casework.accuse(session, case, casework.Acting(cell, MONDAY, WEEK), office=accused)
        assert (event.kind, event.data["offices"]) == ("accused", [accused])
        assert (case.level, case.office_code) == left_to
        assert stays(session, case)[-1][:2] == left_to
        readers = {
            login
            for login in RELATION_OF
            if session.scalars(select(Complaint.id).where(readable(who(session, login)))).all()
        }
        assert readers == {"chitra", "mili", "dipak", "hiran", "leela", "sumitra"} - blind

    tell(story)


def test_registered_against_an_office_it_never_passes_it(tell: Callable[..., None]) -> None:
    def story(session: Session, case: Complaint) -> None:
        assert (case.level, case.office_code) == (2, DISTRICT)
        assert stays(session, case) == [(2, DISTRICT, False)]
        assert relation(session, who(session, "chitra"), case) is None

    tell(story, accused=(FIELD,))


def test_an_accused_officer_is_blind_wherever_they_serve(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        dipak = who(session, "dipak")
        cell = who(session, "sumitra")
        casework.accuse(session, case, casework.Acting(cell, MONDAY, WEEK), staff_id=dipak.staff_id)
        assert case.office_code == "food-head"
        assert session.scalars(select(Accusation.office_code).order_by(Accusation.id)).all() == [DISTRICT, None]
        assert relation(session, dipak, case) is None
        with pytest.raises(Refused, match="not_yours"):
            casework.add_note(session, case, casework.Acting(dipak, MONDAY, WEEK), note="I was on leave")

    tell(story)


def test_forwarding_goes_round_the_accused_too(tell: Callable[..., None]) -> None:
    def story(session: Session, case: Complaint) -> None:
        cell = who(session, "sumitra")
        what: dict[str, Any] = {"department": "food", "office_code": FIELD, "reason_code": "not_ours"}
        change_state(session, case, "forwarded", by=cell.actor, now=MONDAY, calendar=WEEK, **what)
        assert case.office_code == DISTRICT

    tell(story, accused=(FIELD,))


def test_an_officer_is_of_the_day(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        session.get_one(Office, FIELD).active = False
        session.flush()
        assert who(session, "chitra").duties == {}
        assert relation(session, who(session, "chitra"), case) is None

    tell(story)


def also(session: Session, login: str, office: str, duty: str) -> None:
    """They serve in one more office."""
    staff_id = who(session, login).staff_id
    session.add(Posting(office_code=office, staff_id=staff_id, duty=duty, from_on=date(2026, 1, 1)))
    session.flush()


def test_a_secretary_who_serves_in_another_department_is_no_secretary_there(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        also(session, "leela", "panchayat-field-hooghly", "assistant")
        leela = who(session, "leela")
        assert (set(leela.secretary_of), leela.actor.level) == ({"food"}, 4)
        here, elsewhere = (a_case(session, category="local_body", place_code=place) for place in ("hooghly", "nadia"))
        assert relation(session, leela, case) == "secretary"
        assert relation(session, leela, here) == "holder"
        assert relation(session, leela, elsewhere) is None

    tell(story)


def test_who_only_serves_above_does_not_answer_there_for_having_an_office_elsewhere(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        also(session, "rafiq", DISTRICT, "member")
        rafiq = who(session, "rafiq")
        assert relation(session, rafiq, case) == "passed"
        assert why_not(session, rafiq, case, "take_over") == "not_yours"
        assert rafiq.actor.level == 1

    tell(story)


def test_what_went_to_another_department_is_not_read_for_serving_there_elsewhere(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        also(session, "chitra", "panchayat-field-nadia", "member")
        cell = who(session, "sumitra")
        what: dict[str, Any] = {"department": "panchayat", "reason_code": "not_ours", "note": "A matter of the village"}
        casework.transfer_case(session, case, casework.Acting(cell, MONDAY, WEEK), **what)
        assert case.office_code == "panchayat-field-hooghly"
        assert relation(session, who(session, "chitra"), case) is None

    tell(story)


def test_what_the_cell_proposes_to_reject_another_of_it_decides(tell: Callable[..., None]) -> None:
    def story(session: Session, case: Complaint) -> None:
        one, another = (casework.Acting(who(session, login), MONDAY, WEEK) for login in ("sumitra", "tapan"))
        casework.propose_rejection(session, case, one, note="Before a court")
        with pytest.raises(Refused, match="own_proposal"):
            casework.decide_rejection(session, case, one, agrees=True)
        casework.decide_rejection(session, case, another, agrees=True)
        assert case.state == "rejected"

    tell(story, category="other")


def test_a_rejection_proposed_by_who_has_nobody_above_waits_for_the_cell(tell: Tell) -> None:
    def story(session: Session, case: Complaint) -> None:
        leela, cell = who(session, "leela"), who(session, "sumitra")
        casework.take_over(session, case, casework.Acting(leela, MONDAY, WEEK))
        casework.propose_rejection(session, case, casework.Acting(leela, MONDAY, WEEK), note="Before a court")
        assert [row.id for row in list_cases(session, cell, box="mine", now=MONDAY)] == [case.id]
        casework.decide_rejection(session, case, casework.Acting(cell, MONDAY, WEEK), agrees=True)

    tell(story)


def test_offices_in_a_circle_are_each_asked_once(tell: Tell) -> None:
    """The register refuses one; should there be one all the same, a case goes to the cell and nothing hangs."""

    def story(session: Session, case: Complaint) -> None:
        session.get_one(Office, "food-secretary").parent = FIELD
        session.flush()
        cell = who(session, "sumitra")
        casework.accuse(session, case, casework.Acting(cell, MONDAY, WEEK), office="food-secretary")
        assert (case.level, case.office_code) == (5, None)

    tell(story)
