"""From the ring to the next call, as the server sees it."""

import re
import threading

import pytest
from sqlalchemy import update

from agent_console.words import say
from ivr.talks import begin_talk
from models.draft import Draft
from models.offer import Offer
from models.outcomes import OUTCOMES
from models.presence import Presence
from models.talk import Talk
from tests.agent_console.desk_in_test import Desk


def test_the_ringing_card_tells_what_the_menus_heard(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    desk.ring(staff_id)
    card = browser.get("/desk/parts/call").text
    for words in ("98•••••001", "বাংলা", "Ration", "a new complaint", "F2", "may be told"):
        assert words in card
    assert "98300 00001" not in card
    assert "+919830000001" not in card


def test_a_reference_that_was_keyed_in_is_shown_as_it_is_written(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    desk.ring(staff_id, tell={"wants": "status", "reference": "26482173059"})
    assert "26-482-173-059" in desk.client("asha").get("/desk/parts/call").text


def test_what_a_notice_may_say_is_language_and_kind(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    offer_id, _ = desk.ring(staff_id)
    facts = browser.get("/desk/parts/facts").text
    assert f'data-offer="{offer_id}" data-about="বাংলা · Ration"' in facts
    assert "98300" not in facts
    assert "•" not in facts
    browser.act(f"/desk/offers/{offer_id}/accept")
    assert "data-offer" not in browser.get("/desk/parts/facts").text


def test_the_answer_brings_a_ticket_and_a_form_with_what_is_known(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    offer_id, call_sid = desk.ring(staff_id)
    answer = browser.act(f"/desk/offers/{offer_id}/accept")
    assert answer.status_code == 200
    assert len(answer.get_json()["ticket"]) >= 32
    assert desk.presence(staff_id) == "talk"
    form = browser.get("/desk/parts/work").text
    assert '<option value="ration" selected>' in form
    assert 'value="98300 00001"' in form
    assert "Food and Supplies, BDO" in form
    draft = desk.row(Draft)
    assert (draft.call_sid, draft.version) == (call_sid, 0)
    assert "98300 00001" in browser.get("/desk/parts/call").text


def test_of_two_answers_the_second_is_told_who_has_the_caller(desk: Desk) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    first, second = desk.client("asha"), desk.client("bimal")
    offer_id, _ = desk.ring(asha)
    assert first.act(f"/desk/offers/{offer_id}/accept").status_code == 200
    late = second.act(f"/desk/offers/{offer_id}/accept")
    assert late.status_code == 409
    assert late.get_json() == {
        "error": "Asha has this caller already. You are ready for the next one.",
        "who": "Asha",
    }
    assert desk.row(Presence, staff_id=bimal) is None


@pytest.mark.every_store
def test_of_many_answers_at_once_exactly_one_wins(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browsers = [desk.client("asha") for _ in range(5)]
    offer_id, _ = desk.ring(staff_id)
    for browser in browsers:
        browser.token()
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(one.act(f"/desk/offers/{offer_id}/accept").status_code))
        for one in browsers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409, 409]
    assert len(desk.rows(Talk)) == 1
    assert len(desk.rows(Draft)) == 1


def test_an_offer_that_is_over_says_so(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    offer_id, _ = desk.ring(staff_id)
    desk.store.write(lambda connection: connection.execute(update(Offer).values(state="withdrawn")))
    late = browser.act(f"/desk/offers/{offer_id}/accept")
    assert late.status_code == 409
    assert "stopped ringing" in late.get_json()["error"]


def test_a_missed_call_waits_for_i_am_back(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    desk.ring(staff_id)
    desk.tick(21)
    assert desk.presence(staff_id) == "missed"
    assert "I am back" in browser.get("/desk/parts/call").text
    assert browser.act("/desk/ready").status_code == 200


def test_the_end_leads_to_wrap_up_and_wrap_up_to_the_next_call(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    assert browser.act(f"/desk/talks/{talk_id}/end").status_code == 200
    assert desk.presence(staff_id) == "wrap_up"
    refused = browser.act("/desk/wrap-up/finish", then="ready")
    assert (refused.status_code, refused.get_json()["field"]) == (422, "outcome")
    assert browser.act("/desk/wrap-up/finish", outcome="information", note=" Asked for the hours ").status_code == 200
    talk = desk.row(Talk)
    assert (talk.result, talk.note, talk.wrapped_at) == ("information", "Asked for the hours", desk.clock.now())
    assert desk.presence(staff_id) == "ready"


def test_wrap_up_whose_time_is_up_takes_the_default(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    browser.act(f"/desk/talks/{talk_id}/end")
    assert browser.act("/desk/wrap-up/finish", time_is_up="yes", note="half a word").status_code == 200
    assert (desk.row(Talk).result, desk.row(Talk).note) == ("other", "half a word")


def test_wrap_up_is_extended_once_with_a_reason(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    browser.act(f"/desk/talks/{talk_id}/end")
    assert browser.act("/desk/wrap-up/extend", reason=" ").status_code == 422
    desk.clock.advance(30)
    assert browser.act("/desk/wrap-up/extend", reason="a long address").status_code == 200
    assert (desk.row(Presence).wrap_until - desk.clock.now()).total_seconds() == 90
    assert browser.act("/desk/wrap-up/extend", reason="again").status_code == 409
    assert "I need more time" not in browser.get("/desk/parts/call").text


def test_a_break_has_a_reason_and_a_talk_forbids_it(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    assert browser.act("/desk/break", reason="boredom").status_code == 422
    assert browser.act("/desk/break", reason="tea").status_code == 200
    assert "Tea" in browser.get("/desk/parts/call").text
    desk.talk(browser, staff_id)
    refused = browser.act("/desk/break", reason="tea")
    assert refused.status_code == 409
    assert "Your state is: Talking." in refused.get_json()["error"]


def test_hold_is_asked_of_the_network_and_shown(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, call_sid = desk.talk(browser, staff_id)
    conference = desk.row(Talk).conference
    desk.network.conferences[conference] = "CF" + "1" * 32
    assert browser.act(f"/desk/talks/{talk_id}/hold").status_code == 200
    assert "The caller hears music:" in browser.get("/desk/parts/call").text
    assert browser.act(f"/desk/talks/{talk_id}/unhold").status_code == 200
    asked = desk.network.requests("POST", f"/Conferences/CF{'1' * 32}/Participants/{call_sid}")
    assert [request.form["Hold"] for request in asked] == ["true", "false"]


def test_hold_in_the_first_moments_says_to_try_again(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    offer_id, call_sid = desk.ring(staff_id)
    talk_id = int(browser.act(f"/desk/offers/{offer_id}/accept").get_json()["talk"])
    early = browser.act(f"/desk/talks/{talk_id}/hold")
    assert (early.status_code, early.get_json()["error"]) == (409, say("refused.not_connected_yet", "en"))
    assert f'data-early="{say("refused.not_connected_yet", "en")}"' in browser.get("/desk/parts/call").text
    desk.store.write(lambda connection: begin_talk(connection, talk_id, call_sid, desk.clock.now()))
    assert browser.act(f"/desk/talks/{talk_id}/hold").get_json()["error"] == say("refused.not_connected_yet", "en")
    assert "data-early" not in browser.get("/desk/parts/call").text
    desk.network.conferences[desk.row(Talk).conference] = "CF" + "1" * 32
    assert browser.act(f"/desk/talks/{talk_id}/hold").status_code == 200


def test_a_network_that_refuses_is_told_plainly(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, call_sid = desk.talk(browser, staff_id)
    desk.network.conferences[desk.row(Talk).conference] = "CF" + "1" * 32
    desk.network.refuse("POST", f"/Conferences/CF{'1' * 32}/Participants/{call_sid}", 500, 20500, times=9)
    refused = browser.act(f"/desk/talks/{talk_id}/hold")
    assert refused.status_code == 424
    assert "telephone network did not take that" in refused.get_json()["error"]


def test_after_a_reload_a_new_ticket_opens_the_same_talk(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    page = browser.get("/desk/calls").text
    assert f"/desk/talks/{talk_id}/ticket" in page
    again = browser.act(f"/desk/talks/{talk_id}/ticket")
    assert again.get_json()["talk"] == talk_id
    browser.act(f"/desk/talks/{talk_id}/end")
    assert browser.act(f"/desk/talks/{talk_id}/ticket").status_code == 409


def test_nobody_drives_the_talk_of_another(desk: Desk) -> None:
    asha = desk.employ("asha")
    desk.employ("bimal")
    talk_id, _ = desk.talk(desk.client("asha"), asha)
    other = desk.client("bimal")
    assert other.act(f"/desk/talks/{talk_id}/ticket").status_code == 409
    assert other.act(f"/desk/talks/{talk_id}/hold").status_code == 409
    other.act(f"/desk/talks/{talk_id}/end")
    assert desk.presence(asha) == "talk"


def test_a_second_desk_is_told_and_may_take_over(desk: Desk) -> None:
    desk.employ("asha")
    first, second = desk.client("asha"), desk.client("asha")
    assert first.act("/desk/alive", tab="one").status_code == 200
    refused = second.act("/desk/alive", tab="two")
    assert refused.status_code == 409
    assert "another window" in refused.get_json()["error"]
    assert second.act("/desk/alive", tab="two", take_over="yes").status_code == 200
    assert first.act("/desk/alive", tab="one").status_code == 409


def test_a_desk_that_is_closed_or_silent_makes_room(desk: Desk) -> None:
    desk.employ("asha")
    first, second = desk.client("asha"), desk.client("asha")
    first.act("/desk/alive", tab="one")
    first.act("/desk/gone", tab="one")
    assert second.act("/desk/alive", tab="two").status_code == 200
    desk.clock.advance(46)
    assert first.act("/desk/alive", tab="one").status_code == 200


def test_who_signs_out_finds_no_desk_open_elsewhere_on_the_next_machine(desk: Desk) -> None:
    desk.employ("asha")
    first, second = desk.client("asha"), desk.client("asha")
    first.act("/desk/alive", tab="one")
    first.post("/desk/sign-out")
    assert second.act("/desk/alive", tab="two").status_code == 200


def test_the_voice_token_opens_calls_of_this_person_only(desk: Desk) -> None:
    import jwt

    staff_id = desk.employ("asha")
    answer = desk.client("asha").get("/desk/voice-token").get_json()
    config = desk.telephone.config
    read = jwt.decode(answer["token"], config.twilio_api_secret, algorithms=["HS256"], options={"verify_exp": False})
    assert read["grants"]["identity"] == f"staff-{staff_id}"
    # The incoming grant lets the page register, and so know whether its line is up.
    granted = {"incoming": {"allow": True}, "outgoing": {"application_sid": config.twilio_app_sid}}
    assert read["grants"]["voice"] == granted
    assert read["exp"] - read["nbf"] == answer["seconds"] == 600
    assert (answer["url"], answer["voice"]) == (config.emulator_url, "127.0.0.1:8003")


def test_buttons_work_without_scripts_too(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    assert browser.post("/desk/ready").status_code == 302
    assert desk.presence(staff_id) == "ready"
    desk.talk(browser, staff_id)
    browser.post("/desk/ready")
    assert "That is not possible now." in browser.get("/desk/calls").text


def test_the_bar_tells_the_queue_by_language(desk: Desk) -> None:
    desk.employ("asha")
    for language in ("bn", "bn", "hi"):
        desk.enqueue(language=language)
    facts = re.sub(r"<[^>]+>", "", desk.client("asha").get("/desk/parts/facts").text)
    assert "বাংলা 2 हिन्दी 1" in " ".join(facts.split())


def test_the_time_of_a_hold_is_shown_and_kept_and_ends_with_the_talk(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    desk.network.conferences[desk.row(Talk).conference] = "CF" + "1" * 32
    browser.act(f"/desk/talks/{talk_id}/hold")
    assert f'data-since="{desk.clock.now().timestamp():.1f}"' in browser.get("/desk/parts/call").text
    desk.clock.advance(30)
    browser.act(f"/desk/talks/{talk_id}/unhold")
    browser.act(f"/desk/talks/{talk_id}/hold")
    desk.clock.advance(12)
    browser.act(f"/desk/talks/{talk_id}/end")
    talk = desk.row(Talk)
    assert (talk.held, talk.held_since, talk.held_s) == (False, None, 42)


def test_a_wrap_up_that_nobody_finishes_gets_the_default_outcome(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    browser.act(f"/desk/talks/{talk_id}/end")
    assert browser.act("/desk/ready").status_code == 409  # the outcome is not to be passed by
    desk.tick(60)
    assert desk.presence(staff_id) == "ready"
    assert (desk.row(Talk).result, desk.row(Talk).wrapped_at) == ("other", desk.clock.now())
    # What its page had in hand at that moment is not lost.
    browser.act("/desk/wrap-up/finish", time_is_up="yes", note="half a word")
    assert desk.row(Talk).note == "half a word"


def test_there_are_at_most_twelve_outcomes_and_each_has_its_words() -> None:
    assert len(OUTCOMES) <= 12
    assert {"silent", "crank", "abusive", "wrong_kind", "unfinished"} <= set(OUTCOMES)
    assert all(say(f"outcome.{outcome}", language) for outcome in OUTCOMES for language in ("bn", "en", "hi"))


def test_the_wrong_kind_keeps_what_was_pressed_and_what_it_was(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    desk.employ("bimal")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    assert browser.act(f"/desk/talks/{talk_id}/kind", kind="no-such").status_code == 422
    assert desk.client("bimal").act(f"/desk/talks/{talk_id}/kind", kind="other").status_code == 409
    assert browser.act(f"/desk/talks/{talk_id}/kind", kind="other").status_code == 200
    assert (desk.row(Talk).pressed_kind, desk.row(Talk).real_kind) == ("ration", "other")
    assert "Ration was chosen, it is Other" in browser.get("/desk/parts/call").text


def test_a_rude_call_is_ended_with_a_sentence_and_a_mistake_taken_back(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    assert browser.act(f"/desk/talks/{talk_id}/exit", reason="boring").status_code == 422
    assert browser.act(f"/desk/talks/{talk_id}/exit", reason="crank").status_code == 200
    wrap_up = browser.get("/desk/parts/call").text
    assert '<option value="crank" selected>' in wrap_up
    assert "go to the voice until" in wrap_up
    assert browser.act(f"/desk/talks/{talk_id}/exit/undo").status_code == 200
    assert "go to the voice until" not in browser.get("/desk/parts/call").text
    assert browser.act(f"/desk/talks/{talk_id}/exit", reason="crank").status_code == 409
