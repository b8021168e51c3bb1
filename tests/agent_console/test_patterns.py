"""The page of patterns: its numbers lead to their complaints, go into files, and are for the cell only."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from agent_console.pattern_rows import Names
from agent_console.tile_map import DISTRICTS, lay_tiles
from models.complaint import Complaint
from models.level_stay import LevelStay
from models.patterns import Recurring
from models.seed import DISTRICTS as SEEDED
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_pages_in_browser import assert_well


def register_some(desk: Desk, count: int = 4, *, days_ago: int = 2) -> None:
    """Complaints about rations in Hooghly, some days ago."""
    at = desk.clock.now() - timedelta(days=days_ago)

    def write(session: Session) -> None:
        already = session.query(Complaint).count()
        for number in range(count):
            complaint = Complaint(
                reference=f"{26_000_000_000 + already + number}",
                category="ration",
                department_code="food",
                place_code="wb-hooghly",
                text="The shop is shut.",
                language="bn",
                state="forwarded",
                registered_at=at,
                due_on=at.date() - timedelta(days=1),
                contact_number="+919830012345",
                events=0,
            )
            session.add(complaint)
            session.flush()
            session.add(LevelStay(complaint_id=complaint.id, level=1, from_at=at))

    desk.store.transact(write)


def test_what_is_unusual_leads_to_its_complaints(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    browser = desk.client("boss")
    assert "No complaint was registered in these days." in browser.get("/desk/patterns").text
    register_some(desk)
    page = browser.get("/desk/patterns").text
    assert re.search(r"Ration</th>\s*<td[^>]*>Hooghly", page)
    link = re.search(r'href="(/desk/patterns/cases\?[^"]*category=ration[^"]*)"', page)
    assert link is not None
    cases = browser.client.get(link[1].replace("&amp;", "&")).text
    assert cases.count("26-000-000-00") == 4
    assert "9830012345" not in cases
    assert "No complaint fits." in browser.get("/desk/patterns/cases", category="other").text
    assert browser.get("/desk/patterns/cases", which="overdue").text.count("26-000-000-00") == 4
    assert "No complaint fits." in browser.get("/desk/patterns/cases", which="reopened").text
    assert browser.get("/desk/patterns/cases", which="everything").status_code == 404


def test_only_known_names_go_into_the_link_to_older_ones(desk: Desk) -> None:
    """An address may say anything, and a link has names of its own: `endpoint` would break the page."""
    desk.employ("boss", "supervisor")
    register_some(desk, 101)
    page = desk.client("boss").get("/desk/patterns/cases", days=28, category="ration", endpoint="x", _scheme="evil")
    assert page.status_code == 200
    link = re.search(r'class="button" href="(/desk/patterns/cases\?before=[^"]*)"', page.text)
    assert link is not None
    assert "days=28&amp;category=ration" in link[1]


@pytest.mark.parametrize(("role", "links"), [("supervisor", 4), ("admin", 0)])
def test_a_complaint_is_a_link_only_for_whoever_may_open_it(desk: Desk, role: str, links: int) -> None:
    desk.employ("boss", role)
    register_some(desk)
    browser = desk.client("boss")
    page = browser.get("/desk/patterns/cases").text
    assert page.count("26-000-000-00") == 4
    assert page.count('href="/desk/complaints/') == links
    reference = desk.rows(Complaint)[0].reference
    assert browser.get(f"/desk/complaints/{reference}").status_code == (200 if links else 403)


def test_another_stretch_of_days(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    register_some(desk, days_ago=20)
    browser = desk.client("boss")
    assert "No complaint was registered" in browser.get("/desk/patterns", days=7).text
    assert "Hooghly" in browser.get("/desk/patterns", days=28).text
    last = (desk.clock.now() - timedelta(days=20)).date().isoformat()
    assert "Hooghly" in browser.get("/desk/patterns", days=7, last=last).text
    for junk in ("never", "0001-01-01", "9999-12-31"):
        assert browser.get("/desk/patterns", days=-3, last=junk).status_code == 200


@pytest.mark.parametrize(("table", "first"), [("recurring", "Ration"), ("outcomes", "Food"), ("levels", "Food")])
def test_each_table_is_a_file(desk: Desk, table: str, first: str) -> None:
    desk.employ("boss", "supervisor")
    register_some(desk)
    browser = desk.client("boss")
    lines = browser.get(f"/desk/patterns/{table}.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(first)
    sheet = load_workbook(io.BytesIO(browser.get(f"/desk/patterns/{table}.xlsx").get_data())).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ",".join(str(cell) for cell in rows[0]) == lines[0].replace('"', "")
    assert 4 in rows[1]
    assert browser.get(f"/desk/patterns/{table}.pdf").status_code == 404


def test_a_kind_and_a_department_of_one_code_keep_their_names() -> None:
    names = Names(kinds={"health": "Hospital"}, places={}, departments={"health": "Department of Health"})
    assert names.of("health", "", "health") == ["Hospital", "Department of Health"]


def test_only_the_cell_and_admins_see_patterns(desk: Desk) -> None:
    for login, role, status in (("a", "admin", 200), ("r", "representative", 403), ("o", "officer", 403)):
        desk.employ(login, role)
        for address in ("/desk/patterns", "/desk/patterns/cases", "/desk/patterns/recurring.csv"):
            assert desk.client(login).get(address).status_code == status


def test_every_district_has_its_tile() -> None:
    assert set(SEEDED) == DISTRICTS
    hot = Recurring("", "nadia", "", 30, (3,) * 8)
    tiles = {tile.district: tile for row in lay_tiles({"nadia": hot}, {}, (20, 100)) for tile in row if tile}
    assert (tiles["nadia"].heat, tiles["nadia"].observed, tiles["kolkata"].heat) == (3, 30, 0)


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_the_page_is_well_in(live: LiveDesk, page: Page, language: str) -> None:
    live.desk.employ("sumitra", "supervisor", screen=language)
    register_some(live.desk)
    live.sign_in(page, "sumitra", path="/desk/patterns")
    expect(page.locator("td.heat-0").first).to_be_visible()
    assert_well(page)
    page.locator("table td a").first.click()
    expect(page.locator("tbody tr")).to_have_count(4)
    assert_well(page)
