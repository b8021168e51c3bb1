from sqlalchemy import update

from models.audit_entry import AuditEntry
from models.complaint import Complaint
from models.routing_rule import RoutingRule
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.test_drafts import FORM, begin


def registered(desk: Desk) -> tuple[Browser, str]:
    browser, draft_id = begin(desk)
    browser.act(f"/desk/drafts/{draft_id}/register", **FORM)
    return browser, str(desk.row(Complaint).reference)


def test_a_reference_leads_straight_to_its_page(desk: Desk) -> None:
    browser, reference = registered(desk)
    for written in (reference, f"{reference[:2]}-{reference[2:5]}-{reference[5:8]}-{reference[8:]}", f" {reference} "):
        found = browser.get("/desk/search", q=written)
        assert found.location == f"/desk/complaints/{reference}"
    page = browser.get(f"/desk/complaints/{reference}").text
    for words in (
        "রেশন কার্ড তিন মাস",
        "Hooghly, Arambag",
        "Food and Supplies, BDO",
        "Asha",
        "by rule",
        "Waiting to be sent",
    ):
        assert words in page


def test_a_shipped_office_is_named_in_the_language_of_the_screen(desk: Desk) -> None:
    office = {"office": "Superintendent of Police"}
    desk.store.write(lambda connection: connection.execute(update(RoutingRule).values(**office)))
    browser, reference = registered(desk)
    assert "Food and Supplies, Superintendent of Police" in browser.get(f"/desk/complaints/{reference}").text
    browser.post("/desk/screen-language", language="bn")
    assert "খাদ্য ও সরবরাহ, পুলিশ সুপার" in browser.get(f"/desk/complaints/{reference}").text
    asked = {"category": "ration", "place": "wb-hooghly"}
    assert "খাদ্য ও সরবরাহ, পুলিশ সুপার" in browser.get("/desk/parts/goes-to", **asked).text


def test_a_mobile_leads_to_its_complaints(desk: Desk) -> None:
    browser, reference = registered(desk)
    for written in ("9830012345", "+91 98300 12345", "09830012345"):
        assert f"/desk/complaints/{reference}" in browser.get("/desk/search", q=written).text
    assert "Nothing was found." in browser.get("/desk/search", q="9830099999").text


def test_a_misheard_digit_is_told_apart_from_an_unknown_reference(desk: Desk) -> None:
    browser, reference = registered(desk)
    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
    assert "One digit of this reference cannot be right." in browser.get("/desk/search", q=wrong).text
    assert "Type a mobile number, a reference" in browser.get("/desk/search", q=" ").text


def test_words_lead_to_the_complaints_that_have_them(desk: Desk) -> None:
    browser, reference = registered(desk)
    for words in ("রেশন কার্ড", "ration card", "rashon kard hugli", reference[3:8]):
        page = browser.get("/desk/search", q=words).text
        assert f"/desk/complaints/{reference}" in page
        assert "রেশন কার্ড তিন মাস" in page
    assert "Nothing was found. Try fewer words" in browser.get("/desk/search", q="helicopter").text
    assert "nor any like them: helicopter" in browser.get("/desk/search", q="ration helicopter").text
    assert "Too short to be looked for: na" in browser.get("/desk/search", q="ration na").text
    assert "No complaint has all of these words." not in browser.get("/desk/search", q="ration helicopter").text


def test_an_unknown_reference_has_a_page_that_says_so(desk: Desk) -> None:
    desk.employ("asha")
    answer = desk.client("asha").get("/desk/complaints/26000000000")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_numbers_are_masked_until_a_reason_is_given_and_kept(desk: Desk) -> None:
    browser, reference = registered(desk)
    address = f"/desk/complaints/{reference}"
    page = browser.get(address).text
    assert "98•••••345" in page
    assert "12345" not in page
    assert browser.act(f"{address}/number", reason=" ").status_code == 422
    browser.post(f"{address}/number", reason="Caller asked to be rung on it")
    assert "98300 12345" in browser.get(address).text
    assert "98300 12345" not in browser.get(address).text
    entry = desk.row(AuditEntry)
    assert (entry.actor, entry.action, entry.subject) == ("staff:1", "number_shown", f"complaint:{reference}")
    assert entry.data == {"reason": "Caller asked to be rung on it"}
    assert len(desk.rows(AuditEntry)) == 1


def test_the_number_is_open_to_whoever_talks_with_that_caller(desk: Desk) -> None:
    from models.call import Call

    browser, reference = registered(desk)
    desk.talk(browser, 1)
    desk.store.write(lambda connection: connection.execute(update(Call).values(from_number="+919830012345")))
    assert "98300 12345" in browser.get(f"/desk/complaints/{reference}").text
    assert reference in browser.get("/desk/parts/caller").text.replace("-", "")
    desk.employ("bimal")
    assert "98300 12345" not in desk.client("bimal").get(f"/desk/complaints/{reference}").text
