"""Who may read a case and do what with it: the whole table, written a second time, and those whom a case accuses."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.case_access import RELATIONS, TABLE, acts_possible, readable, relation, why_not
from models.case_moment import RULES
from models.complaint import Complaint
from models.errors import Refused
from models.office import Office
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
