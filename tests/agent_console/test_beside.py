"""The page beside a talk: in muted, what is refused, and who may."""

from models.leg import Leg
from models.talk import Talk
from tests.agent_console.desk_in_test import Desk


def test_a_supervisor_gets_a_ticket_into_a_live_talk(desk: Desk) -> None:
    boss, asha = desk.employ("boss", "supervisor"), desk.employ("asha")
    talk_id, _ = desk.talk(desk.client("asha"), asha)
    browser = desk.client("boss")
    assert f"/desk/beside/{talk_id}" in browser.get("/desk/board").text
    assert "Beside Asha" in browser.get(f"/desk/beside/{talk_id}").text
    answer = browser.act(f"/desk/beside/{talk_id}/listen")
    assert answer.status_code == 200
    assert answer.get_json()["ticket"]
    leg = desk.row(Leg)
    assert (leg.role, leg.staff_id, leg.state) == ("supervisor", boss, "expected")
    assert browser.get("/desk/voice-token").status_code == 200


def test_the_page_may_open_the_microphone_to_be_let_in_muted(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    asha = desk.employ("asha")
    talk_id, _ = desk.talk(desk.client("asha"), asha)
    browser = desk.client("boss")
    assert "microphone=(self)" in browser.get(f"/desk/beside/{talk_id}").headers["Permissions-Policy"]
    assert "microphone=()" in browser.get("/desk/board").headers["Permissions-Policy"]


def test_what_cannot_be_is_refused_in_words(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    asha = desk.employ("asha")
    mine = desk.client("asha")
    talk_id, _ = desk.talk(mine, asha)
    browser = desk.client("boss")
    assert browser.act(f"/desk/beside/{talk_id}/mode", mode="shout").status_code == 422
    refused = browser.act(f"/desk/beside/{talk_id}/mode", mode="barge")
    assert (refused.status_code, "not in this talk" in refused.get_json()["error"]) == (409, True)
    assert browser.act(f"/desk/beside/{talk_id}/leave").status_code == 200
    mine.act(f"/desk/talks/{talk_id}/end")
    assert desk.row(Talk).state == "ended"
    assert "The talk is over." in browser.get(f"/desk/beside/{talk_id}").text
    assert browser.act(f"/desk/beside/{talk_id}/listen").status_code == 409
    assert browser.get("/desk/beside/999").status_code == 404
    assert mine.get(f"/desk/beside/{talk_id}").status_code == 403


def test_nobody_listens_while_in_a_talk_of_their_own(desk: Desk) -> None:
    both = desk.employ("both", "supervisor", "representative")
    browser = desk.client("both")
    talk_id, _ = desk.talk(browser, both)
    refused = browser.act(f"/desk/beside/{talk_id}/listen")
    assert (refused.status_code, "talk of your own" in refused.get_json()["error"]) == (409, True)
