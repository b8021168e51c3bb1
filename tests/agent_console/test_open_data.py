"""What everybody may read: counts and Open311, with nobody's words, name or number, and nobody to be found by them."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page
from sqlalchemy import insert
from sqlalchemy.orm import Session

from agent_console.open_counts import _by_name, _told
from models.accusation import Accusation
from models.category import Category
from models.complaint import Complaint
from models.open_data import read_counts
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_pages_in_browser import assert_well
from tests.agent_console.test_patterns import register_some

PRIVATE = ("98300", "9830012345", "The shop is shut", "26-000", "26000")


def change(desk: Desk, **values: object) -> None:
    """Change the first complaint."""

    def write(session: Session) -> None:
        complaint = session.query(Complaint).order_by(Complaint.id).first()
        for name, value in values.items():
            setattr(complaint, name, value)

    desk.store.transact(write)


def ask(desk: Desk, name: str = "requests.json", **query: str) -> list[dict[str, str]]:
    answer = desk.client().get(f"/open311/v2/{name}", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = json.loads(answer.text)
    return found


def test_counts_are_told_to_strangers_in_their_language(desk: Desk) -> None:
    register_some(desk, 7)
    page = desk.client().get("/open", lang="bn")
    assert page.status_code == 200
    assert '<th scope="row">রেশন</th>' in page.text
    assert "৭" in page.text
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert not any(private in page.text.split("<main")[1] for private in PRIVATE)
    assert "Ration" in desk.client().get("/open", lang="en").text


def test_small_counts_are_not_told(desk: Desk) -> None:
    register_some(desk, 3)
    text = desk.client().get("/open", lang="en").text
    assert "fewer than 5" in text
    assert re.search(r'class="number">\s*3', text) is None
    assert _told({"a": 40, "b": 7, "c": 1}) == [("a", 40), ("b", None), ("c", None)]  # c would be the rest of all
    assert _told({"a": 40, "b": 2, "c": 1}) == [("a", 40), ("b", None), ("c", None)]
    assert _told({"a": 40, "b": 7}) == [("a", 40), ("b", 7)]


def test_services_are_the_kinds_of_complaint(desk: Desk) -> None:
    ration, other = ask(desk, "services.json", locale="bn")
    assert (ration["service_code"], ration["service_name"], ration["group"]) == ("ration", "রেশন", "খাদ্য ও সরবরাহ")
    assert other["metadata"] == "false"
    assert desk.client().get("/open311/v2/services/ration.json").status_code == 404


def test_requests_tell_kind_district_department_and_days_only(desk: Desk) -> None:
    register_some(desk, 2)
    change(desk, complainant_name="Rina Das", state="in_progress")
    answer = desk.client().get("/open311/v2/requests.json", locale="en")
    first, second = json.loads(answer.text)
    assert not any(private in answer.text for private in (*PRIVATE, "Rina"))
    assert (first["status"], first["service_code"], first["address"], first["agency_responsible"]) == (
        "open",
        "ration",
        "Hooghly",
        "Food and Supplies",
    )
    assert first["requested_datetime"] == "2026-02-28T00:00:00+05:30"  # the day, never the minute
    assert first["description"] is None
    assert ask(desk, f"requests/{first['service_request_id']}.json") == [
        first | {"status_notes": first["status_notes"]}
    ]
    assert len(ask(desk, service_request_id=f"{first['service_request_id']},{second['service_request_id']}")) == 2


def test_a_complaint_against_an_office_is_never_listed(desk: Desk) -> None:
    register_some(desk, 2)
    first, second = ask(desk)
    values = {"complaint_id": 1, "actor": "rule", "at": desk.clock.now()}
    desk.store.write(lambda connection: connection.execute(insert(Accusation).values(**values)))
    assert len(ask(desk)) == 1
    statuses = {
        desk.client().get(f"/open311/v2/requests/{one['service_request_id']}.json").status_code
        for one in (first, second)
    }
    assert statuses == {200, 404}


def test_guarded_kinds_are_counted_but_not_by_district(desk: Desk) -> None:
    register_some(desk, 7)
    desk.store.transact(
        lambda session: session.add(
            Category(code="police", names={"en": "Police"}, department_code="food", days=7, position=2)
        )
    )
    change(desk, category="police")
    with desk.store.read() as connection:
        now = desk.clock.now()
        counts = read_counts(connection, now - timedelta(days=10), now)
    assert (counts.total, counts.by_category["police"], sum(counts.by_district.values())) == (7, 1, 6)


def test_kinds_of_one_name_are_one_line() -> None:
    assert _by_name({"a": 7, "b": 8, "c": 1}, {"a": "Ration", "b": "Ration", "c": "Other"}.__getitem__) == {
        "Ration": 15,
        "Other": 1,
    }


@pytest.mark.parametrize("guarded", [{"category": "police"}, {"name_hidden": True}, {"kind": "suggestion"}])
def test_what_could_betray_somebody_is_never_listed(desk: Desk, guarded: dict[str, object]) -> None:
    register_some(desk, 1)
    (one,) = ask(desk)
    if "category" in guarded:
        names = {"en": "Police"}
        desk.store.transact(
            lambda session: session.add(
                Category(code="police", names=names, department_code="food", days=7, position=2)
            )
        )
    change(desk, **guarded)
    assert ask(desk) == []
    assert desk.client().get(f"/open311/v2/requests/{one['service_request_id']}.json").status_code == 404


def test_requests_are_chosen_by_state_kind_and_time(desk: Desk) -> None:
    register_some(desk, 2)
    change(desk, state="closed", closed_at=desk.clock.now() - timedelta(days=1))
    assert [one["status"] for one in ask(desk, status="closed")] == ["closed"]
    assert [one["status"] for one in ask(desk, status="open")] == ["open"]
    assert len(ask(desk, status="open,closed", service_code="ration,other")) == 2
    assert ask(desk, service_code="other") == []
    assert ask(desk, start_date="2026-02-01T00:00:00Z", end_date="2026-02-20T00:00:00Z") == []
    assert len(ask(desk, start_date="2026-02-20T00:00:00+05:30")) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"status": "asleep"},
        {"start_date": "yesterday"},
        {"start_date": "9999-12-31"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"start_date": "2025-01-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-02-02T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"},
    ],
)
def test_a_query_that_means_nothing_is_an_error_of_the_standard(desk: Desk, query: dict[str, str]) -> None:
    answer = desk.client().get("/open311/v2/requests.xml", **query)
    assert answer.status_code == 400
    error = ElementTree.fromstring(answer.text).find("error")  # noqa: S314  our own answer
    assert error is not None
    assert error.findtext("code") == "400"
    assert error.findtext("description")


def test_public_names_are_lasting_and_tell_nothing(desk: Desk) -> None:
    register_some(desk, 3)
    names = [one["service_request_id"] for one in ask(desk)]
    assert names == [one["service_request_id"] for one in ask(desk)]
    assert len({name[:8] for name in names}) == 3  # no two begin alike, as numbers in a row would


@pytest.mark.parametrize("name", ["1", "MQ.forged", "'; drop table complaint"])
def test_numbers_cannot_be_guessed(desk: Desk, name: str) -> None:
    register_some(desk, 1)
    assert desk.client().get(f"/open311/v2/requests/{name}.json").status_code == 404


def test_the_same_as_xml(desk: Desk) -> None:
    register_some(desk, 2)
    answer = desk.client().get("/open311/v2/requests.xml")
    assert answer.mimetype == "text/xml"
    root = ElementTree.fromstring(answer.text)  # noqa: S314  our own answer
    assert root.tag == "service_requests"
    assert [one.findtext("service_code") for one in root] == ["ration", "ration"]
    assert desk.client().get("/open311/v2/requests.yaml").status_code == 404


def test_strangers_cannot_ask_without_end(desk: Desk) -> None:
    browser = desk.client()
    answers = [browser.get("/open311/v2/services.json").status_code for _ in range(61)]
    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_the_page_is_well_in(live: LiveDesk, page: Page, language: str) -> None:
    register_some(live.desk, 7)
    page.goto(f"{live.url}/open?lang={language}")
    assert_well(page)
