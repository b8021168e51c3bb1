"""The pages of those who oversee: the department's secretary and the grievance cell."""

import csv
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import CITIZEN, Actor
from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.level_stay import LevelStay
from models.message import Message
from models.services import change_state, propose
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.officers import MOBILE, STORY, Officers, employ_officers
from tests.models.desk_kit import WEEK


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


def confirm(officers: Officers, case: Complaint) -> None:
    """The citizen says that it is solved."""
    now = officers.desk.clock.now()

    def yes(session: Session) -> None:
        kept = session.get_one(Complaint, case.id)
        change_state(session, kept, "closed", by=CITIZEN, now=now, calendar=WEEK, outcome="confirmed")

    officers.desk.store.transact(yes)


def test_the_department_is_for_its_secretary_and_the_cell(officers: Officers) -> None:
    for login, status in (("leela", 200), ("sumitra", 200), ("chitra", 403), ("hiran", 403), ("asha", 403)):
        assert officers.browser(login).get("/desk/cases/department").status_code == status, login
    assert "/desk/cases/department" in officers.browser("leela").get("/desk/cases").text
    assert "/desk/cases/department" not in officers.browser("chitra").get("/desk/cases").text


def test_levels_and_holders_lead_to_their_cases(officers: Officers) -> None:
    solved, late = officers.case(), officers.case()
    officers.act("chitra", solved, "open")
    officers.act("chitra", solved, "report", note="The card was handed over on the spot.")
    confirm(officers, solved)
    officers.desk.clock.advance(20 * 86400)
    browser = officers.browser("leela")
    page = browser.get("/desk/cases/department").text
    links = {name: link.replace("&amp;", "&") for link, name in found_links(page)}
    assert links
    for what, case, other in (("solved", solved, late), ("late", late, solved), ("open", late, solved)):
        query = {"what": what, "level": "1"}
        listed = browser.get("/desk/cases/department/list", **query).text
        assert case.reference in listed, what
        assert other.reference not in listed, what
    assert "Chitra" in page
    assert "Food Inspector, Hooghly" in page


def found_links(page: str) -> list[tuple[str, str]]:
    return re.findall(r'href="(/desk/cases/department/list\?[^"]+)">(\d+)</a>', page)


def test_only_known_names_go_into_the_links_to_files(officers: Officers) -> None:
    """An address may say anything, and a link has names of its own: `endpoint` would break the page."""
    officers.case()
    page = officers.browser("leela").get("/desk/cases/department/list", what="open", endpoint="x", _scheme="evil")
    assert page.status_code == 200
    assert 'href="/desk/cases/department/cases.csv?what=open"' in page.text


def test_a_secretary_sees_their_department_only(officers: Officers) -> None:
    ours, theirs = officers.case(), officers.case()
    to_urban: dict[str, Any] = {
        "department": "urban",
        "office": "",
        "reason_code": "not_ours",
        "note": "A town matter.",
    }
    officers.act("chitra", theirs, "transfer", **to_urban)
    leela = officers.browser("leela")
    assert theirs.reference not in leela.get("/desk/cases/department/list", what="open").text
    assert theirs.reference not in leela.get("/desk/cases/department/list", what="open", department="urban").text
    assert ours.reference in leela.get("/desk/cases/department/list", what="open").text
    cell = officers.browser("sumitra")
    assert theirs.reference in cell.get("/desk/cases/department/list", what="open", department="urban").text
    assert ours.reference not in cell.get("/desk/cases/department/list", what="open", department="urban").text


def test_the_files_hold_the_list_and_nobodys_name_or_number(officers: Officers) -> None:
    case = officers.case()
    browser = officers.browser("leela")
    sent = browser.get("/desk/cases/department/cases.csv", what="open")
    assert sent.headers["Content-Type"].startswith("text/csv")
    heads, row = csv.reader(io.StringIO(sent.text.removeprefix("\ufeff")))
    assert "Promised by" in heads
    assert row[0].replace("-", "") == case.reference
    assert "Food Inspector, Hooghly" in row
    for hidden in ("Rahima", MOBILE[3:], STORY):
        assert hidden not in sent.text
    book = load_workbook(io.BytesIO(browser.get("/desk/cases/department/cases.xlsx", what="open").data))
    cells = [[cell.value for cell in line] for line in book[book.sheetnames[0]].iter_rows()]
    assert cells[1][0] == row[0]
    assert cells[1][5] == 1
    assert officers.browser("chitra").get("/desk/cases/department/cases.csv").status_code == 403


def test_the_cell_sorts_what_no_rule_sends(officers: Officers) -> None:
    case = officers.case(category="other", language="en")
    browser = officers.browser("sumitra")
    assert case.reference in browser.get("/desk/cases/cell").text
    page = browser.get(f"/desk/cases/{case.reference}").text
    assert 'id="act-forward"' in page
    assert 'id="act-transfer"' not in page
    assert officers.act("sumitra", case, "recategorise", category="ration", note="It is the card.").status_code == 302
    assert officers.act("sumitra", case, "set_priority", priority="urgent", note="No food.").status_code == 302
    shown = officers.act("sumitra", case, "forward", department="food", office="", go="look")
    assert "is forwarded to Food and Supplies." in shown.text
    assert officers.act("sumitra", case, "forward", department="food", office="").status_code == 302
    kept = officers.again(case)
    assert (kept.category, kept.priority, kept.office_code) == ("ration", "urgent", "food-1")
    assert "Every case has its office." in browser.get("/desk/cases/cell").text
    assert case.reference in officers.browser("chitra").get("/desk/cases").text


def test_a_proposed_joining_is_confirmed_and_told(officers: Officers) -> None:
    case, master = officers.case(language="en"), officers.case()
    by, now = Actor.staff(officers.ids["asha"], "representative"), officers.desk.clock.now()

    def suggest(session: Session) -> None:
        kept = session.get_one(Complaint, case.id)
        propose(session, kept, "merge_proposed", by=by, now=now, master=master.id)

    officers.desk.store.transact(suggest)
    page = officers.browser("sumitra").get("/desk/cases/cell").text
    assert f"/desk/cases/{case.reference}?act=decide_merge#act-decide_merge" in page
    assert f"/desk/cases/{master.reference}" in page
    assert officers.act("sumitra", case, "decide_merge", agrees="yes", note="").status_code == 302
    assert officers.again(case).state == "merged"
    assert any("goes on together with another" in one.body for one in officers.desk.rows(Message, complaint_id=case.id))
    assert officers.act("sumitra", case, "unmerge", note="Another shop.").status_code == 302
    assert officers.again(case).state == "forwarded"


def test_the_cell_page_is_for_the_cell(officers: Officers) -> None:
    assert officers.browser("leela").get("/desk/cases/cell").status_code == 403
    assert officers.browser("chitra").get("/desk/cases/cell").status_code == 403


def test_what_the_head_has_let_pass_is_taken_over_in_one_press(officers: Officers) -> None:
    case = officers.case()
    now = officers.desk.clock.now()

    def put_on_digest(session: Session) -> None:
        stay = session.scalars(select(LevelStay).where(LevelStay.complaint_id == case.id)).one()
        about: dict[str, Any] = {"complaint_id": case.id, "stay_id": stay.id, "level": 3, "kind": "digest"}
        session.add(ClockNotice(**about, day=now.date(), at=now))

    officers.desk.store.transact(put_on_digest)
    browser = officers.browser("leela")
    page = browser.get("/desk/cases/department").text
    form = re.search(r'action="(/desk/cases/\d+/take_over)".*?name="seen" value="(\d+)"', page)
    assert form is not None
    assert browser.post(form[1], seen=form[2], go="do").status_code == 302
    assert officers.again(case).officer_id == officers.ids["leela"]
    assert "Nothing waits for you to take it over." in browser.get("/desk/cases/department").text
