"""Complaints about one matter: found by their sound in any script, proposed by representatives, joined by the cell."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from models.accusation import Accusation
from models.call import Call
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.likeness import ALIKE, likeness
from models.message import Message
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.officers import MOBILE, Officers, employ_officers

SHUT = {
    "bn": "রেশন দোকান তিন দিন ধরে বন্ধ, ডিলার চাল দিচ্ছে না",
    "hi": "राशन की दुकान तीन दिन से बंद है, डीलर चावल नहीं देता",
    "roman": "ration dokan tin din dhore bondho, dealer chal dicche na",
}
CARD = "রেশন কার্ড তিন মাস ধরে আটকে আছে"


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


def page(officers: Officers, case: Complaint, login: str = "asha") -> str:
    return officers.browser(login).get(f"/desk/complaints/{case.reference}").text


def proposed(text: str) -> list[str]:
    return re.findall(r'name="other" value="(\d+)"', text)


def propose(browser: Browser, case: Complaint, other: str) -> Any:
    return browser.act(f"/desk/complaints/{case.reference}/same-matter", other=other)


@pytest.mark.parametrize("script", ["hi", "roman"])
def test_stories_sound_alike_in_every_script(script: str) -> None:
    assert likeness(SHUT["bn"], SHUT[script]) > 80
    assert likeness(SHUT["bn"], CARD) < ALIKE
    assert likeness(SHUT[script], SHUT["bn"]) == likeness(SHUT["bn"], SHUT[script])
    assert likeness("", SHUT["bn"]) == likeness("!?", "!?") == 0


def test_what_sounds_alike_nearby_is_proposed(officers: Officers) -> None:
    first, second = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["hi"], language="hi")
    other, elsewhere = officers.case(text=CARD), officers.case(text=SHUT["bn"], place_code=None)
    assert proposed(page(officers, second)) == [first.reference]
    assert proposed(page(officers, other)) == []
    assert "sounds like it" in page(officers, elsewhere)


def test_old_and_closed_ones_are_not_proposed(officers: Officers) -> None:
    officers.case(text=SHUT["bn"])
    officers.desk.clock.advance(timedelta(days=31).total_seconds())
    second, third = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["roman"])
    assert proposed(page(officers, second)) == [third.reference]


def test_a_representative_proposes_and_the_cell_joins_them(officers: Officers) -> None:
    first, second = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["hi"])
    assert propose(officers.browser("asha"), second, first.reference).status_code == 200
    assert "The same matter?" not in page(officers, second)
    event = officers.desk.rows(ComplaintEvent, kind="merge_proposed")[0]
    assert (event.actor, event.data["master"]) == (f"staff:{officers.ids['asha']}", first.id)
    answer = officers.act("sumitra", second, "decide_merge", agrees="yes", note="")
    assert answer.status_code == 302
    merged = officers.again(second)
    assert (merged.state, merged.merged_into) == ("merged", first.id)


def test_one_that_follows_another_leads_to_it(officers: Officers) -> None:
    first, second, third = (officers.case(text=SHUT["bn"]) for _ in range(3))
    propose(officers.browser("asha"), second, first.reference)
    officers.act("sumitra", second, "decide_merge", agrees="yes", note="")
    assert propose(officers.browser("asha"), third, second.reference).status_code == 200
    assert officers.desk.rows(ComplaintEvent, kind="merge_proposed")[-1].data["master"] == first.id


@pytest.mark.parametrize(
    ("other", "sentence"),
    [("itself", "the complaint itself"), ("26-000-000-000", "no open complaint"), ("", "no open")],
)
def test_what_cannot_be_joined_is_refused_in_words(officers: Officers, other: str, sentence: str) -> None:
    case = officers.case(text=SHUT["bn"])
    answer = propose(officers.browser("asha"), case, case.reference if other == "itself" else other)
    assert answer.status_code == 409
    assert sentence in answer.get_json()["error"]


def test_it_is_proposed_once_until_the_cell_has_decided(officers: Officers) -> None:
    first, second = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["bn"])
    asha = officers.browser("asha")
    assert propose(asha, second, first.reference).status_code == 200
    assert "decides first" in propose(asha, second, first.reference).get_json()["error"]
    officers.act("sumitra", second, "decide_merge", agrees="no", note="Two shops of one dealer.")
    assert propose(asha, second, first.reference).status_code == 200


def test_the_citizen_of_one_that_follows_is_told_when_the_other_is_taken_back_or_closed(officers: Officers) -> None:
    asha = officers.browser("asha")
    officers.desk.talk(asha, officers.ids["asha"])
    officers.desk.store.write(lambda connection: connection.execute(update(Call).values(from_number=MOBILE)))
    taken_back, closed = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["bn"])
    officers.act("chitra", closed, "open")
    for master in (taken_back, closed):
        follower = officers.case(text=SHUT["bn"], language="en", contact_number="+919830000077")
        propose(asha, follower, master.reference)
        officers.act("sumitra", follower, "decide_merge", agrees="yes", note="")
        if master is taken_back:
            asha.act(f"/desk/complaints/{master.reference}/withdraw", pressed="no", reason="Settled between us")
        else:
            officers.act("chitra", master, "close", note="The shop is gone")
        assert (officers.again(master).state, officers.again(follower).state) == ("closed", "forwarded")
        last = officers.desk.rows(Message, complaint_id=follower.id)[-1]
        assert (last.template, last.recipient) == ("sms_unmerged", "+919830000077")
        assert last.body.endswith("is looked into on its own again.")


def test_officers_propose_nothing_here(officers: Officers) -> None:
    case = officers.case(text=SHUT["bn"])
    assert propose(officers.browser("chitra"), case, case.reference).status_code == 403
    assert propose(officers.browser("asha"), Complaint(reference="26000000000"), case.reference).status_code == 404


def test_nobody_reads_a_complaint_about_themselves_wherever_they_work(officers: Officers) -> None:
    case, other = officers.case(text=SHUT["bn"]), officers.case(text=SHUT["bn"])
    boss = officers.desk.employ("boss", "supervisor", "representative")
    browser = officers.browser("boss")
    addresses = (f"/desk/complaints/{case.reference}", f"/desk/cases/{case.reference}")
    assert [browser.get(address).status_code for address in addresses] == [200, 200]
    values = {"complaint_id": case.id, "staff_id": boss, "actor": "rule", "at": officers.desk.clock.now()}
    officers.desk.store.write(lambda connection: connection.execute(insert(Accusation).values(**values)))
    assert [browser.get(address).status_code for address in addresses] == [404, 404]
    assert case.reference not in browser.get("/desk/search", q="9830012345").text
    assert browser.get("/desk/search", q=case.reference).status_code == 200  # not led there
    assert browser.post(f"/desk/complaints/{case.reference}/number", reason="to ring back").status_code == 404
    assert propose(browser, case, other.reference).status_code == 404
    assert propose(browser, other, case.reference).status_code == 409
    assert proposed(browser.get(f"/desk/complaints/{other.reference}").text) == []
    assert case.reference not in browser.get("/desk/patterns/cases", last="2026-03-03").text
    assert officers.browser("asha").get(addresses[0]).status_code == 200
