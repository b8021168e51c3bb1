"""Officers who can sign in: a department of four levels, another one beside it, and a case among them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.actor import Actor
from models.complaint import Complaint
from models.department import Department
from models.office import Office
from models.posting import Posting
from models.services import NewComplaint, register_complaint
from tests.agent_console.desk_in_test import Browser, Desk
from tests.models.desk_kit import WEEK

FIELD, DISTRICT, HEAD, SECRETARY, URBAN = "food-1", "food-2", "food-3", "food-4", "urban-1"
_OFFICES = (
    (SECRETARY, "food", 4, "Secretary, Food", None, None),
    (HEAD, "food", 3, "Director of Rationing", None, SECRETARY),
    (DISTRICT, "food", 2, "District Controller, Hooghly", "wb-hooghly", HEAD),
    (FIELD, "food", 1, "Food Inspector, Hooghly", "wb-hooghly", DISTRICT),
    (URBAN, "urban", 1, "Municipality, Hooghly", "wb-hooghly", None),
)
PEOPLE = (
    ("chitra", FIELD, "head"),
    ("mili", FIELD, "member"),
    ("dipak", DISTRICT, "nodal"),
    ("hiran", HEAD, "head"),
    ("leela", SECRETARY, "head"),
    ("rafiq", URBAN, "head"),
)
STORY = "রেশন কার্ড তিন মাস ধরে আটকে আছে।"
MOBILE = "+919830012345"


@dataclass
class Officers:
    """The desk, and everybody of the department."""

    desk: Desk
    ids: dict[str, int]

    def browser(self, login: str) -> Browser:
        return self.desk.client(login)

    def case(self, **fields: Any) -> Complaint:
        """A complaint of now about rations in Hooghly."""
        new: dict[str, Any] = {"category": "ration", "text": STORY, "language": "bn", "place_code": "wb-hooghly"}
        new |= {"complainant_name": "Rahima Bibi", "contact_number": MOBILE} | fields

        def work(session: Session) -> Complaint:
            by = Actor.staff(self.ids["asha"], "representative")
            now = self.desk.clock.now()
            made = NewComplaint(**new)
            return register_complaint(
                session, made, by=by, now=now, calendar=WEEK, compose=lambda one: f"Registered: {one.reference}"
            )

        return self.desk.store.transact(work)

    def again(self, case: Complaint) -> Complaint:
        """The case as it stands now."""
        kept: Complaint = self.desk.row(Complaint, id=case.id)
        return kept

    def act(self, login: str, case: Complaint, act: str, *, seen: int | None = None, **form: Any) -> Any:
        """Send an act as its page does, at once with its confirmation."""
        seen = self.again(case).events if seen is None else seen
        address = f"/desk/cases/{case.reference}/{act}"
        return self.browser(login).post(address, seen=seen, **{"go": "do", **form})


def employ_officers(desk: Desk, *, screen: str = "en") -> Officers:
    """Offices, people in them, the cell (sumitra) and a representative (asha)."""

    def lay(connection: Any) -> None:
        names = {"en": "Urban Development", "bn": "নগরোন্নয়ন", "hi": "नगर विकास"}
        connection.execute(insert(Department).values(code="urban", names=names))
        for code, department, level, name, place, parent in _OFFICES:
            row = {"code": code, "department_code": department, "level": level, "names": {"en": name}}
            connection.execute(insert(Office).values(**row, place_code=place, parent=parent))

    desk.store.write(lay)
    ids = {login: desk.employ(login, "officer", screen=screen) for login, _, _ in PEOPLE}
    ids["asha"] = desk.employ("asha", "representative", screen=screen)
    ids["sumitra"] = desk.employ("sumitra", "supervisor", screen=screen)
    since = date(2020, 1, 1)

    def post(connection: Any) -> None:
        for login, office, duty in PEOPLE:
            row = {"office_code": office, "staff_id": ids[login], "duty": duty, "from_on": since}
            connection.execute(insert(Posting).values(**row))

    desk.store.write(post)
    return Officers(desk, ids)


def days_later(officers: Officers, days: int) -> None:
    officers.desk.clock.advance(timedelta(days=days).total_seconds())
