"""Departments, offices and postings: whose name stands on a case follows from who is posted."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent_console import organisation_import
from agent_console.words import LANGUAGES, catalogue
from audio.shelf import Folder, ShelfAway
from models.audit_entry import AuditEntry
from models.office import Office
from models.organisation_import.checking import TOLD
from models.posting import Posting
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.officers import DISTRICT, FIELD, URBAN, Officers, employ_officers


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


@pytest.fixture
def admin(officers: Officers) -> Browser:
    officers.desk.employ("boss", "admin")
    return officers.browser("boss")


def test_every_office_stands_with_whoever_is_posted(admin: Browser) -> None:
    page = admin.get("/desk/organisation", department="food").text
    for words in ("Food Inspector, Hooghly", "Chitra", "head of the office", "under District Controller, Hooghly"):
        assert words in page
    assert "Municipality, Hooghly" not in page
    assert "Municipality, Hooghly" in admin.get("/desk/organisation", department="urban").text


def test_somebody_is_posted_and_answers_for_the_next_case(officers: Officers, admin: Browser) -> None:
    ganesh = officers.desk.employ("ganesh", "officer")
    today = officers.desk.clock.now().date()
    [chitra] = officers.desk.rows(Posting, office_code=FIELD, duty="head")
    yesterday = (today - timedelta(days=1)).isoformat()
    assert admin.post(f"/desk/organisation/postings/{chitra.id}/end", until_on=yesterday).status_code == 302
    vacant = admin.get("/desk/organisation", department="food").text
    assert "Nobody answers for it" in vacant.split(f'id="office-{FIELD}"')[1]
    form = {"staff": ganesh, "duty": "head", "from_on": today.isoformat()}
    assert admin.post(f"/desk/organisation/offices/{FIELD}/post", **form).status_code == 302
    assert officers.case().officer_id == ganesh
    acts = [(one.action, one.subject) for one in officers.desk.rows(AuditEntry)]
    assert ("officer_posted", f"staff:{ganesh}") in acts
    assert ("posting_ended", f"staff:{officers.ids['chitra']}") in acts


def test_a_posting_that_cannot_be_comes_back_with_what_was_chosen(officers: Officers, admin: Browser) -> None:
    form = {"staff": officers.ids["chitra"], "duty": "nodal", "from_on": "2026-03-09"}
    twice = admin.post(f"/desk/organisation/offices/{FIELD}/post", **form)
    assert twice.status_code == 409
    assert "They are posted to this office then already" in twice.text
    opened = twice.text.split(f'id="office-{FIELD}"')[1].split("</li>\n  <li")[0]
    assert re.search(rf'value="{officers.ids["chitra"]}" selected', opened)
    assert 'value="2026-03-09"' in opened
    form = {"staff": officers.ids["asha"], "duty": "head", "from_on": "2026-03-09"}
    nobody = admin.post(f"/desk/organisation/offices/{DISTRICT}/post", **form)
    assert "Choose somebody who is an officer" in nobody.text
    gone = admin.post("/desk/organisation/postings/999/end", until_on="2026-03-09")
    assert gone.status_code == 409


@pytest.mark.parametrize("typed", ["", "next week", "0001-01-01"])
def test_a_day_that_is_none_is_refused_with_what_was_chosen(officers: Officers, admin: Browser, typed: str) -> None:
    form = {"staff": officers.ids["dipak"], "duty": "nodal", "from_on": typed}
    answer = admin.post(f"/desk/organisation/offices/{URBAN}/post", **form)
    assert answer.status_code == 422
    opened = answer.text.split(f'id="office-{URBAN}"')[1].split("</li>\n  <li")[0]
    assert "That is no day." in opened
    assert re.search(rf'value="{officers.ids["dipak"]}" selected', opened)
    assert f'name="from_on" type="date" required value="{typed}"' in opened
    assert officers.desk.rows(Posting, staff_id=officers.ids["dipak"], office_code=URBAN) == []


def test_a_posting_does_not_end_today_because_its_day_is_none(officers: Officers, admin: Browser) -> None:
    [rafiq] = officers.desk.rows(Posting, office_code=URBAN)
    answer = admin.post(f"/desk/organisation/postings/{rafiq.id}/end", until_on="tomorrow")
    assert answer.status_code == 422
    assert "That is no day." in answer.text
    assert f'id="office-{URBAN}"' in answer.text  # the department that was open, not the first one
    opened = answer.text.split("row-act push")[1].split("</details>")[0]
    assert opened.startswith('" open>')
    assert 'value="tomorrow"' in opened
    assert officers.desk.row(Posting, id=rafiq.id).until_on is None


def test_a_posting_ends_once(officers: Officers, admin: Browser) -> None:
    [chitra] = officers.desk.rows(Posting, office_code=FIELD, duty="head")
    address = f"/desk/organisation/postings/{chitra.id}/end"
    assert admin.post(address, until_on="2026-03-31").status_code == 302
    assert admin.post(address, until_on="2026-04-30").status_code == 409
    assert admin.post(address, until_on="2026-03-20").status_code == 302  # sooner after all
    assert officers.desk.row(Posting, id=chitra.id).until_on.isoformat() == "2026-03-20"


def test_the_page_is_for_admins(officers: Officers) -> None:
    assert officers.browser("leela").get("/desk/organisation").status_code == 403
    assert officers.browser("sumitra").get("/desk/organisation").status_code == 403


SHEET = """code,department,level,name_en,name_bn,name_hi,place,parent,active
food-block,food,1,Block Inspector,ব্লক পরিদর্শক,खंड निरीक्षक,wb-hooghly,food-2,yes
food-2,food,2,District Controller of Hooghly,,,wb-hooghly,food-3,yes
"""
BAD = SHEET + "Bad Code,moon,9,,,,nowhere,,perhaps\n"


def send(admin: Browser, text: str, name: str = "offices.csv") -> str:
    answer = admin.post("/desk/organisation/import", file=(io.BytesIO(text.encode()), name))
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def digest_in(page: str) -> str:
    found = re.search(r'action="/desk/organisation/import/([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_a_sheet_is_shown_before_it_is_written(officers: Officers, admin: Browser) -> None:
    page = send(admin, SHEET)
    assert "New: 1 · changed: 1 · as they are: 0 · bad rows: 0" in page
    assert "food-block" in page
    assert officers.desk.rows(Office, code="food-block") == []
    digest = digest_in(page)
    assert admin.post(f"/desk/organisation/import/{digest}").status_code == 302
    assert officers.desk.row(Office, code="food-block").names["bn"] == "ব্লক পরিদর্শক"
    assert officers.desk.row(Office, code="food-2").names["en"] == "District Controller of Hooghly"
    assert "offices_imported" in [one.action for one in officers.desk.rows(AuditEntry)]
    assert list(officers.desk.telephone.config.proofs_dir.iterdir()) == []  # nothing of it is left
    assert admin.post(f"/desk/organisation/import/{digest}").status_code == 404


class KeptForGood(Folder):
    """A shelf whose network goes down between reading a file and removing it."""

    def remove(self, name: str) -> None:
        raise ShelfAway("The store of proofs does not answer.")


def test_a_sheet_that_cannot_be_removed_is_taken_in_all_the_same(
    officers: Officers, admin: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelf = KeptForGood(tmp_path / "shelf")
    monkeypatch.setattr(organisation_import, "proofs_of", lambda config: shelf)
    digest = digest_in(send(admin, SHEET))
    assert admin.post(f"/desk/organisation/import/{digest}").status_code == 302
    assert len(officers.desk.rows(Office, code="food-block")) == 1


def test_each_bad_row_is_told_and_left_out_only_when_asked(officers: Officers, admin: Browser) -> None:
    page = send(admin, BAD)
    for told in (
        "offices, line 4, code:",
        "“Bad Code” is no code",
        "There is no department “moon”",
        "is neither yes nor no",
    ):
        assert told in page
    address = f"/desk/organisation/import/{digest_in(page)}"
    assert admin.post(address).status_code == 409
    assert officers.desk.rows(Office, code="food-block") == []
    assert admin.post(address, only_good="yes").status_code == 302
    assert len(officers.desk.rows(Office, code="food-block")) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choose a file first"),
        (b"a,b\n1,2\n", "names the columns"),
        (b"PK\x03\x04 no workbook", "names the columns"),
    ],
)
def test_a_file_that_is_no_sheet_of_ours_is_refused_in_words(admin: Browser, content: bytes, told: str) -> None:
    answer = admin.post("/desk/organisation/import", file=(io.BytesIO(content), "offices.csv"))
    assert answer.status_code == 302
    assert told in admin.get("/desk/organisation").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_row_has_words(language: str) -> None:
    known = {key.removeprefix("organisation.fault.") for key in catalogue(language) if ".fault." in key}
    assert set(TOLD) <= known
