"""The supervisor's desk: alerts, another state for somebody, the end of a call that hangs, work passed on, closing."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DatabaseError

import agent_console
from ivr.presences import begin_wrap_up
from models.audit import add_act
from models.audit_entry import AuditEntry
from models.call_back import CallBack
from models.command import Command
from models.draft import Draft
from models.event import DeskEvent
from models.lease import Lease
from models.message import Message
from models.presence import Presence
from models.presence_stay import PresenceStay
from models.queue_entry import QueueEntry
from models.services.call_backs import GIVEN, has_reached_us
from models.staff import Staff
from models.staff_notice import StaffNotice
from models.talk import Talk
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.test_lists import NUMBER, leave_message, promise


@pytest.fixture
def boss(desk: Desk) -> int:
    return desk.employ("boss", "supervisor")


def on_duty(desk: Desk, login: str, state: str = "ready") -> int:
    staff_id = desk.employ(login)
    now = desk.clock.now()
    row = {"staff_id": staff_id, "state": state, "since": now, "lease_until": now + timedelta(seconds=45)}
    desk.store.write(lambda connection: connection.execute(insert(Presence).values(**row)))
    return staff_id


def board(desk: Desk) -> str:
    return " ".join(desk.client("boss").get("/desk/board").text.split())


def test_a_line_that_stands_still_is_an_alert(desk: Desk, boss: int) -> None:
    assert "the router process does not run" in board(desk)
    until = desk.clock.now() + timedelta(seconds=6)
    desk.store.write(
        lambda connection: connection.execute(insert(Lease).values(name="router", holder="r", until=until))
    )
    assert "Nothing is wrong." in board(desk)


def test_long_waits_and_long_wrap_ups_are_alerts(desk: Desk, boss: int) -> None:
    asha = on_duty(desk, "asha", "talk")
    desk.store.write(lambda connection: begin_wrap_up(connection, asha, desk.clock.now()))
    desk.enqueue()
    desk.clock.advance(181)
    shown = board(desk)
    assert "Callers waiting for more than three minutes: 1" in shown
    assert "Asha has been in wrap-up for more than three minutes." in shown


def test_texts_that_fail_or_wait_are_alerts(desk: Desk, boss: int) -> None:
    now = desk.clock.now()
    text_row = {"recipient": "+919830000001", "language": "bn", "template": "t", "body": "b", "purpose": "registered"}
    for number in range(4):
        row = {**text_row, "created_at": now, "effect_key": str(number), "status": "failed"}
        desk.store.write(lambda connection, row=row: connection.execute(insert(Message).values(**row)))  # type: ignore[misc]  # bound now
    late = {**text_row, "created_at": now, "next_try_at": now - timedelta(minutes=6)}
    desk.store.write(lambda connection: connection.execute(insert(Message).values(**late)))
    shown = board(desk)
    assert "Texts that failed within the last hour: 4" in shown
    assert "Texts waiting for more than five minutes: 1." in shown


def test_commands_that_the_network_does_not_take_are_an_alert(desk: Desk, boss: int) -> None:
    due = desk.clock.now() - timedelta(seconds=61)
    row = {"key": "k", "kind": "hang_up", "payload": {}, "created_at": due, "due_at": due}
    desk.store.write(lambda connection: connection.execute(insert(Command).values(**row)))
    assert "does not take: 1." in board(desk)


def test_a_forced_state_is_told_to_the_person_and_accounted_for(desk: Desk, boss: int) -> None:
    asha = on_duty(desk, "asha")
    desk.clock.advance(30)
    done = desk.client("boss").act(f"/desk/board/staff/{asha}/state", state="break", reason="Eat something")
    assert done.status_code == 200
    assert desk.presence(asha) == "break"
    stay = desk.row(PresenceStay, staff_id=asha)
    assert (stay.state, stay.ended_at - stay.began_at) == ("ready", timedelta(seconds=30))
    mine = desk.client("asha")
    assert "Boss has changed your state to: Break. Reason: Eat something" in mine.get("/desk/calls").text
    entry = desk.row(AuditEntry)
    assert (entry.actor, entry.action, entry.subject) == (f"staff:{boss}", "state_forced", f"staff:{asha}")
    assert entry.data == {"from": "ready", "to": "break", "reason": "Eat something"}
    assert mine.act(f"/desk/notices/{desk.row(StaffNotice).id}/read").status_code == 200
    assert "Eat something" not in mine.get("/desk/parts/told").text


def test_a_call_that_rings_goes_on_to_somebody_else_when_a_state_is_forced(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    _, sid = desk.ring(asha)
    assert (
        desk.client("boss").act(f"/desk/board/staff/{asha}/state", state="offline", reason="went home").status_code
        == 200
    )
    assert desk.presence(asha) == "offline"
    assert desk.row(QueueEntry, call_sid=sid).state == "waiting"


def test_nobody_is_torn_out_of_a_talk(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    desk.talk(desk.client("asha"), asha)
    refused = desk.client("boss").act(f"/desk/board/staff/{asha}/state", state="offline", reason="go home")
    assert (refused.status_code, desk.presence(asha)) == (409, "talk")
    assert "on a call" in refused.get_json()["error"]
    assert desk.rows(StaffNotice) == []


def test_nobody_is_made_ready_whose_desk_is_closed(desk: Desk, boss: int) -> None:
    asha = on_duty(desk, "asha", "offline")
    desk.clock.advance(60)
    refused = desk.client("boss").act(f"/desk/board/staff/{asha}/state", state="ready", reason="come back")
    assert (refused.status_code, desk.presence(asha)) == (409, "offline")


@pytest.mark.parametrize(
    ("form", "field"), [({"state": "talk", "reason": "because"}, "state"), ({"state": "break"}, "reason")]
)
def test_a_state_is_not_forced_without_state_and_reason(
    desk: Desk, boss: int, form: dict[str, str], field: str
) -> None:
    asha = on_duty(desk, "asha")
    refused = desk.client("boss").act(f"/desk/board/staff/{asha}/state", **form)
    assert (refused.status_code, refused.get_json()["field"]) == (422, field)


def test_a_talk_that_hangs_is_ended_and_its_representative_told(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    talk_id, sid = desk.talk(desk.client("asha"), asha)
    assert "Asha" in board(desk)
    assert desk.client("boss").act(f"/desk/board/calls/{sid}/end", reason="It hangs").status_code == 200
    talk = desk.row(Talk, id=talk_id)
    assert (talk.state, talk.ended_by, desk.presence(asha)) == ("ended", "supervisor", "wrap_up")
    assert "Boss has ended your call. Reason: It hangs" in desk.client("asha").get("/desk/parts/told").text
    assert desk.row(AuditEntry).action == "talk_ended"
    again = desk.client("boss").act(f"/desk/board/calls/{sid}/end", reason="It hangs")
    assert again.status_code in (200, 409)


def test_a_call_in_the_menus_is_ended_by_the_network(desk: Desk, boss: int) -> None:
    sid = desk.enqueue()
    assert desk.client("boss").act(f"/desk/board/calls/{sid}/end", reason="It hangs").status_code == 200
    kinds = {command.kind for command in desk.rows(Command)}
    assert kinds == {"hang_up", "check_call"}
    assert desk.client("boss").act("/desk/board/calls/CA0/end", reason="It hangs").status_code == 409


def test_work_is_passed_on_and_both_are_told(desk: Desk, boss: int) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    promise(desk)
    call_back = desk.row(CallBack)
    browser = desk.client("boss")
    assert browser.act(f"/desk/board/shared/call_back/{call_back.id}", to=asha).status_code == 200
    assert browser.act(f"/desk/board/shared/call_back/{call_back.id}", to=bimal).status_code == 200
    moved = desk.row(CallBack, id=call_back.id)
    assert (moved.state, moved.taken_by) == ("taken", bimal)
    assert [(one.staff_id, one.kind) for one in desk.rows(StaffNotice)] == [
        (asha, "work_given"),
        (asha, "work_taken"),
        (bimal, "work_given"),
    ]
    assert "Boss has given you: Call-back." in desk.client("bimal").get("/desk/parts/told").text
    assert browser.act(f"/desk/board/shared/call_back/{call_back.id}", to="").status_code == 200
    back = desk.row(CallBack, id=call_back.id)
    assert (back.state, back.taken_by) == ("open", None)


def test_a_draft_goes_to_somebody_else_but_not_out_of_a_running_call(desk: Desk, boss: int) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    mine = desk.client("asha")
    desk.talk(mine, asha)
    draft = desk.row(Draft)
    assert mine.act(f"/desk/drafts/{draft.id}", version=0, data='{"text": "The well"}').status_code == 200
    refused = desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to=bimal)
    assert (refused.status_code, desk.row(Draft, id=draft.id).staff_id) == (409, asha)
    mine.act(f"/desk/talks/{desk.row(Talk).id}/end")
    assert desk.presence(asha) == "wrap_up"
    assert desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to=bimal).status_code == 409
    assert mine.act("/desk/wrap-up/finish", outcome="unfinished").status_code == 200
    assert desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to=bimal).status_code == 200
    assert desk.row(Draft, id=draft.id).staff_id == bimal
    assert desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to="").status_code == 422
    assert desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to=boss).status_code == 404


def test_a_form_is_not_taken_while_its_holder_rings_a_citizen(desk: Desk, boss: int) -> None:
    desk.employ("asha")
    bimal = desk.employ("bimal")
    mine = desk.client("asha")
    mine.act(f"/desk/call-backs/{promise(desk)}/dial")
    draft = desk.row(Draft)
    assert draft.call_sid is None
    assert mine.act(f"/desk/drafts/{draft.id}", version=0, data='{"text": "The well"}').status_code == 200
    assert desk.client("boss").act(f"/desk/board/shared/draft/{draft.id}", to=bimal).status_code == 409


def test_forms_without_a_word_are_no_work_to_be_shared(desk: Desk, boss: int) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    mine = desk.client("asha")
    mine.act("/desk/drafts")
    draft = desk.row(Draft)
    browser = desk.client("boss")
    assert "Nothing waits, and nobody holds anything" in browser.get("/desk/board/shared").text
    assert browser.act(f"/desk/board/shared/draft/{draft.id}", to=bimal).status_code == 409
    assert desk.row(Draft).staff_id == asha


def holders(page: str) -> list[str]:
    """Who is shown as the holder of each piece of work."""
    return re.findall(r"<option[^>]* selected>([^<]+)</option>", page)


@pytest.mark.parametrize("gone", [{"active": False}, {"roles": ["supervisor"]}])
def test_the_holder_of_work_is_shown_also_when_they_can_take_no_more(
    desk: Desk, boss: int, gone: dict[str, object]
) -> None:
    asha = desk.employ("asha")
    desk.employ("bimal")
    mine = desk.client("asha")
    mine.act("/desk/drafts")
    mine.act(f"/desk/drafts/{desk.row(Draft).id}", version=0, data='{"text": "The well"}')
    desk.store.write(lambda connection: connection.execute(update(Staff).where(Staff.id == asha).values(**gone)))
    assert holders(desk.client("boss").get("/desk/board/shared/rows").text) == ["Asha"]


def test_a_call_back_that_was_given_is_free_again_after_the_shift(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    desk.employ("bimal")
    row = promise(desk)
    browser, bimal = desk.client("boss"), desk.client("bimal")
    assert browser.act(f"/desk/board/shared/call_back/{row}", to=asha).status_code == 200
    assert desk.row(CallBack).taken_until == desk.clock.now() + GIVEN
    assert desk.client("asha").act(f"/desk/call-backs/{row}/take").status_code == 200
    assert desk.row(CallBack).taken_until == desk.clock.now() + GIVEN
    assert holders(browser.get("/desk/board/shared/rows").text) == ["Asha"]
    assert bimal.act(f"/desk/call-backs/{row}/dial").status_code == 409
    desk.clock.advance(GIVEN.total_seconds())
    assert holders(browser.get("/desk/board/shared/rows").text) == []
    assert bimal.act(f"/desk/call-backs/{row}/dial").status_code == 200


def test_a_call_back_that_was_given_is_over_when_its_citizen_reaches_us(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    row = promise(desk)
    desk.client("boss").act(f"/desk/board/shared/call_back/{row}", to=asha)
    now = desk.clock.now()
    assert desk.store.write(lambda connection: has_reached_us(connection, NUMBER, None, now)) == [row]
    assert desk.row(CallBack).outcome == "reached_us"


def test_a_call_back_that_goes_to_somebody_else_leaves_no_old_look_behind(desk: Desk, boss: int) -> None:
    desk.employ("asha")
    bimal = desk.employ("bimal")
    row = promise(desk)
    desk.client("asha").act(f"/desk/call-backs/{row}/take")
    desk.client("boss").act(f"/desk/board/shared/call_back/{row}", to=bimal)
    assert desk.row(CallBack).taken_until == desk.clock.now() + GIVEN
    desk.client("boss").act(f"/desk/board/shared/call_back/{row}", to="")
    kept = desk.row(CallBack)
    assert (kept.state, kept.taken_by, kept.taken_until) == ("open", None, None)


def test_each_kind_of_work_that_is_passed_on_is_told_as_what_it_is(desk: Desk, boss: int) -> None:
    asha = desk.employ("asha")
    bimal = desk.client("bimal") if desk.employ("bimal") else None
    assert bimal is not None
    bimal.act("/desk/drafts")
    bimal.act(f"/desk/drafts/{desk.row(Draft).id}", version=0, data='{"text": "The well"}')
    ids = {"call_back": promise(desk), "voice_message": leave_message(desk), "draft": desk.row(Draft).id}
    script = (Path(agent_console.__file__).parent / "static" / "console.js").read_text(encoding="utf-8")
    for kind, number in ids.items():
        assert desk.client("boss").act(f"/desk/board/shared/{kind}/{number}", to=asha).status_code == 200
        assert len(desk.rows(DeskEvent, kind=kind, subject=str(number))) == 1
        redrawn = re.search(rf"^  {kind}: \[(.*)\],$", script, re.MULTILINE)
        assert redrawn is not None, kind
        assert '"work-list"' in redrawn[1], kind


def test_the_message_of_the_day_reaches_everybody_in_their_language_until_midnight(desk: Desk, boss: int) -> None:
    desk.employ("asha", screen="bn")
    desk.employ("bimal", screen="hi")
    browser = desk.client("boss")
    assert browser.act("/desk/board/message", words_en="Rations late today", words_bn="আজ রেশন দেরি").status_code == 200
    assert "আজ রেশন দেরি" in desk.client("asha").get("/desk/calls").text
    assert "Rations late today" in desk.client("bimal").get("/desk/calls").text
    browser.act("/desk/board/message", words_en="All is well")
    assert "আজ রেশন দেরি" not in desk.client("asha").get("/desk/parts/told").text
    assert browser.act("/desk/board/message", words_en=" ").status_code == 422
    desk.clock.advance(24 * 3600)
    assert "All is well" not in desk.client("asha").get("/desk/parts/told").text


def test_the_message_of_the_day_can_be_taken_away(desk: Desk, boss: int) -> None:
    browser = desk.client("boss")
    browser.act("/desk/board/message", words_en="Rations late today")
    assert browser.act("/desk/board/message/withdraw").status_code == 200
    assert "Rations late" not in browser.get("/desk/parts/told").text
    assert [entry.action for entry in desk.rows(AuditEntry)] == ["day_message_posted", "day_message_withdrawn"]


def test_acts_are_read_by_supervisors_with_a_filter(desk: Desk, boss: int) -> None:
    asha = on_duty(desk, "asha")
    browser = desk.client("boss")
    browser.act(f"/desk/board/staff/{asha}/state", state="break", reason="Eat something")
    browser.act("/desk/board/message", words_en="Rations late today")
    both = browser.get("/desk/audit").text
    assert "Changed a state" in both
    assert "from: Ready · to: Break · reason: Eat something" in both
    one = browser.get("/desk/audit", act="day_message_posted").text
    assert "Rations late today" in one
    assert "Eat something" not in one
    assert "Nothing was done in this time." in browser.get("/desk/audit", since="2020-01-01", until="2020-01-02").text
    assert "Nothing was done in this time." in browser.get("/desk/audit", who=f"staff:{asha}").text
    assert desk.client("asha").get("/desk/audit").status_code == 403


def test_acts_are_found_whichever_day_is_typed_first(desk: Desk, boss: int) -> None:
    browser = desk.client("boss")
    browser.act("/desk/board/message", words_en="Rations late today")
    today = desk.clock.now().date()
    asked = {"since": str(today + timedelta(days=1)), "until": str(today - timedelta(days=1))}
    assert "Rations late today" in browser.get("/desk/audit", **asked).text


def test_what_was_done_is_told_on_the_board_too(desk: Desk, boss: int) -> None:
    browser = desk.client("boss")
    assert browser.get("/desk/board").text.count('id="done-line"') == 1
    told = browser.act("/desk/board/message", words_en="Rations late today")
    assert told.get_json()["said"] == "Everybody sees the message now."


def test_older_acts_are_a_page_further(desk: Desk, boss: int) -> None:
    now = desk.clock.now()

    def write(connection: Any) -> None:
        for n in range(120):
            add_act(connection, "rule", "seeded", f"n{n}", now)

    desk.store.write(write)
    browser = desk.client("boss")
    first = browser.get("/desk/audit").text
    assert "n119" in first
    assert ">n19<" not in first
    assert ">n19<" in browser.get("/desk/audit", before=21).text


@pytest.mark.parametrize("table", ["audit_entry", "presence_stay"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_is_accounted_for_cannot_be_changed_through_the_application(
    desk: Desk, boss: int, table: str, act: str
) -> None:
    asha = on_duty(desk, "asha")
    desk.clock.advance(5)
    desk.client("boss").act(f"/desk/board/staff/{asha}/state", state="break", reason="Eat something")
    with pytest.raises(DatabaseError, match="only added"):
        desk.store.write(lambda connection: connection.execute(text(act.format(table))))
    assert len(desk.rows(AuditEntry)) == 1
    assert len(desk.rows(PresenceStay)) == 1


def test_no_door_of_the_application_leads_to_a_change_of_acts(desk: Desk, boss: int) -> None:
    assert desk.app is not None
    doors = [rule for rule in desk.app.url_map.iter_rules() if rule.endpoint.startswith("audit.")]
    assert [(rule.endpoint, sorted(rule.methods or ())) for rule in doors] == [
        ("audit.page", ["GET", "HEAD", "OPTIONS"])
    ]
