"""The link in a text by which a citizen says whether it is solved: from the officer's report to what comes of it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from ivr.publishing import seed
from ivr.texts import send_text
from models.answer_link import AnswerLink
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.message import Message
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.officers import MOBILE, Officers, days_later, employ_officers
from tests.agent_console.test_pages_in_browser import assert_well

SECRET = re.compile(r"/a/([a-z2-9]{12})\b")
BASIC_PHONE = {"width": 240, "height": 320}


@pytest.fixture
def officers(desk: Desk) -> Officers:
    seed(desk.store, desk.clock.now())
    return employ_officers(desk)


def report(officers: Officers, **fields: object) -> tuple[Complaint, str]:
    """A case that its officer reports solved, and the secret in the text that has left."""
    case = officers.case(**fields)
    officers.act("chitra", case, "open")
    assert officers.act("chitra", case, "report", note="The shop has given the rice.").status_code == 302
    return case, leave(officers, case)


def leave(officers: Officers, case: Complaint) -> str:
    """Have the newest text leave, and read the secret in it."""
    message = officers.desk.row(Message, complaint_id=case.id, template="sms_action_reported_link")
    send_text(officers.desk.telephone, message.id)
    asked = officers.desk.network.requests("POST", "/Messages")[-1]
    found = SECRET.search(asked.form["Body"])
    assert found is not None, asked.form
    assert found[1] not in message.body
    return found[1]


def say(officers: Officers, secret: str, answer: str, **form: str) -> str:
    """Answer as a telephone without cookies or scripts does."""
    told: str = officers.desk.client().client.post(f"/a/{secret}", data={"answer": answer, **form}).text
    return told


def texts_of(officers: Officers, case: Complaint) -> list[str]:
    return [one.template for one in officers.desk.rows(Message, complaint_id=case.id)][2:]


def test_solved_by_the_link_closes_it_once(officers: Officers) -> None:
    case, secret = report(officers)
    page = officers.desk.client().get(f"/a/{secret}")
    assert '<html lang="bn">' in page.text
    assert "রেশন" in page.text
    assert (page.headers["Cache-Control"], "Set-Cookie" in page.headers) == ("no-store", False)
    assert not any(private in page.text for private in (MOBILE[3:], "Rahima", "রেশন কার্ড তিন মাস"))
    assert officers.again(case).state == "action_reported"  # looking changes nothing
    for _ in range(2):
        assert "আপনার অভিযোগ বন্ধ করা হল" in say(officers, secret, "solved")
    kept = officers.again(case)
    assert (kept.state, kept.outcome) == ("closed", "confirmed")
    assert texts_of(officers, case) == ["sms_action_reported_link", "sms_closed_confirmed"]
    assert "Yes, it is solved" in officers.desk.client().get(f"/a/{secret}", lang="en").text
    assert "বন্ধ করা হল" in say(officers, secret, "not_solved")  # who changes their mind rings, as by telephone
    assert officers.again(case).state == "closed"


def test_not_solved_goes_one_level_up_with_the_citizens_words_where_they_can_be_erased(officers: Officers) -> None:
    case, secret = report(officers)
    assert "goes to a higher officer" in say(officers, secret, "not_solved", words="No rice came.", lang="en")
    assert (officers.again(case).state, officers.again(case).level) == ("in_progress", 2)
    newest = officers.desk.row(ComplaintEvent, complaint_id=case.id)
    link = officers.desk.row(AnswerLink)
    assert (newest.actor, newest.data["answer"], newest.data["link"]) == ("citizen", "not_solved", link.id)
    assert (link.words, secret in link.secret_hash) == ("No rice came.", False)
    assert "No rice came." in officers.browser("dipak").get(f"/desk/cases/{case.reference}").text
    officers.act("dipak", case, "open")
    officers.act("dipak", case, "report", note="Now it has.")
    again = leave(officers, case)
    assert again != secret
    assert "একটি বেছে নিন" in say(officers, again, "perhaps")
    assert "উচ্চতর আধিকারিক" in say(officers, again, "partly")
    assert officers.again(case).level == 3


@pytest.mark.every_store
def test_junk_among_the_words_costs_nobody_their_answer(officers: Officers) -> None:
    _, secret = report(officers)
    assert "goes to a higher officer" in say(officers, secret.upper(), "partly", words="No\0 rice.", lang="en")
    assert officers.desk.row(AnswerLink).words == "No rice."  # PostgreSQL refuses the letter zero


def test_a_fault_of_ours_writes_no_secret_into_the_log(officers: Officers, caplog: pytest.LogCaptureFixture) -> None:
    _, secret = report(officers)
    officers.desk.store.write(lambda connection: connection.execute(text("DROP TABLE answer_link")))
    page = officers.desk.client().get(f"/a/{secret}", lang="en")
    assert (page.status_code, "cannot be shown just now" in page.text) == (503, True)
    assert secret not in caplog.text


def test_a_link_that_is_over_or_wrong_says_so_and_names_the_number(officers: Officers) -> None:
    case, secret = report(officers)
    days_later(officers, 17)  # after 18 March, the tenth working day
    for address, status, words in (
        (secret, 410, "Nobody waits for an answer here any more"),
        ("abcdefghjkmn", 404, "This link leads nowhere"),
    ):
        page = officers.desk.client().get(f"/a/{address}", lang="en")
        assert (page.status_code, words in page.text) == (status, True)
        assert 'href="tel:+919137091370"' in page.text
    assert "অন্যভাবে" in say(officers, secret, "solved")
    assert officers.again(case).state == "action_reported"


def test_a_text_that_leaves_twice_leads_to_one_page(officers: Officers) -> None:
    case, secret = report(officers)
    message = officers.desk.row(Message, template="sms_action_reported_link")

    def again(session: object) -> None:
        kept = session.get(Message, message.id)  # type: ignore[attr-defined]
        kept.status, kept.next_try_at = "queued", officers.desk.clock.now() - timedelta(minutes=1)

    officers.desk.store.transact(again)
    assert leave(officers, case) == secret
    assert len(officers.desk.rows(AnswerLink)) == 1


def test_what_others_had_better_not_read_is_not_told(officers: Officers) -> None:
    _, secret = report(officers, name_hidden=True)
    assert "রেশন" not in officers.desk.client().get(f"/a/{secret}").text


def test_strangers_cannot_try_links_without_end(officers: Officers) -> None:
    browser = officers.desk.client()
    answers = [browser.get(f"/a/{n:012d}", lang="en") for n in range(61)]
    assert (answers[0].status_code, answers[-1].status_code) == (404, 429)
    assert "cannot be shown just now" in answers[-1].text
    assert "/desk/sign-in" not in answers[-1].text


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_is_well_on_a_basic_telephone_without_scripts(live: LiveDesk, page: Page) -> None:
    seed(live.desk.store, live.desk.clock.now())
    _, secret = report(employ_officers(live.desk))
    for language in ("bn", "en", "hi"):
        page.goto(f"{live.url}/a/{secret}?lang={language}")
        assert_well(page, by_axe=language == "bn")
        page.set_viewport_size(BASIC_PHONE)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("script").count() == 0
    page.get_by_label("नहीं, हल नहीं हुई").check()
    page.get_by_label("चाहें तो कुछ शब्दों में लिखें").fill("राशन नहीं मिला")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("नहीं, हल नहीं हुई")
    assert_well(page)
