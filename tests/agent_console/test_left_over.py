"""Words that stayed in a browser: where they can still go, and that nothing of anybody's is written over."""

import json
from typing import Any

import pytest

from ivr.offers import make_offer
from ivr.talks import begin_talk, close_talk
from models.draft import Draft
from models.event import DeskEvent
from models.offer import Offer
from models.queue_entry import QueueEntry
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.test_drafts import FORM, save

TOLD = {"text": "The ration shop is shut, and the dealer hits people", "complainant_name": "Rahima Bibi"}


@pytest.fixture
def asha(desk: Desk) -> Browser:
    """Her caller has told half; the rest of TOLD is in her browser only. Bimal is there."""
    desk.employ("bimal")
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    desk.talk(browser, staff_id)
    save(browser, 1, 0, text="The ration shop")
    return browser


@pytest.fixture
def bimal(desk: Desk, asha: Browser) -> Browser:
    """He has her caller and her form, and has written on."""
    browser = desk.client("bimal")
    desk.store.write(lambda connection: close_talk(connection, 1, "lost", desk.clock.now()))
    entry = desk.row(QueueEntry)
    browser.act("/desk/ready")
    assert desk.store.write(lambda connection: make_offer(connection, entry.id, 1, desk.clock.now()))
    offer = desk.row(Offer, staff_id=1)
    talk_id = browser.act(f"/desk/offers/{offer.id}/accept").get_json()["talk"]
    desk.store.write(lambda connection: begin_talk(connection, talk_id, entry.call_sid, desk.clock.now()))
    assert save(browser, 1, 2, text="The ration shop of Arambag", contact_number="+919830000001")[0] == 200
    return browser


def look(browser: Browser, **told: str) -> str:
    answer = browser.act("/desk/drafts/1/left-over/look", data=json.dumps(told or TOLD), at=0)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["html"])


def put(browser: Browser) -> None:
    answer = browser.act("/desk/drafts/1/left-over", data=json.dumps(TOLD), at=0)
    assert answer.status_code == 200, answer.text


def data(desk: Desk, draft_id: int = 1) -> dict[str, Any]:
    return dict(json.loads(desk.row(Draft, id=draft_id).data))


def test_a_colleague_finds_them_beside_the_form_which_stays_as_it_is(desk: Desk, asha: Browser, bimal: Browser) -> None:
    shown = look(asha)
    for words in ("98•••••001", "Bimal has this form now", "the dealer hits people", "Rahima Bibi"):
        assert words in shown
    for _ in range(2):  # as where the first answer was lost
        put(asha)
    assert look(asha) == ""
    assert len(desk.rows(DeskEvent, kind="draft", audience="staff:1")) == 1
    assert (desk.row(Draft).staff_id, data(desk)["text"]) == (1, "The ration shop of Arambag")
    beside = bimal.get("/desk/parts/caller").text
    assert beside.count("Asha typed this too") == beside.count("the dealer hits people") == 1
    assert "hits people" not in asha.get("/desk/parts/caller").text
    assert save(bimal, 1, 3, text="from before")[0] == 409
    assert save(bimal, 1, 4, text="The ration shop of Arambag, shut")[0] == 200
    assert "the dealer hits people" in bimal.get("/desk/parts/caller").text
    assert asha.act("/desk/drafts/1/beside/1/settle").status_code == 409
    assert bimal.act("/desk/drafts/1/beside/1/settle").get_json()["version"] == 6
    assert "Asha typed" not in bimal.get("/desk/parts/caller").text
    assert data(desk)["text"] == "The ration shop of Arambag, shut"


def test_what_the_form_holds_by_now_is_not_offered(asha: Browser, bimal: Browser) -> None:
    assert look(asha, text="The  ration shop of", contact_number="98300 00001") == ""


def test_they_stand_beside_ones_own_form_that_is_open_still(desk: Desk, asha: Browser) -> None:
    assert "among your drafts" in look(asha)
    put(asha)
    assert "the dealer hits people" in asha.get("/desk/parts/caller").text
    assert data(desk)["text"] == "The ration shop"


def test_of_a_registered_complaint_they_come_into_a_form_about_it(desk: Desk, asha: Browser, bimal: Browser) -> None:
    reference = bimal.act("/desk/drafts/1/register", **FORM).get_json()["reference"]
    assert "is registered as" in look(asha)
    put(asha)
    new = desk.row(Draft, id=2)
    assert (data(desk, 2)["about"], data(desk, 2)["text"], new.version) == (reference, TOLD["text"], 1)
    assert desk.row(Draft, id=1).complaint_id is not None
    assert asha.act("/desk/drafts/2/add", **data(desk, 2)).get_json()["reference"] == reference


def test_where_the_form_is_gone_they_come_into_a_new_one(desk: Desk, asha: Browser, bimal: Browser) -> None:
    bimal.act("/desk/drafts/1/discard")
    assert "not there any more" in look(asha)
    for _ in range(2):
        put(asha)
    assert len(desk.rows(Draft)) == 2
    new = desk.row(Draft, id=2)
    assert (new.call_sid, data(desk, 2)["text"]) == (desk.row(Draft, id=1).call_sid, TOLD["text"])
    assert TOLD["text"][:20] in asha.get("/desk/drafts").text


def test_the_same_words_of_another_caller_are_no_second_press(desk: Desk, asha: Browser, bimal: Browser) -> None:
    bimal.act("/desk/drafts/1/discard")
    asha.act("/desk/drafts")
    save(asha, 2, 0, text=TOLD["text"])
    put(asha)
    assert data(desk, 3)["complainant_name"] == TOLD["complainant_name"]


def test_a_form_is_not_finished_while_words_stand_beside_it(desk: Desk, asha: Browser, bimal: Browser) -> None:
    """With the form they would leave the screen, and the browser that had them has dropped them by then."""
    put(asha)
    refused = bimal.act("/desk/drafts/1/register", **FORM)
    assert (refused.status_code, refused.get_json()["field"]) == (422, "beside")
    assert "the dealer hits people" in bimal.get("/desk/parts/caller").text
    bimal.act("/desk/drafts/1/beside/1/settle")
    reference = bimal.act("/desk/drafts/1/register", **FORM).get_json()["reference"]
    assert "among your drafts" not in look(asha, text="They shut it again")
    asha.act("/desk/drafts/1/left-over", data=json.dumps({"text": "They shut it again"}), at=0)
    asha.act("/desk/drafts/2/left-over", data=json.dumps({"text": "And a third time"}), at=0)
    refused = asha.act("/desk/drafts/2/add", **data(desk, 2))
    assert (data(desk, 2)["about"], refused.status_code, refused.get_json()["field"]) == (reference, 422, "beside")


def test_whoever_never_had_the_caller_learns_nothing_of_them(desk: Desk, asha: Browser, bimal: Browser) -> None:
    desk.employ("chitra")
    shown = look(desk.client("chitra"))
    assert "not there any more" in shown
    for words in ("98•••••001", "Bimal"):
        assert words not in shown
    desk.employ("boss", "supervisor")
    assert desk.client("boss").act("/desk/drafts/1/left-over/look").status_code == 403


def test_the_page_after_signing_out_says_once_whose_words_the_browser_has_to_drop(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    browser.post("/desk/sign-out")
    assert f'data-left="{staff_id}"' in browser.get("/desk/sign-in").text
    assert 'data-left=""' in browser.get("/desk/sign-in").text
