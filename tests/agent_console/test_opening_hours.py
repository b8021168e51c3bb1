"""Opening hours and notices in the console: changed in place, heard before, undone, refused where another was first.

Another week needs two people.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent_console.hours_shown import endings
from flows.calendar_file import load_calendars
from flows.editing.calendar_acts import set_week
from flows.loader import read_source
from ivr.calendars import calendar_texts, set_calendars
from ivr.opening import find_calendar
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED, publish
from models.announcement import Announcement
from models.audit_entry import AuditEntry
from models.hours_proposal import HoursProposal
from tests.agent_console.desk_in_test import Browser, Desk

SHIPPED_CALENDARS = Path("flows/calendars.yaml")
WEEK = {"mon": "10:00-18:00", "tue": "10:00-18:00", "wed": "10:00-18:00", "thu": "10:00-18:00", "fri": "10:00-18:00"}
WEEK |= {"sat": "", "sun": ""}
WORDS = {
    "words_bn": "আজ রেশনের দোকান বন্ধ।",
    "words_en": "Ration shops are closed today.",
    "words_hi": "आज राशन की दुकानें बंद हैं।",
}


def unquoted(page: str) -> str:
    return page.replace("&#34;", '"')


def decide(browser: Browser, line: Desk, act: str, **form: object) -> int:
    """What is said to the newest proposal."""
    number = line.rows(HoursProposal)[-1].id
    return browser.post(f"/desk/hours/proposals/{number}/{act}", **form).status_code


def edit_week(line: Desk, hours: dict[str, str], by: str = "operator") -> None:
    """Another week at once, as in the shell."""
    text = set_week(text_of(line), "office", WEEK | hours)
    set_calendars(line.store, text, by=by, now=line.clock.now())


@pytest.fixture
def line(desk: Desk) -> Desk:
    """A desk whose line has menus and the shipped opening hours. It is Monday, 2 March 2026."""
    now = desk.clock.now()
    set_calendars(desk.store, SHIPPED_CALENDARS.read_text(encoding="utf-8"), by="test", now=now)
    publish(desk.store, FLOW, read_source(SHIPPED), by="test", note="", now=now)
    desk.employ("boss", "supervisor")
    return desk


def seen(browser: Browser, name: str = "office") -> str:
    found = re.search(r'name="seen" value="(\w+)"', browser.get(f"/desk/hours/{name}").text)
    assert found is not None
    return found[1]


def change(browser: Browser, what: str, name: str = "office", **form: object) -> int:
    return browser.post(f"/desk/hours/{name}/{what}", seen=seen(browser, name), **form).status_code


def text_of(line: Desk, name: str = "office") -> str:
    with line.store.read() as connection:
        return calendar_texts(connection)[name]


def test_a_week_counts_once_a_second_person_agrees_and_remarks_and_holidays_stay(line: Desk) -> None:
    browser, before = line.client("boss"), text_of(line)
    assert change(browser, "week", **WEEK | {"sat": "১০:০০-১৩:০০, 14:00-16:00", "sun": ""}) == 302
    assert text_of(line) == before
    line.employ("gopal", "approver")
    second = line.client("gopal")
    page = second.get("/desk/hours/office").text
    assert "Proposed by Boss" in page
    assert '"Call centre" is now open on Saturday 10:00-13:00, 14:00-16:00, no longer 10:00-18:00.' in unquoted(page)
    assert 'action="/desk/hours/office' not in page.replace('method="get" action="/desk/hours/office', "")
    assert decide(second, line, "agree") == 302
    after = text_of(line)
    assert '    mon-fri: 10:00-18:00\n    sat: "10:00-13:00, 14:00-16:00"\n' in after
    assert [one for one in before.splitlines() if "mon-sat" not in one] == [
        one for one in after.splitlines() if "mon-fri" not in one and "sat:" not in one
    ]
    with line.store.read() as connection:
        calendar = find_calendar(connection, "office")
    assert calendar.at(datetime(2026, 3, 7, 8, 15, tzinfo=UTC)).outcome == "closed"  # 13:45, a Saturday
    assert calendar.at(datetime(2026, 3, 7, 9, 0, tzinfo=UTC)).outcome == "open"


@pytest.mark.parametrize("typed", ["ten to six", "18:00-10:00", "10:00-25:00", "10:00-14:00, 13:00-18:00"])
def test_hours_that_make_no_sense_are_refused_with_what_was_typed(line: Desk, typed: str) -> None:
    browser, before = line.client("boss"), text_of(line)
    answer = browser.post("/desk/hours/office/week", seen=seen(browser), **WEEK | {"sat": typed})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert text_of(line) == before


@pytest.mark.parametrize(
    ("week", "why"), [(dict.fromkeys(WEEK, ""), "no day of the week"), ({"mon": "10:00-18:00"}, "")]
)
def test_a_week_without_an_open_day_or_with_days_that_were_not_sent_changes_nothing(
    line: Desk, week: dict[str, str], why: str
) -> None:
    browser, before = line.client("boss"), text_of(line)
    answer = browser.post("/desk/hours/office/week", seen=seen(browser), **week)
    assert answer.status_code == 422
    assert why in answer.text
    assert text_of(line) == before


def test_refused_hours_are_told_with_their_reason_and_withdrawn_ones_make_room(line: Desk) -> None:
    browser, before = line.client("boss"), text_of(line)
    line.employ("sumitra", "supervisor")
    second = line.client("sumitra")
    assert change(browser, "week", **WEEK) == 302
    assert "Another week is proposed for “Call centre”" in second.get("/desk/board").text
    line.employ("gopal", "approver")
    assert "Hours and notices (1)" in line.client("gopal").get("/desk/flows").text
    assert "Hours and notices (1)" not in browser.get("/desk/board").text  # one's own is for others
    assert change(second, "week", **WEEK | {"sun": "10:00-12:00"}) == 409  # one waits already
    assert decide(second, line, "refuse", reason=" ") == 302
    assert line.row(HoursProposal).decided_at is None
    assert decide(second, line, "refuse", reason="Not before the Pujas") == 302
    page = browser.get("/desk/hours/office").text
    assert "Refused by Sumitra" in page
    assert "<q>Not before the Pujas</q>" in page
    assert decide(second, line, "agree") == 302  # decided already
    assert change(browser, "week", **WEEK) == 302
    assert decide(browser, line, "withdraw") == 302
    assert change(second, "week", **WEEK) == 302
    assert [row.outcome for row in line.rows(HoursProposal)] == ["refused", "withdrawn", None]
    assert text_of(line) == before


def test_agreed_hours_are_undone_in_one_step_and_all_of_it_is_on_record(line: Desk) -> None:
    browser, before = line.client("boss"), text_of(line)
    line.employ("sumitra", "supervisor")
    assert change(browser, "week", **WEEK) == 302
    assert decide(line.client("sumitra"), line, "agree") == 302
    newest = line.rows(AuditEntry, action="calendar_changed", subject="office")[-1]
    assert change(browser, "back", change=newest.id) == 302
    assert text_of(line) == before
    acts = [row.action for row in line.rows(AuditEntry, subject="office")]
    assert acts[-4:] == ["hours_proposed", "hours_agreed", "calendar_changed", "calendar_changed"]


def test_a_proposal_that_a_newer_week_overtook_is_refused_by_name_and_shows_both(line: Desk) -> None:
    browser = line.client("boss")
    line.employ("sumitra", "supervisor")
    second = line.client("sumitra")
    assert change(browser, "week", **WEEK) == 302
    assert change(second, "special", day="2026-04-02", hours="10:00-14:00") == 302  # another day is no other week
    assert "Changed meanwhile" not in second.get("/desk/hours/office").text
    edit_week(line, {"sat": "10:00-13:00"}, by="the operator")
    stands = text_of(line)
    answer = second.act(f"/desk/hours/proposals/{line.row(HoursProposal).id}/agree")
    assert answer.status_code == 409
    assert "the operator was the last to change the calendar" in answer.get_json()["error"]
    assert (text_of(line), line.row(HoursProposal).decided_at) == (stands, None)
    page = unquoted(second.get("/desk/hours/office").text)
    assert '"Call centre" is no longer open on Saturday; it was open 10:00-18:00.' in page
    assert '"Call centre" is now open on Saturday 10:00-13:00, no longer 10:00-18:00.' in page
    assert "/agree" not in page


def test_a_holiday_is_added_in_its_place_told_by_its_name_and_removed(line: Desk) -> None:
    browser, before = line.client("boss"), text_of(line)
    assert change(browser, "holidays", day="2026-12-31", holiday="republic_day") == 302
    assert "    2026-12-25: christmas\n    2026-12-31: republic_day\n    2027-01-12" in text_of(line)
    asked = browser.get("/desk/hours/office", at="2026-12-31T11:00").text
    assert "Closed for a holiday" in asked
    assert "Today is Republic Day, and the office is closed." in asked
    assert change(browser, "remove", section="holidays", day="2026-12-31") == 302
    assert text_of(line) == before
    assert change(browser, "remove", section="holidays", day="2026-12-31") == 422


def test_a_holiday_without_a_spoken_name_is_refused(line: Desk) -> None:
    browser = line.client("boss")
    answer = browser.post("/desk/hours/office/holidays", seen=seen(browser), day="2027-10-29", holiday="diwali")
    assert answer.status_code == 422
    assert "callers hear its name" in answer.text


def test_proposed_holidays_are_those_that_the_list_lacks_and_many_are_added_at_once(line: Desk) -> None:
    browser = line.client("boss")
    page = browser.get("/desk/hours/office").text
    assert 'name="ticked" value="2028-01-26"' in page
    assert 'name="ticked" value="2027-01-26"' not in page  # stands there already
    ticked = ["2028-01-26", "2028-05-01"]
    names = {"name_2028-01-26": "republic_day", "name_2028-05-01": "may_day"}
    assert change(browser, "holidays", ticked=ticked, **names) == 302
    holidays = load_calendars(text_of(line))["office"].holidays
    assert (holidays[date(2028, 1, 26)], holidays[date(2028, 5, 1)]) == ("republic_day", "may_day")
    assert len(line.rows(AuditEntry, action="calendar_changed", subject="office")) == 2  # the shipped ones, and this


def test_one_day_has_other_hours_or_none(line: Desk) -> None:
    browser = line.client("boss")
    assert change(browser, "special", day="2026-04-02", hours="10:00-14:00") == 302
    assert change(browser, "special", day="2026-04-02", hours="11:00-14:00") == 302
    assert change(browser, "special", day="2026-04-01", hours="closed") == 302
    calendar = load_calendars(text_of(line))["office"]
    assert calendar.at(datetime(2026, 4, 2, 5, 0, tzinfo=UTC)).outcome == "closed"  # 10:30
    assert calendar.at(datetime(2026, 4, 2, 6, 0, tzinfo=UTC)).outcome == "open"
    assert not calendar.is_working(date(2026, 4, 1))
    assert "the eve of Durga Puja" in text_of(line)


def test_the_last_day_of_a_list_can_be_removed(line: Desk) -> None:
    browser = line.client("boss")
    assert change(browser, "remove", section="special", day="2027-10-05") == 302
    assert load_calendars(text_of(line))["office"].special == {}
    assert change(browser, "special", day="2027-10-05", hours="10:00-14:00") == 302


def test_a_change_over_somebody_elses_is_refused_and_nothing_is_lost(line: Desk) -> None:
    browser = line.client("boss")
    old = seen(browser)
    assert change(browser, "holidays", day="2026-12-31", holiday="republic_day") == 302
    answer = browser.act("/desk/hours/office/week", seen=old, **WEEK)
    assert answer.status_code == 409
    assert "Somebody else has changed this calendar" in answer.get_json()["error"]
    assert "2026-12-31: republic_day" in text_of(line)


def test_a_week_over_somebody_elses_change_comes_back_as_it_was_typed(line: Desk) -> None:
    browser = line.client("boss")
    old = seen(browser)
    edit_week(line, {"sat": "10:00-13:00"})
    answer = browser.post("/desk/hours/office/week", seen=old, **WEEK | {"sat": "11:00-15:00"})
    assert answer.status_code == 409
    assert 'value="11:00-15:00"' in answer.text
    assert "Stands now: 10:00-13:00" in answer.text
    fresh = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert fresh is not None
    again = browser.post("/desk/hours/office/week", seen=fresh[1], **WEEK | {"sat": "11:00-15:00"})
    assert again.status_code == 302
    assert line.row(HoursProposal).after["sat"] == "11:00-15:00"


@pytest.mark.parametrize(("stale", "status"), [(True, 409), (False, 422)])
def test_refused_proposals_come_back_ticked_and_named(line: Desk, stale: bool, status: int) -> None:
    browser = line.client("boss")
    old = seen(browser)
    assert change(browser, "special", day="2026-04-02", hours="10:00-14:00") == 302
    names = {"name_2028-01-26": "may_day", "name_2028-05-01": "may_day" if stale else ""}
    ticked = ["2028-01-26", "2028-05-01"]
    form = {"seen": old if stale else seen(browser), "ticked": ticked, **names}
    answer = browser.post("/desk/hours/office/holidays", **form)
    assert answer.status_code == status
    for day in ticked:
        assert f'name="ticked" value="{day}" checked' in answer.text
    assert answer.text.count(" checked") == 2
    chosen = answer.text.split('name="name_2028-01-26"')[1].split("</select>")[0]
    assert 'value="may_day" selected' in chosen
    assert "<details open><summary>" in answer.text


def test_the_newest_change_is_undone(line: Desk) -> None:
    browser, before = line.client("boss"), text_of(line)
    assert change(browser, "special", day="2026-04-02", hours="10:00-14:00") == 302
    newest = line.rows(AuditEntry, action="calendar_changed", subject="office")[-1]
    assert change(browser, "back", change=newest.id) == 302
    assert text_of(line) == before
    late = browser.act("/desk/hours/office/back", seen=seen(browser), change=newest.id)
    assert late.status_code == 409  # by now another is the newest
    assert text_of(line) == before


def test_the_acts_tell_what_was_changed_without_the_whole_text(line: Desk) -> None:
    browser = line.client("boss")
    assert change(browser, "holidays", day="2026-12-31", holiday="republic_day") == 302
    page = browser.get("/desk/audit").text
    assert "2026-12-31 republic_day" in page
    assert "warn_before_list_ends" not in page


def test_what_a_caller_would_hear_at_a_moment(line: Desk) -> None:
    browser = line.client("boss")
    assert "Open: callers are put through." in browser.get("/desk/hours/office", at="2026-03-02T11:00").text
    shut = browser.get("/desk/hours/office", at="2026-03-02T19:00").text
    assert "We are open from" in shut
    assert "Opens again Tue 3 Mar 2026, 10:00" in shut
    assert "That is no moment" in browser.get("/desk/hours/office", at="tomorrow").text


def test_a_list_that_is_about_to_end_is_told_on_the_page_and_on_the_board(line: Desk) -> None:
    browser = line.client("boss")
    with line.store.read() as connection:
        assert endings(connection, date(2027, 10, 27)) == [("departments", 59), ("office", 59)]
        assert endings(connection, date(2027, 10, 1)) == []
    set_calendars(
        line.store,
        "office:\n  open: {mon-sat: 10:00-18:00}\n  holidays: {2026-03-04: doljatra}\n",
        by="t",
        now=line.clock.now(),
    )
    assert "ends in 2 days" in browser.get("/desk/hours/office").text
    assert "The list of holidays of “Call centre” ends in 2 days" in browser.get("/desk/board").text


def test_only_supervisors_see_and_change_hours_and_notices(line: Desk) -> None:
    line.employ("asha", "representative", "translator", "officer", "clerk", "admin")
    browser = line.client("asha")
    for address in ("/desk/hours", "/desk/hours/office", "/desk/announcements"):
        assert browser.get(address).status_code == 403
    for address in ("hours/office/week", "hours/office/holidays", "hours/office/back", "announcements"):
        assert browser.post(f"/desk/{address}").status_code == 403


# Who asks, and what they are answered when they agree to, refuse or withdraw what `boss` has proposed.
MAY = [
    ("boss", ("supervisor",), (403, 403, 302)),
    ("sumitra", ("supervisor",), (302, 302, 403)),
    ("gopal", ("approver",), (302, 302, 403)),
    ("asha", ("representative", "translator", "officer", "clerk", "admin"), (403, 403, 403)),
]


@pytest.mark.parametrize(("login", "roles", "answers"), MAY, ids=[one[0] for one in MAY])
def test_who_may_decide_on_proposed_hours(
    line: Desk, login: str, roles: tuple[str, ...], answers: tuple[int, ...]
) -> None:
    if login != "boss":
        line.employ(login, *roles)
    proposer, browser = line.client("boss"), line.client(login)
    for act, status in zip(("agree", "refuse", "withdraw"), answers, strict=True):
        before = text_of(line)
        if not [row for row in line.rows(HoursProposal) if row.decided_at is None]:
            assert change(proposer, "week", **WEEK | {"sat": f"1{1 + len(line.rows(HoursProposal))}:00-18:00"}) == 302
        number = line.rows(HoursProposal)[-1].id
        answer = browser.act(f"/desk/hours/proposals/{number}/{act}", reason="Not before the Pujas")
        assert answer.status_code == status, act
        proposal = line.rows(HoursProposal)[-1]
        assert (proposal.decided_at is not None, text_of(line) != before) == (
            status == 302,
            (status, act) == (302, "agree"),
        )


def test_an_unknown_calendar_is_not_found(line: Desk) -> None:
    browser = line.client("boss")
    assert browser.get("/desk/hours/nowhere").status_code == 404
    assert browser.post("/desk/hours/nowhere/week", seen="", **WEEK).status_code == 404


def test_a_notice_is_told_for_its_time_and_stopped(line: Desk) -> None:
    browser = line.client("boss")
    assert "Callers are told nothing" in browser.get("/desk/announcements").text
    assert browser.post("/desk/announcements", ends="2026-03-02T18:00", **WORDS).status_code == 302
    told = line.row(Announcement)
    assert (told.board, told.words["hi"], told.ends_at) == (
        "helpline",
        WORDS["words_hi"],
        datetime(2026, 3, 2, 12, 30, tzinfo=UTC),
    )
    page = browser.get("/desk/announcements").text
    assert "Told now" in page
    assert page.count("<audio") == 3
    assert browser.post(f"/desk/announcements/{told.id}/end").status_code == 302
    assert line.row(Announcement).ends_at == line.clock.now()
    assert (
        browser.post(f"/desk/announcements/{told.id}/end").status_code == 409
        or "over already" in browser.get("/desk/announcements").text
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": ""}, "Say the day and the time."),
        ({"ends": "2026-03-01T10:00"}, "It would be over before it begins."),
        ({"words_hi": " "}, "The notice is missing in हिन्दी."),
    ],
)
def test_a_notice_that_cannot_be_told_is_refused_with_what_was_typed(
    line: Desk, wrong: dict[str, str], sentence: str
) -> None:
    answer = line.client("boss").post("/desk/announcements", **{"ends": "2026-03-02T18:00", **WORDS, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert WORDS["words_bn"] in answer.text
    assert line.rows(Announcement) == []
