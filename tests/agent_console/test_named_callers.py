"""Named callers hear a draft on the real line, for a while; everybody else hears what is live."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from agent_console.situation import read_situation
from flows.flow import Flow
from ivr.menus.drafts import throw_away
from ivr.numbers import to_e164
from ivr.pinned import DRAFT, FLOW
from ivr.publishing import flows_in_use, publish
from models.audit_entry import AuditEntry
from models.call import Call
from models.caller import CallerMemory
from models.flow_version import FlowVersion
from models.named_caller import NamedCaller
from models.recorded_calls import read_last_calls
from models.services.forgetting import erase_person, export_person, find_person
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.test_menus import CHOICE, WORDS, act, draft, employ, files, numbers, save, sumitra
from tests.ivr.line_in_test import LineInTest

__all__ = ["sumitra"]

NAMED, OTHER = "+919830077001", "+919830077002"
TRIAL = "This is a trial of the menu."
NEW_LINE = f"{WORDS['en']}, press 6."


@pytest.fixture
def line(desk: Desk, tmp_path: Path) -> LineInTest:
    """The telephone's half, on the desk's store and at its hour."""
    return LineInTest(desk.store, tmp_path / "line", desk.clock.now())


@pytest.fixture
def draft_id(desk: Desk, sumitra: Browser) -> int:
    """A draft with a new choice."""
    made = draft(desk)
    act(sumitra, made, 0, CHOICE)
    return made


def name(browser: Browser, draft_id: int, number: str = NAMED, **more: Any) -> Any:
    return browser.post(f"/desk/flows/{draft_id}/named", number=number, **more)


def page(browser: Browser, draft_id: int) -> str:
    return browser.get(f"/desk/flows/{draft_id}/named").text


def forget_callers(line: LineInTest) -> None:
    """The next call is everybody's first: who is known is greeted otherwise."""
    line.store.write(lambda connection: connection.execute(delete(CallerMemory)).rowcount)


def hears(line: LineInTest, sid: str, number: str) -> tuple[bool, bool]:
    """Whether a call says that it is a trial, and whether it offers the new choice."""
    forget_callers(line)
    call = line.call(sid, number).dial()
    is_told = TRIAL in call.last.said
    call.press("2", "1")
    offers = NEW_LINE in call.last.said
    call.hang_up()
    return is_told, offers


def test_a_named_caller_hears_the_draft_and_at_the_same_time_another_the_live_menus(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    assert "Nobody. Every caller hears what is live." in page(sumitra, draft_id)
    assert hears(line, "CA0", NAMED) == (False, False)
    assert name(sumitra, draft_id, "98300 77001").location == f"/desk/flows/{draft_id}/named"
    named, other = line.call("CA1", NAMED).dial(), line.call("CA2", OTHER).dial()
    assert named.last.said.startswith(TRIAL)  # in English alone, which is known from the first call
    assert TRIAL not in other.last.said
    named.stay_silent().press("1")
    other.press("2", "1")
    assert (NEW_LINE in named.last.said, NEW_LINE in other.last.said) == (True, False)
    # Ended by one button: new calls hear the live menus, and the one under way keeps what it began with.
    sumitra.post(f"/desk/flows/{draft_id}/named/end")
    assert hears(line, "CA3", NAMED) == (False, False)
    named.press("6")
    assert line.row("CA1").step != "category"
    assert "Nobody. Every caller hears what is live." in page(sumitra, draft_id)


def test_who_is_not_known_is_told_in_every_language_before_a_key_counts(
    sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    call = line.call("CA1", NAMED).dial()
    told = [say.text for say in call.last.root.findall("Say")]  # beside the Gather, so no key cuts them off
    assert told[:3] == ["এটি মেনুর একটি পরীক্ষামূলক রূপ।", TRIAL, "यह मेनू का परीक्षण है।"]
    assert line.call("CA1", NAMED).dial().last.body == call.last.body  # the network asks twice


def test_after_its_time_the_caller_hears_the_live_menus_again(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    line.clock.advance(2 * 3600 - 1)
    assert hears(line, "CA1", NAMED) == (True, True)
    line.clock.advance(1)
    assert hears(line, "CA2", NAMED) == (False, False)
    desk.clock.advance(2 * 3600)
    assert "Nobody. Every caller" in page(sumitra, draft_id)


def test_a_day_is_the_longest(sumitra: Browser, line: LineInTest, draft_id: int) -> None:
    assert name(sumitra, draft_id, hours=25).status_code == 302
    assert "24 at most" in page(sumitra, draft_id)
    name(sumitra, draft_id, hours=24)
    line.clock.advance(24 * 3600 - 1)
    assert hears(line, "CA1", NAMED) == (True, True)


def test_what_is_heard_is_the_text_as_it_was_last_without_errors(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    assert "They hear the draft as it stands now." in page(sumitra, draft_id)
    text = files(desk, draft_id)["helpline.yaml"]
    desk.clock.advance(60)
    save(sumitra, draft_id, 1, helpline=text.replace("go: own_complaints", "go: own_complaint"))
    assert "has errors (1)" in page(sumitra, draft_id)
    assert hears(line, "CA1", NAMED) == (True, True)
    # Mended, and at once what is new is heard.
    save(sumitra, draft_id, 2, helpline=text.replace("6: {say: cat_power", "7: {say: cat_power"))
    assert "They hear the draft as it stands now." in page(sumitra, draft_id)
    forget_callers(line)
    call = line.call("CA2", NAMED).dial().press("2", "1")
    assert f"{WORDS['en']}, press 7." in call.last.said


def test_a_draft_that_never_was_without_errors_is_not_heard_and_the_page_says_so(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    text = files(desk, draft_id)["helpline.yaml"]
    save(sumitra, draft_id, 1, helpline=text.replace("go: own_complaints", "go: own_complaint"))
    name(sumitra, draft_id)
    assert "Not heard yet: the draft has errors (1)" in page(sumitra, draft_id)
    assert hears(line, "CA1", NAMED) == (False, False)
    save(sumitra, draft_id, 2, helpline=text)
    assert hears(line, "CA2", NAMED) == (True, True)


def test_a_draft_that_is_thrown_away_is_heard_no_more(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    throw_away(desk.store, draft_id, by="sumitra", now=desk.clock.now())
    assert hears(line, "CA1", NAMED) == (False, False)


def test_a_draft_that_cannot_be_read_keeps_nobody_from_the_line(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    broken = 'UPDATE flow_draft SET heard_source = \'{"helpline.yaml": "steps: ["}\''
    desk.store.write(lambda connection: connection.exec_driver_sql(broken).rowcount)
    assert hears(line, "CA1", NAMED) == (False, False)


def test_its_calls_are_marked_and_count_in_no_figures_of_the_menus(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    assert hears(line, "CA1", NAMED) == (True, True)
    assert line.row("CA1").flow == DRAFT
    assert "There was no such call" in sumitra.get("/desk/flows/figures/table").text
    with desk.store.read() as connection:
        assert read_last_calls(connection, FLOW, 10) == []
    # Nor is its text a version that somebody could go back to, or a second row for a second call.
    assert hears(line, "CA2", NAMED) == (True, True)
    assert numbers(desk) == [(1, True, None)]
    assert len(desk.rows(FlowVersion, flow=DRAFT)) == 1
    hears(line, "CA3", OTHER)
    assert "There was no such call" not in sumitra.get("/desk/flows/figures/table").text


def test_sounds_of_a_draft_that_is_being_heard_are_in_use(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    line.call("CA1", NAMED).dial()
    assert "cat_power" in {prompt for flow in flows_in_use(desk.store, line.clock.now()) for prompt in prompts(flow)}


def prompts(flow: Flow) -> set[str]:
    return set(flow.catalogues["en"].prompts)


def test_the_representative_sees_that_it_was_a_trial(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    _, sid = desk.ring(staff_id)
    assert "Heard a trial" not in browser.get("/desk/parts/call").text
    desk.store.transact(lambda session: setattr(session.get_one(Call, sid), "flow", DRAFT))
    with desk.store.session() as session:
        card = read_situation(session, staff_id, desk.clock.now()).card
    assert card is not None
    assert card.hears_draft
    assert "Heard a trial of the menus" in browser.get("/desk/parts/call").text


def test_numbers_are_masked_and_every_naming_stands_among_the_acts(desk: Desk, sumitra: Browser, draft_id: int) -> None:
    assert "This is no telephone number" in follow(sumitra, name(sumitra, draft_id, "12345"))
    name(sumitra, draft_id, "৯৮৩০০৭৭০০১")
    shown = page(sumitra, draft_id)
    assert "98•••••001" in shown
    assert NAMED[3:] not in shown
    sumitra.post(f"/desk/flows/{draft_id}/named/end")
    sumitra.post(f"/desk/flows/{draft_id}/named/end")  # nobody is left: nothing to account for
    acts = [one for one in desk.rows(AuditEntry) if "caller" in one.action]
    assert [one.action for one in acts] == ["menu_draft_caller_named", "menu_draft_callers_ended"]
    until = (desk.clock.now() + timedelta(hours=2)).isoformat()
    assert [one.data for one in acts] == [{"until": until}, {"callers": 1}]
    assert desk.rows(NamedCaller) == []


def test_a_number_hears_one_draft_and_a_draft_has_five_callers(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    other = draft(desk)
    name(sumitra, draft_id)
    name(sumitra, other)
    assert "Nobody. Every caller" in page(sumitra, draft_id)
    assert hears(line, "CA1", NAMED) == (True, False)  # the other draft says what is live
    for n in range(2, 6):
        name(sumitra, other, f"+91983007700{n}")
    assert "more cannot be named at a time" in follow(sumitra, name(sumitra, other, "+919830077009"))
    name(sumitra, other)  # who is named already may be named anew
    assert len(desk.rows(NamedCaller)) == 5
    # Those whose time is over make room.
    desk.clock.advance(3 * 3600)
    name(sumitra, other, "+919830077009")
    assert [one.number for one in desk.rows(NamedCaller)] == ["+919830077009"]


def test_only_who_writes_at_drafts_names_callers(desk: Desk, sumitra: Browser, draft_id: int) -> None:
    gopal = employ(desk, "gopal", "approver")
    assert name(gopal, draft_id).status_code == 403
    assert gopal.post(f"/desk/flows/{draft_id}/named/end").status_code == 403
    shown = page(gopal, draft_id)
    assert "Nobody. Every caller" in shown
    assert "<form" not in shown.split("<main")[1].split("</main>")[0]
    asha = employ(desk, "asha", "representative")
    assert asha.get(f"/desk/flows/{draft_id}/named").status_code == 403
    mina = employ(desk, "mina", "translator")
    name(mina, draft_id)
    assert "named by mina" in page(gopal, draft_id)
    assert "published or thrown away" in follow(mina, name(mina, 99))


def follow(browser: Browser, answer: Any) -> str:
    return browser.get(answer.location).text


def test_a_draft_put_on_top_of_a_newer_version_is_heard_so(
    desk: Desk, sumitra: Browser, line: LineInTest, draft_id: int
) -> None:
    name(sumitra, draft_id)
    newer = {**files(desk, draft(desk))}
    newer["prompts/en.yaml"] = newer["prompts/en.yaml"].replace("How can we help you?", "What can we do for you?")
    publish(desk.store, FLOW, newer, by="rahim", note="", now=desk.clock.now())
    assert "What can we do for you?" not in line.call("CA1", NAMED).dial().press("2").last.said
    desk.clock.advance(60)
    sumitra.post(f"/desk/flows/{draft_id}/catch-up", version=1)
    forget_callers(line)
    call = line.call("CA2", NAMED).dial().press("2")
    assert "What can we do for you?" in call.last.said
    assert NEW_LINE in call.press("1").last.said


def test_a_named_number_is_told_to_its_owner_and_erased_with_them(desk: Desk, sumitra: Browser, draft_id: int) -> None:
    name(sumitra, draft_id)

    def erase(session: Session) -> Any:
        person = find_person(session.connection(), NAMED, to_e164)
        told = export_person(session.connection(), person)["hears_a_draft"]
        erase_person(session, person, reason="asked", by="operator", now=desk.clock.now())
        return told

    told = desk.store.transact(erase)
    assert [list(one) for one in told] == [["named_at", "ends_at"]]
    assert desk.rows(NamedCaller) == []
