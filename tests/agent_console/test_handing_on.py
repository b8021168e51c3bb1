"""Handing a caller on at the desk: what each of the two sees, and plain words where it cannot be."""

import json
from typing import Any

from sqlalchemy import update

from agent_console.words import say
from ivr.talks import representative_joined
from ivr.tickets import use_ticket
from models.draft import Draft
from models.offer import Offer
from models.presence import Presence
from models.talk import Talk
from models.transfer import Transfer
from tests.agent_console.desk_in_test import Browser, Desk

SID = "CF" + "1" * 32


def two_at_work(desk: Desk) -> tuple[Browser, Browser, int, int]:
    """Asha with a caller and a begun form, Bimal ready: their browsers, the talk, Bimal's id."""
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    first, second = desk.client("asha"), desk.client("bimal")
    talk_id, _ = desk.talk(first, asha)
    assert second.act("/desk/ready").status_code == 200
    talk = desk.row(Talk)
    desk.network.conferences[talk.conference] = SID
    draft = desk.row(Draft)
    words = json.dumps({"text": "The card never came", "category": "ration", "place": "wb-hooghly"})
    assert first.act(f"/desk/drafts/{draft.id}", version=draft.version, data=words).status_code == 200
    return first, second, talk_id, bimal


def enter(desk: Desk, ticket: str, staff_id: int) -> None:
    def come_in(connection: Any) -> None:
        entrance = use_ticket(connection, ticket, "CA" + "c" * 32, staff_id, desk.clock.now())
        assert entrance is not None
        representative_joined(connection, entrance.talk_id, desk.clock.now())

    desk.store.write(come_in)


def test_the_one_who_is_asked_reads_the_words_so_far_and_then_has_the_form(desk: Desk) -> None:
    first, second, talk_id, bimal = two_at_work(desk)
    desk.clock.advance(5)  # the form was begun before the colleague's talk
    assert "Bimal" in first.get("/desk/parts/call").text
    assert first.act(f"/desk/talks/{talk_id}/hand-on", colleague=bimal, how="ask").status_code == 200
    ringing = second.get("/desk/parts/call").text
    assert "Asha asks you to take over a caller" in ringing
    assert "data-answer" in ringing
    assert "data-offer" in second.get("/desk/parts/facts").text
    answer = second.act(f"/desk/transfers/{desk.row(Transfer).id}/accept").get_json()
    assert "is not in the call just now" in first.get("/desk/parts/call").text
    enter(desk, answer["ticket"], bimal)
    assert "Asha consults you" in second.get("/desk/parts/call").text
    notes = second.get("/desk/parts/work").text
    assert "The card never came" in notes
    assert "Hooghly" in notes
    assert 'id="draft"' not in notes
    assert "Hand over and leave" in first.get("/desk/parts/call").text

    assert first.act(f"/desk/talks/{talk_id}/hand-over").status_code == 200
    assert "Wrap-up" in first.get("/desk/parts/call").text
    form = second.get("/desk/parts/work").text
    assert "The card never came" in form
    assert f'data-draft="{desk.row(Draft).id}"' in form
    done = second.act(
        f"/desk/drafts/{desk.row(Draft).id}/register", **json.loads(desk.row(Draft).data) | {"place": "wb-hooghly"}
    )
    assert done.status_code == 200, done.text


def test_the_board_shows_a_caller_once_while_a_colleague_is_consulted(desk: Desk) -> None:
    first, second, talk_id, bimal = two_at_work(desk)
    desk.employ("boss", "supervisor")
    first.act(f"/desk/talks/{talk_id}/hand-on", colleague=bimal, how="ask")
    answer = second.act(f"/desk/transfers/{desk.row(Transfer).id}/accept").get_json()
    enter(desk, answer["ticket"], bimal)
    assert len(desk.rows(Talk, call_sid=desk.row(Talk, id=talk_id).call_sid)) == 2
    board = desk.client("boss").get("/desk/board/rows").text
    assert board.count('/end" data-act') == 1
    assert f"/desk/beside/{talk_id}" in board


def test_a_caller_sent_on_brings_the_begun_form_along(desk: Desk) -> None:
    first, second, talk_id, bimal = two_at_work(desk)
    desk.clock.advance(5)
    assert first.act(f"/desk/talks/{talk_id}/hand-on", colleague=bimal, how="send").status_code == 200
    answer = second.act(f"/desk/offers/{desk.row(Offer).id}/accept")
    assert answer.status_code == 200, answer.text
    assert len(desk.rows(Draft)) == 1
    assert "The card never came</textarea>" in second.get("/desk/parts/work").text


def test_a_transfer_that_failed_says_why_and_that_the_caller_is_still_there(desk: Desk) -> None:
    first, second, talk_id, bimal = two_at_work(desk)
    first.act(f"/desk/talks/{talk_id}/hand-on", colleague=bimal, how="ask")
    assert second.act(f"/desk/transfers/{desk.row(Transfer).id}/decline").status_code == 200
    assert "Bimal cannot take it now. The caller is still with you." in first.get("/desk/parts/call").text
    again = first.act(f"/desk/talks/{talk_id}/hand-on", colleague=bimal, how="ask")
    assert (again.status_code, again.get_json()["error"]) == (409, say("refused.colleague_busy", "en"))


def test_what_is_missing_or_impossible_is_said_plainly(desk: Desk) -> None:
    first, _, talk_id, _ = two_at_work(desk)
    assert first.act(f"/desk/talks/{talk_id}/hand-on", how="ask").get_json()["field"] == "colleague"
    assert first.act(f"/desk/talks/{talk_id}/to-language", language="xx").status_code == 422
    nobody = first.act(f"/desk/talks/{talk_id}/to-language", language="hi")
    assert nobody.get_json()["error"] == say("refused.nobody_speaks_it", "en")
    assert first.act(f"/desk/talks/{talk_id}/service", service="999").status_code == 422
    assert first.act(f"/desk/talks/{talk_id}/hand-over").get_json()["error"] == say("refused.not_in_yet", "en")


def test_an_emergency_number_without_a_line_is_shown_to_be_read_out(desk: Desk) -> None:
    first, _, talk_id, _ = two_at_work(desk)
    assert first.act(f"/desk/talks/{talk_id}/service", service="1098").status_code == 200
    shown = first.get("/desk/parts/call").text
    assert '<b class="number">1098</b>' in shown
    assert "Children" in shown
    assert desk.row(Talk).state == "live"


def test_nobody_hands_on_the_caller_of_another(desk: Desk) -> None:
    _, second, talk_id, bimal = two_at_work(desk)
    for path, form in (("hand-on", {"colleague": bimal}), ("to-language", {"language": "bn"}), ("hand-over", {})):
        assert second.act(f"/desk/talks/{talk_id}/{path}", **form).status_code == 409
    assert desk.rows(Transfer) == []


def test_only_who_is_alive_and_ready_is_offered(desk: Desk) -> None:
    first, _, _, bimal = two_at_work(desk)
    gone = update(Presence).where(Presence.staff_id == bimal).values(lease_until=desk.clock.now())
    desk.store.write(lambda connection: connection.execute(gone))
    assert "No colleague is ready just now." in first.get("/desk/parts/call").text
