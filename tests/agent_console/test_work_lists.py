"""Call-backs, abandoned calls, broken stories: one person a row, and each row has one of four ends."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from agent_console.words import say
from ivr.departures import caller_left
from ivr.talks import begin_talk, close_talk
from models.call import Call
from models.call_back import CallBack
from models.draft import Draft
from models.services.call_backs import count_open, open_row, open_rows, take_to_look
from models.talk import Talk
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.test_lists import NUMBER, promise


def left_the_line(desk: Desk, seconds: float) -> str:
    """A caller who waited so long and hung up, and the promise that the sweep makes of it."""
    call_sid = desk.enqueue()
    desk.clock.advance(seconds)
    now = desk.clock.now()
    desk.store.write(lambda c: caller_left(c, call_sid, now))
    desk.store.write(lambda c: c.execute(update(Call).where(Call.sid == call_sid).values(ended_at=now, phase="ended")))
    desk.tick(6)
    return call_sid


def lists(browser: Browser) -> dict[str, str]:
    return {name: browser.get(f"/desk/{name}").text for name in ("call-backs", "abandoned", "outreach")}


def shown_in(browser: Browser, number: str) -> list[str]:
    return [name for name, page in lists(browser).items() if f"•••{number[-3:]}" in page]


def test_who_left_the_line_after_five_seconds_is_abandoned_and_sooner_a_call_back(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    soon, late = left_the_line(desk, 5), left_the_line(desk, 66)
    numbers = {call.sid: call.from_number for call in desk.rows(Call)}
    assert shown_in(browser, numbers[soon]) == ["call-backs"]
    assert shown_in(browser, numbers[late]) == ["abandoned"]
    assert "(1:05)" in browser.get("/desk/abandoned").text
    nav = browser.get("/desk/parts/nav").text
    assert "Abandoned (1)" in nav
    assert "Call-backs (1)" in nav


def test_a_list_is_counted_whole_and_read_as_far_as_it_is_shown(desk: Desk) -> None:
    for n in range(6):
        promise(desk, number=f"+91983006666{n}", due_by=desk.clock.now() + timedelta(minutes=10 - n))
    promise(desk, reason="talk_lost")
    left_the_line(desk, 66)
    now = desk.clock.now()
    with desk.store.session() as session:
        assert count_open(session) == {"call_backs": 6, "outreach": 1, "abandoned": 1}
        first = open_rows(session, now, "call_backs", 2)
        assert [row.call_back.number[-1] for row in first] == ["5", "4"]
        assert [row.kind for row in open_rows(session, now, "outreach", 9)] == ["outreach"]
        one = open_row(session, first[1].call_back.id, now)
        assert one == first[1]
        assert open_row(session, 99, now) is None


def test_a_row_is_looked_at_by_one_who_has_it_for_ten_minutes(desk: Desk) -> None:
    desk.employ("asha")
    desk.employ("bimal")
    asha, bimal = desk.client("asha"), desk.client("bimal")
    row = promise(desk)
    assert asha.act(f"/desk/call-backs/{row}/take").get_json()["go"] == f"/desk/call-backs/{row}"
    for act in ("take", "dial"):
        late = bimal.act(f"/desk/call-backs/{row}/{act}")
        assert (late.status_code, late.get_json()["error"]) == (409, say("refused.nothing_to_dial", "en"))
    assert say("refused.nothing_to_dial", "en") in bimal.get(f"/desk/call-backs/{row}").text
    desk.clock.advance(600)
    assert bimal.act(f"/desk/call-backs/{row}/take").status_code == 200
    bimal.act(f"/desk/call-backs/{row}/let-go")
    assert (desk.row(CallBack).state, desk.row(CallBack).taken_by) == ("open", None)


def test_the_preview_tells_why_and_shows_no_whole_number(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    row = promise(desk)
    browser.act(f"/desk/call-backs/{row}/take")
    page = browser.get(f"/desk/call-backs/{row}").text
    assert "Asked for it" in page
    assert "0 of 3" in page
    assert "Nobody else can ring until" in page
    assert NUMBER[3:] not in page
    assert browser.act(f"/desk/call-backs/{row}/dial").get_json()["go"] == "/desk/calls"


def no_answer(desk: Desk) -> None:
    talk = desk.row(Talk)
    desk.store.write(lambda c: close_talk(c, talk.id, "no_answer", desk.clock.now()))


def wrapped_up(browser: Browser) -> None:
    assert browser.act("/desk/wrap-up/finish", outcome="nobody").status_code == 200


def test_three_tries_at_other_hours_end_a_row(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    row = promise(desk)
    for tries in (1, 2):
        assert browser.act(f"/desk/call-backs/{row}/dial").status_code == 200
        no_answer(desk)
        wrapped_up(browser)
        kept = desk.row(CallBack)
        assert (kept.state, kept.attempts) == ("open", tries)
        assert browser.act(f"/desk/call-backs/{row}/dial").status_code == 409  # not at this hour again
        assert "not before" in browser.get("/desk/call-backs").text
        browser.act(f"/desk/call-backs/{row}/take")
        assert "The next try is at another hour" in browser.get(f"/desk/call-backs/{row}").text
        desk.clock.advance((kept.next_try_at - desk.clock.now()).total_seconds())
    assert browser.act(f"/desk/call-backs/{row}/dial").status_code == 200
    no_answer(desk)
    assert (desk.row(CallBack).state, desk.row(CallBack).outcome) == ("given_up", "no_answer")
    assert "Nobody waits for a call-back." in browser.get("/desk/call-backs").text


def test_who_reaches_us_need_not_be_rung(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    left_the_line(desk, 30)
    desk.store.write(lambda c: c.execute(update(CallBack).values(number="+919830000777")))
    offer_id, call_sid = desk.ring(staff_id)
    desk.store.write(lambda c: c.execute(update(Call).where(Call.sid == call_sid).values(from_number="+919830000777")))
    talk_id = int(browser.act(f"/desk/offers/{offer_id}/accept").get_json()["talk"])
    desk.store.write(lambda c: begin_talk(c, talk_id, call_sid, desk.clock.now()))
    assert (desk.row(CallBack).state, desk.row(CallBack).outcome) == ("done", "reached_us")


def broken_story(desk: Desk, browser: Browser, staff_id: int) -> str:
    """The caller hangs up in the middle, and the wrap-up is done."""
    talk_id, call_sid = desk.talk(browser, staff_id)
    draft = desk.row(Draft, call_sid=call_sid)
    browser.act(f"/desk/drafts/{draft.id}", version=draft.version, data=json.dumps({"text": "The well has"}))

    def hang_up(connection: Any) -> None:
        caller_left(connection, call_sid, desk.clock.now())
        ended = update(Call).where(Call.sid == call_sid)
        connection.execute(ended.values(ended_at=desk.clock.now(), phase="ended", from_number="+919830000888"))

    desk.store.write(hang_up)
    desk.tick(6)
    assert desk.rows(CallBack) == []  # it may still be registered in wrap-up
    assert browser.act("/desk/wrap-up/finish", outcome="unfinished").status_code == 200
    desk.tick(6)
    return call_sid


def test_a_story_that_breaks_off_is_rung_for_with_its_words(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    broken_story(desk, browser, staff_id)
    for _ in range(3):
        desk.tick(6)
    [row] = desk.rows(CallBack)
    assert (row.reason, row.number) == ("talk_lost", "+919830000888")
    assert shown_in(browser, "+919830000888") == ["outreach"]
    browser.act(f"/desk/call-backs/{row.id}/take")
    assert "The well has" in browser.get(f"/desk/call-backs/{row.id}").text


def test_a_story_that_is_registered_after_all_needs_no_call(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    broken_story(desk, browser, staff_id)
    fields = {"text": "The well has run dry", "category": "other", "place": "wb-hooghly"}
    done = browser.act(f"/desk/drafts/{desk.row(Draft).id}/register", **fields)
    assert done.status_code == 200, done.text
    assert (desk.row(CallBack).state, desk.row(CallBack).outcome) == ("done", "registered")
    assert shown_in(browser, "+919830000888") == []


def test_a_story_that_goes_to_an_earlier_complaint_needs_no_call(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    browser.act("/desk/drafts")
    fields = {"text": "The well has run dry", "category": "other", "place": "wb-hooghly"}
    reference = browser.act(f"/desk/drafts/{desk.row(Draft).id}/register", **fields).get_json()["reference"]
    call_sid = broken_story(desk, browser, staff_id)
    draft = desk.row(Draft, call_sid=call_sid)
    assert shown_in(browser, "+919830000888") == ["outreach"]
    assert browser.act("/desk/about", draft=draft.id, reference=reference).status_code == 200
    added = browser.act(f"/desk/drafts/{draft.id}/add", text="The well has run dry again")
    assert added.get_json()["reference"] == reference
    assert (desk.row(CallBack).state, desk.row(CallBack).outcome) == ("done", "registered")
    assert shown_in(browser, "+919830000888") == []


def test_a_row_is_ended_by_hand_as_called_back_or_opted_out_only(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    row = promise(desk)
    assert browser.act(f"/desk/call-backs/{row}/close", outcome="given_up").status_code == 422
    assert browser.act(f"/desk/call-backs/{row}/close", outcome="opted_out").status_code == 200
    assert desk.row(CallBack).state == "opted_out"


@pytest.mark.every_store
def test_ten_at_once_take_one_row_for_one(desk: Desk) -> None:
    staff = [desk.employ(f"person{n}") for n in range(10)]
    row = promise(desk)
    won: list[bool] = []
    start = threading.Barrier(10)

    def take(staff_id: int) -> None:
        start.wait()
        won.append(desk.store.write(lambda c: take_to_look(c, row, staff_id, desk.clock.now())))

    threads = [threading.Thread(target=take, args=(one,)) for one in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 9 + [True]


def test_a_due_row_stands_before_one_whose_hour_has_not_come(desk: Desk) -> None:
    desk.employ("asha")
    promise(desk, number="+919830066666", next_try_at=desk.clock.now() + timedelta(hours=1))
    promise(desk, due_by=desk.clock.now() + timedelta(hours=5))
    page = desk.client("asha").get("/desk/call-backs").text
    assert page.index("98•••••555") < page.index("98•••••666")


def test_lists_say_so_when_everything_is_done(desk: Desk) -> None:
    desk.employ("asha")
    pages = lists(desk.client("asha"))
    for kind, page in zip(("call_backs", "abandoned", "outreach"), pages.values(), strict=True):
        assert say(f"list.none.{kind}", "en") in page
