"""Closing early: shown and heard before, told to callers, and taken back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from agent_console.words import say
from flows.loader import read_source
from ivr.calendars import close_now, set_calendars
from ivr.opening import find_calendar, find_closures
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED, publish
from models.announcement import Announcement
from models.audit_entry import AuditEntry
from models.calendar import CalendarRow
from models.closure import Closure
from tests.agent_console.desk_in_test import Desk

WORDS = {
    "words_bn": "ঝড়ের জন্য আজ বিকেলে অফিস বন্ধ।",
    "words_en": "Because of the storm the office is closed this afternoon.",
    "words_hi": "तूफ़ान के कारण आज दोपहर कार्यालय बंद है।",
}


@pytest.fixture
def line(desk: Desk) -> Desk:
    """A desk whose line has menus and opening hours."""
    now = desk.clock.now()
    set_calendars(desk.store, Path("flows/calendars.yaml").read_text(encoding="utf-8"), by="test", now=now)
    publish(desk.store, FLOW, read_source(SHIPPED), by="test", note="", now=now)
    desk.employ("boss", "supervisor")
    return desk


def test_what_callers_will_hear_is_shown_in_every_language_before_anything_is_closed(line: Desk) -> None:
    shown = line.client("boss").post("/desk/board/close", reason="Storm warning", until="17:00", **WORDS)
    assert shown.status_code == 200
    for words in WORDS.values():
        assert words in shown.text
    assert "We are open from" in shown.text
    assert shown.text.count("<audio") == 3
    assert "Closed until 2 Mar, 17:00" in shown.text
    assert line.rows(Closure) == []


def test_closing_counts_at_once_and_is_told_to_callers_until_it_is_taken_back(line: Desk) -> None:
    browser = line.client("boss")
    assert browser.post("/desk/board/close/now", reason="Storm warning", until="17:00", **WORDS).status_code == 302
    closure, told = line.row(Closure), line.row(Announcement)
    assert (closure.calendar, closure.reason, closure.ends_at) == (
        "office",
        "Storm warning",
        datetime(2026, 3, 2, 11, 30, tzinfo=UTC),
    )
    assert (told.board, told.words["bn"], told.ends_at) == ("helpline", WORDS["words_bn"], closure.ends_at)
    with line.store.read() as connection:
        now = line.clock.now()
        calendar = find_calendar(connection, "office")
        assert calendar.at(now, find_closures(connection, "office", now)).outcome == "closed"
    assert "Closed by hand until 2 Mar, 17:00." in browser.get("/desk/board").text
    line.clock.advance(60)
    assert browser.act("/desk/board/open").status_code == 200
    assert line.row(Closure).ends_at == line.row(Announcement).ends_at == line.clock.now()
    assert "Closed by hand" not in browser.get("/desk/board").text
    acts = [entry.action for entry in line.rows(AuditEntry)]
    assert acts[-3:] == ["closed_by_hand", "notice_spoken", "opened_by_hand"]


def test_without_a_notice_callers_hear_the_hours_alone(line: Desk) -> None:
    line.client("boss").post("/desk/board/close/now", reason="Storm warning")
    assert line.rows(Announcement) == []
    assert line.row(Closure).ends_at == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"reason": ""}, "Write why, in a few words."),
        ({"reason": "Storm", "until": "nonsense"}, "Write a time of today"),
        ({"reason": "Storm", "until": "10:59"}, "This time of today is over."),
        ({"reason": "Storm", "words_bn": "বন্ধ"}, "The notice is missing in English."),
    ],
)
def test_what_cannot_close_is_told_and_nothing_typed_is_lost(line: Desk, form: dict[str, str], told: str) -> None:
    browser = line.client("boss")
    for address in ("/desk/board/close", "/desk/board/close/now"):
        answer = browser.post(address, **form)
        assert answer.status_code == 422
        assert told in answer.text
        assert all(f'value="{value}"' in answer.text or f">{value}<" in answer.text for value in form.values() if value)
    assert line.rows(Closure) == []


def test_without_menus_nothing_is_closed_and_the_mend_is_named(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    browser = desk.client("boss")
    for address in ("/desk/board/close", "/desk/board/close/now"):
        answer = browser.post(address, reason="Storm warning")
        assert answer.status_code == 503
        assert say("trouble.no_menus.mend", "en") in answer.text
    told = browser.act("/desk/board/open")
    assert (told.status_code, say("trouble.no_menus.mend", "en") in told.get_json()["error"]) == (424, True)
    assert browser.get("/desk/board").status_code == 200
    assert desk.rows(Closure) == []


@pytest.mark.parametrize("screen", ["bn", "en", "hi"])
def test_without_opening_hours_the_mend_is_named_in_the_language_of_the_screen(line: Desk, screen: str) -> None:
    line.employ("chief", "supervisor", screen=screen)
    line.store.write(lambda connection: connection.execute(delete(CalendarRow)))
    browser = line.client("chief")
    for address in ("/desk/board/close", "/desk/board/close/now"):
        answer = browser.post(address, reason="Storm warning")
        assert (answer.status_code, say("refused.opening_hours", screen) in answer.text) == (409, True)
        assert "There is no calendar" not in answer.text
    told = browser.act("/desk/board/open")
    assert (told.status_code, told.get_json()["error"]) == (409, say("refused.opening_hours", screen))


def test_the_closing_of_another_calendar_does_not_close_the_office_on_the_board(line: Desk) -> None:
    now = line.clock.now()
    until = now + timedelta(hours=2)
    close_now(line.store, "departments", until, reason="Stocktaking", by="test", now=now)
    browser = line.client("boss")
    assert "Closed by hand" not in browser.get("/desk/board").text
    assert "Closed by hand" not in browser.get("/desk/board/close").text
    close_now(line.store, "office", now + timedelta(hours=1), reason="Storm", by="test", now=now)
    assert "Closed by hand until 2 Mar, 12:00." in browser.get("/desk/board").text
