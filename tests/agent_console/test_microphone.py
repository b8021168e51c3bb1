"""A representative who has muted themselves, as the supervisors see it: never claimed where nobody knows."""

import re

import pytest

from agent_console.words import say
from ivr.desk_events import SUPERVISORS, TALK
from ivr.holds import note_hold
from ivr.microphones import BELIEVED_FOR
from ivr.routing import run_timers, something_due
from ivr.talks import begin_talk, leg_out
from ivr.tickets import use_ticket
from models.event import DeskEvent
from models.leg import Leg
from tests.agent_console.desk_in_test import Browser, Desk

LEG = "CA-of-asha"


@pytest.fixture
def asha(desk: Desk) -> Browser:
    """In a talk, by the line LEG. There is a supervisor, and a colleague."""
    staff_id = desk.employ("asha")
    desk.employ("boss", "supervisor")
    desk.employ("bimal")
    browser = desk.client("asha")
    offer_id, call_sid = desk.ring(staff_id)
    accepted = browser.act(f"/desk/offers/{offer_id}/accept").get_json()
    come_in(desk, accepted["ticket"], LEG, staff_id)
    desk.store.write(lambda connection: begin_talk(connection, accepted["talk"], call_sid, desk.clock.now()))
    return browser


def come_in(desk: Desk, ticket: str, sid: str, staff_id: int) -> None:
    assert desk.store.write(lambda connection: use_ticket(connection, ticket, sid, staff_id, desk.clock.now()))


def seen(desk: Desk) -> float | None:
    """Since when board and the page beside the talk say that the microphone is off; None where they do not."""
    boss = desk.client("boss")
    mark = re.compile(rf'{say("board.muted", "en")} <span class="timer" data-since="([\d.]+)"')
    both = [mark.search(boss.get(address).text) for address in ("/desk/board/rows", "/desk/beside/1/part")]
    since = {found and float(found[1]) for found in both}
    assert len(since) == 1, since
    return since.pop()


def news(desk: Desk) -> int:
    return len(desk.rows(DeskEvent, kind=TALK, audience=SUPERVISORS))


def test_a_closed_microphone_is_seen_with_its_time_and_told_once(desk: Desk, asha: Browser) -> None:
    assert seen(desk) is None
    began = desk.clock.now().timestamp()
    for _ in range(2):
        assert asha.act("/desk/microphone", leg=LEG, muted="yes").status_code == 200
        desk.clock.advance(1)
    assert (seen(desk), news(desk)) == (began, 1)
    for _ in range(2):
        assert asha.act("/desk/microphone", leg=LEG, muted="no").status_code == 200
    assert (seen(desk), news(desk)) == (None, 2)


def test_each_sign_of_life_mends_what_was_lost_and_none_for_long_means_nobody_knows(desk: Desk, asha: Browser) -> None:
    began = desk.clock.now().timestamp()
    for _ in range(6):
        assert asha.act("/desk/alive", tab="t", leg=LEG, muted="yes").status_code == 200
        desk.clock.advance(10)
    assert seen(desk) == began
    desk.clock.advance(BELIEVED_FOR.total_seconds())
    assert seen(desk) is None
    now = desk.clock.now()
    with desk.store.read() as connection:
        assert something_due(connection, now)
    desk.store.write(lambda connection: run_timers(connection, now))
    assert (desk.row(Leg, sid=LEG).muted_since, news(desk)) == (None, 2)
    asha.act("/desk/alive", tab="t", leg=LEG, muted="yes")
    assert seen(desk) == now.timestamp()


def test_a_hold_hides_it_and_its_end_counts_anew(desk: Desk, asha: Browser) -> None:
    asha.act("/desk/microphone", leg=LEG, muted="yes")
    desk.store.write(lambda connection: note_hold(connection, 1, True, desk.clock.now()))
    desk.clock.advance(12)
    assert seen(desk) is None
    asha.act("/desk/alive", tab="t", leg=LEG, muted="yes")
    assert seen(desk) is None
    desk.store.write(lambda connection: note_hold(connection, 1, False, desk.clock.now()))
    assert (seen(desk), news(desk)) == (desk.clock.now().timestamp(), 3)


def test_a_line_that_is_out_or_new_is_not_known_to_be_closed(desk: Desk, asha: Browser) -> None:
    asha.act("/desk/microphone", leg=LEG, muted="yes")
    ticket = asha.act("/desk/talks/1/ticket").get_json()["ticket"]
    leg = desk.row(Leg, sid=LEG)
    come_in(desk, ticket, "CA-after-reload", leg.staff_id)
    assert seen(desk) is None
    desk.store.write(lambda connection: leg_out(connection, leg.id, desk.clock.now()))
    asha.act("/desk/microphone", leg=LEG, muted="yes")  # a late word of the page before
    assert seen(desk) is None


def test_nobody_tells_it_of_another_line_and_a_page_without_voice_tells_nothing(desk: Desk, asha: Browser) -> None:
    assert desk.client("bimal").act("/desk/microphone", leg=LEG, muted="yes").status_code == 200
    assert asha.act("/desk/microphone").status_code == 200
    assert asha.act("/desk/alive", tab="t").status_code == 200
    assert seen(desk) is None
    assert desk.client("boss").act("/desk/microphone", leg=LEG, muted="yes").status_code == 403
