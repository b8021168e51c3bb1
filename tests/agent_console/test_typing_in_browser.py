"""Nothing that a representative types is lost, in whatever order a busy machine lets things happen."""

import json
import re
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from sqlalchemy import Connection, update

from agent_console.words import say
from ivr.desk_events import TALK, for_staff, tell_desk
from ivr.offers import make_offer
from ivr.presences import move_presence
from ivr.talks import close_talk
from models.draft import Draft
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_desk_in_browser import SLOW, answer, ready
from tests.browser import NewPage, launch

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

MORE = timedelta(minutes=5)  # of wrap-up
TOLD = "রেশন and every last lettér"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=SLOW)


def in_talk(live: LiveDesk, page: Page) -> int:
    """A person in a talk, with the form on the screen."""
    staff_id = live.desk.employ("asha")
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    expect(page.get_by_text(say("talk.live", "en"), exact=True)).to_be_visible()
    return staff_id


def in_wrap_up(live: LiveDesk, page: Page) -> int:
    """A person after a talk."""
    staff_id = in_talk(live, page)
    page.keyboard.press("Shift+F2")
    expect(page.locator("#wrap-form")).to_be_visible()
    return staff_id


def type_and_see_saved(page: Page, text: str) -> None:
    page.focus("#text")
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    see_saved(page)


def see_saved(page: Page) -> None:
    expect(page.locator("#draft[data-unsaved]")).to_have_count(0)
    expect(page.locator("#saved")).to_have_attribute("data-now", "saved")


def saves(request: Request, text: str) -> bool:
    """Whether this request saves a draft with these words."""
    if re.search(r"/desk/drafts/\d+$", request.url) is None:
        return False
    sent = parse_qs(request.post_data or "").get("data")
    return sent is not None and json.loads(sent[0])["text"] == text


def kept_text(live: LiveDesk) -> str:
    return str(json.loads(live.desk.row(Draft).data).get("text", ""))


@pytest.mark.rest
def test_words_that_are_saved_while_the_next_page_is_on_its_way_stand_on_it(live: LiveDesk, new_page: NewPage) -> None:
    """The next page is drawn; then the page before it saves; only then is the next one shown."""
    page, beside = new_page(), new_page()
    in_talk(live, page)
    page.on("dialog", lambda dialog: dialog.accept())
    type_and_see_saved(page, TOLD[0])
    with live.gate.hold("/desk/calls") as held:
        with page.expect_request_finished(lambda request: saves(request, TOLD)):
            page.keyboard.type(TOLD[1:])
            assert page.input_value("#text") == TOLD
            page.evaluate("setTimeout(() => location.reload())")
            while not held.drawn.is_set():
                beside.wait_for_timeout(10)
        assert kept_text(live) == TOLD
        with page.expect_navigation():
            held.let_out()
    expect(page.locator("#text")).to_have_value(TOLD)
    type_and_see_saved(page, "!")
    assert kept_text(live) == f"{TOLD}!"
    assert page.evaluate("localStorage.length") == 0


def test_a_tab_that_takes_over_has_the_newest_words(live: LiveDesk, new_page: NewPage) -> None:
    first, second = new_page(), new_page()
    in_talk(live, first)
    type_and_see_saved(first, "The ration shop")
    live.sign_in(second, "asha")
    expect(second.locator("#elsewhere")).to_be_visible()
    expect(second.locator("#text")).to_have_value("The ration shop")
    type_and_see_saved(first, " is closed")
    second.click("#elsewhere button")
    expect(second.locator("#elsewhere")).to_be_hidden()
    assert second.input_value("#text") == "The ration shop is closed"
    type_and_see_saved(second, " today.")
    expect(first.locator("#elsewhere")).to_be_visible()
    # The field that had the focus there has lost it with this, and tells so: that is no word to save.
    assert (
        first.evaluate("new Promise(over => setTimeout(() => over('unsaved' in document.forms.draft.dataset)))")
        is False
    )
    assert kept_text(live) == "The ration shop is closed today."


@pytest.mark.rest
def test_going_back_shows_the_newest_words(live: LiveDesk, page: Page) -> None:
    """A browser fills a page of its history as it was left, though the server has drawn it with more."""
    in_talk(live, page)
    type_and_see_saved(page, "The ration shop")
    page.goto(f"{live.url}/desk/drafts")
    page.get_by_role("link", name="The ration shop").click()
    expect(page.locator("#voice-away")).to_be_hidden()
    type_and_see_saved(page, " is closed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.go_back()
    page.go_back()
    expect(page.locator("#text")).to_have_value("The ration shop is closed")


@pytest.mark.rest
def test_a_page_that_the_browser_kept_whole_is_loaded_anew(live: LiveDesk, browser: Browser) -> None:
    live.desk.employ("asha")
    keeping = launch(browser.browser_type, without=["--disable-back-forward-cache"])
    page = keeping.new_page()
    live.sign_in(page, "asha")
    expect(page.locator("[data-ready]")).to_be_visible()
    page.goto(f"{live.url}/desk/drafts")
    page.evaluate("setTimeout(() => history.back())")
    kind = "performance.getEntriesByType('navigation')[0].type"
    page.wait_for_function(f"location.pathname === '/desk/calls' && {kind} === 'reload'")
    keeping.close()


@pytest.mark.rest
def test_words_typed_before_the_scripts_are_there_are_saved(live: LiveDesk, page: Page) -> None:
    in_talk(live, page)
    page.on("dialog", lambda dialog: dialog.accept())
    scripts: list[Route] = []
    page.route("**/desk.js", lambda route: scripts.append(route))
    page.goto(f"{live.url}/desk/calls?again", wait_until="commit")
    page.locator("#text").press_sequentially("quick")
    with page.expect_request_finished(lambda request: saves(request, "quick")):
        scripts[0].continue_()
    assert kept_text(live) == "quick"


@pytest.mark.rest
def test_a_second_matter_knows_what_was_typed_last_and_does_not_leave_the_call(live: LiveDesk, page: Page) -> None:
    in_talk(live, page)
    page.fill("#complainant_name", "Rahima Bibi")
    page.get_by_role("button", name=say("form.second", "en")).click()
    expect(page).to_have_url(f"{live.url}/desk/calls?draft=2")
    expect(page.locator("#complainant_name")).to_have_value("Rahima Bibi")
    expect(page.locator("#complainant_name")).to_be_editable()
    type_and_see_saved(page, "The second matter")
    page.fill("#text", "The second matter, told")
    page.get_by_role("link", name=say("form.matter", "en", n=1)).click()
    expect(page.locator("#draft")).to_have_attribute("data-draft", "1")
    page.get_by_role("link", name=say("form.matter", "en", n=2)).click()
    expect(page.locator("#text")).to_have_value("The second matter, told")
    assert len(live.voice.calls) == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#text")).to_have_value("The second matter, told")


@pytest.mark.rest
def test_a_discarded_matter_makes_room_for_the_other(live: LiveDesk, page: Page) -> None:
    in_talk(live, page)
    type_and_see_saved(page, "The first matter")
    page.get_by_role("button", name=say("form.second", "en")).click()
    expect(page.locator("#draft")).to_have_attribute("data-draft", "2")
    page.fill("#text", "Nothing after all")
    page.get_by_role("button", name=say("form.discard", "en")).click()
    page.get_by_role("button", name=say("form.discard_sure", "en")).click()
    expect(page.locator("#text")).to_have_value("The first matter")
    assert len(live.voice.calls) == 1
    assert page.evaluate("[localStorage.length, sessionStorage.getItem('saved-draft')]") == [0, None]


@pytest.mark.rest
def test_the_next_caller_has_a_form_of_their_own(live: LiveDesk, page: Page) -> None:
    """Though another draft was asked for before."""
    staff_id = in_talk(live, page)
    page.get_by_role("button", name=say("form.second", "en")).click()
    expect(page.locator("#draft")).to_have_attribute("data-draft", "2")
    type_and_see_saved(page, "The second matter")
    page.keyboard.press("Shift+F2")
    expect(page.locator("#wrap-form")).to_be_visible()
    page.select_option("#outcome", "information")
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()
    answer(live, page, staff_id)
    expect(page.locator("#draft")).to_have_attribute("data-draft", "3")
    expect(page.locator("#text")).to_have_value("")


@pytest.mark.rest
def test_a_form_that_leaves_the_screen_sends_its_last_words(live: LiveDesk, page: Page) -> None:
    """Wrap-up ends by itself while somebody is writing."""
    staff_id = in_wrap_up(live, page)

    def end(connection: Connection) -> None:
        move_presence(connection, staff_id, ("wrap_up",), "ready", live.desk.clock.now())

    saved = page.expect_request_finished(lambda request: saves(request, "The last word"))
    with saved, live.gate.hold("/desk/drafts/1"):
        with page.expect_request(lambda request: saves(request, "The last")):
            page.fill("#text", "The last")
        page.fill("#text", "The last word")
        live.desk.store.write(end)
        expect(page.locator("#draft")).to_be_hidden()
    assert kept_text(live) == "The last word"


@pytest.mark.rest
def test_a_note_is_written_on_while_its_part_is_drawn_anew(live: LiveDesk, page: Page) -> None:
    staff_id = in_wrap_up(live, page)
    page.locator("#more-time summary").click()
    page.fill("#more-reason", "a long address")
    page.focus("#note")
    page.keyboard.type("Asked the hours")
    for _ in " the hours":
        page.keyboard.press("ArrowLeft")
    draw_anew(live, page, staff_id)
    page.keyboard.type(" for")
    expect(page.locator("#note")).to_have_value("Asked for the hours")
    expect(page.locator("#more-reason")).to_have_value("a long address")
    expect(page.locator("#more-reason")).to_be_visible()


@pytest.mark.rest
def test_a_reload_in_wrap_up_keeps_what_is_written(live: LiveDesk, page: Page) -> None:
    in_wrap_up(live, page)
    page.focus("#note")
    page.keyboard.type("Asked for the hours")
    page.select_option("#outcome", "information")
    page.reload()
    expect(page.locator("#note")).to_have_value("Asked for the hours")
    expect(page.locator("#outcome")).to_have_value("information")
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()
    assert live.desk.row(Talk).note == "Asked for the hours"
    assert page.evaluate("sessionStorage.getItem('wrap-up')") is None


@pytest.mark.rest
def test_a_syllable_is_composed_to_its_end_before_its_part_is_drawn_anew(live: LiveDesk, page: Page) -> None:
    staff_id = in_wrap_up(live, page)
    page.focus("#note")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "ক", "selectionStart": 1, "selectionEnd": 1})
    expect(page.locator("#note")).to_have_value("ক")
    news_of_more_time(live, page, staff_id)
    keyboard.send("Input.imeSetComposition", {"text": "কা", "selectionStart": 2, "selectionEnd": 2})
    keyboard.send("Input.insertText", {"text": "কাল"})
    expect(page.locator("#note")).to_have_value("কাল")
    expect(page.locator(".wrap_up .timer")).to_have_attribute("data-until", until(live))
    expect(page.locator("#note")).to_have_value("কাল")


@pytest.mark.rest
def test_a_press_begun_before_its_part_is_drawn_anew_counts(live: LiveDesk, page: Page) -> None:
    staff_id = in_wrap_up(live, page)
    page.select_option("#outcome", "information")
    page.get_by_role("button", name=say("wrap.next", "en")).hover()
    page.mouse.down()
    news_of_more_time(live, page, staff_id)
    page.wait_for_timeout(1_500)  # a slow hand, or a slow machine
    page.mouse.up()
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()


@pytest.mark.rest
def test_what_has_not_changed_is_not_drawn_anew(live: LiveDesk, page: Page) -> None:
    staff_id = in_wrap_up(live, page)
    draw_anew(live, page, staff_id)
    form = page.locator("#wrap-form").element_handle()
    with page.expect_request_finished(lambda request: request.url.endswith("/parts/call")):
        live.desk.store.write(lambda connection: give_more_time(connection, live, staff_id))
    assert form.evaluate("form => new Promise(over => setTimeout(() => over(form.isConnected)))")


def draw_anew(live: LiveDesk, page: Page, staff_id: int) -> None:
    """Something of the call changes, and its part is drawn anew."""
    live.desk.store.write(lambda connection: give_more_time(connection, live, staff_id))
    expect(page.locator(".wrap_up .timer")).to_have_attribute("data-until", until(live))


def news_of_more_time(live: LiveDesk, page: Page, staff_id: int) -> None:
    """The same, and the page has heard of it and asked for what it may draw anew."""
    with ExitStack() as stack:
        for part in ("facts", "work", "caller"):
            stack.enter_context(page.expect_request_finished(partial(asks, part)))
        live.desk.store.write(lambda connection: give_more_time(connection, live, staff_id))
    page.evaluate("new Promise(over => setTimeout(over))")


def asks(part: str, request: Request) -> bool:
    return f"/desk/parts/{part}" in request.url


def give_more_time(connection: Connection, live: LiveDesk, staff_id: int) -> None:
    now = live.desk.clock.now()
    connection.execute(update(Presence).values(wrap_until=now + MORE))
    tell_desk(connection, TALK, 1, for_staff(staff_id), now)


def until(live: LiveDesk) -> re.Pattern[str]:
    return re.compile(rf"^{(live.desk.clock.now() + MORE).timestamp():.0f}")


@pytest.mark.rest
def test_a_page_goes_on_where_its_person_signs_in_again_in_another_tab(live: LiveDesk, page: Page) -> None:
    """What it shows stays as it is meanwhile, and every letter is saved afterwards."""
    staff_id = in_talk(live, page)
    type_and_see_saved(page, TOLD)
    page.context.clear_cookies()
    page.keyboard.type(", and more")
    expect(page.locator("#offline")).to_contain_text(say("js.signed_out", "en"))
    with page.expect_request_finished(partial(asks, "work")):
        live.desk.store.write(lambda c: tell_desk(c, TALK, 1, for_staff(staff_id), live.desk.clock.now()))
    expect(page.locator("#text")).to_have_value(f"{TOLD}, and more")
    expect(page.locator("[data-end]")).to_be_visible()
    live.sign_in(page.context.new_page(), "asha", path="/desk/drafts")
    see_saved(page)
    expect(page.locator("#offline")).to_be_hidden()
    assert kept_text(live) == f"{TOLD}, and more"
    assert len(live.voice.calls) == 1
    page.bring_to_front()
    page.keyboard.press("Shift+F2")
    expect(page.locator("#wrap-form")).to_be_visible()


def test_a_line_that_was_cut_off_comes_back_by_itself(live: LiveDesk, page: Page) -> None:
    """The network was away for longer than the voice can bear, or the lid was shut."""
    in_talk(live, page)
    type_and_see_saved(page, TOLD)
    page.context.set_offline(True)
    live.voice.hang_up(newest(live))
    page.keyboard.type("!")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    live.voice.wait_for_calls(2)
    expect(page.locator("#voice-away")).to_be_hidden()
    see_saved(page)
    assert kept_text(live) == f"{TOLD}!"
    live.voice.hang_up(newest(live))
    live.voice.wait_for_calls(3)


def test_words_that_a_colleague_s_form_lacks_are_offered_and_taken_in(live: LiveDesk, new_page: NewPage) -> None:
    """The line to the server was lost in a talk, and is back only when a colleague has the caller."""
    page, colleague = new_page(), new_page()
    in_talk(live, page)
    type_and_see_saved(page, "The ration shop")
    page.context.set_offline(True)
    page.keyboard.type(", and he hits people")
    expect(page.locator("#offline")).to_be_visible()
    answer_instead(live, colleague)
    expect(colleague.locator("#text")).to_have_value("The ration shop")
    type_and_see_saved(colleague, " of Arambag")
    page.context.set_offline(False)
    offer = page.locator("#left-over")
    expect(offer).to_contain_text(say("left_over.now.colleague", "en", who="Bimal"))
    expect(offer.locator(".said")).to_have_text("The ration shop, and he hits people")
    offer.get_by_role("button", name=say("left_over.put.colleague", "en", who="Bimal")).click()
    expect(offer).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0
    expect(colleague.locator("#text")).to_have_value("The ration shop of Arambag")
    beside = colleague.locator("[data-beside-form]")
    expect(beside).to_contain_text(say("left_over.from", "en", who="Asha"))
    beside.get_by_role("button", name=say("left_over.take_in", "en")).click()
    expect(beside).to_have_count(0)
    both = "The ration shop of Arambag\nThe ration shop, and he hits people"
    expect(colleague.locator("#text")).to_have_value(both)
    type_and_see_saved(colleague, "!")
    assert kept_text(live) == f"{both}!"


def answer_instead(live: LiveDesk, page: Page) -> None:
    """The talk is lost; its caller rings at Bimal's, who answers."""
    bimal = live.desk.employ("bimal")
    live.desk.store.write(lambda connection: close_talk(connection, 1, "lost", live.desk.clock.now()))
    entry = live.desk.row(QueueEntry)
    live.sign_in(page, "bimal")
    ready(live, page)
    assert live.desk.store.write(lambda connection: make_offer(connection, entry.id, bimal, live.desk.clock.now()))
    page.locator("#answer").click()
    expect(page.get_by_text(say("talk.live", "en"), exact=True)).to_be_visible()


def test_what_a_browser_keeps_is_for_its_person_only_and_ends_with_their_sign_out(live: LiveDesk, page: Page) -> None:
    asha = live.desk.employ("asha")
    live.sign_in(page, "asha")
    hours = {f"draft:{asha}:98": 1, "draft:777:98": 1, "draft:777:97": 13, f"aside:{asha}:97.1": 13}
    for key, age in hours.items():
        kept = "JSON.stringify({based: 1, data: {text: key}, at: Date.now() - age * 3.6e6})"
        page.evaluate(f"([key, age]) => localStorage.setItem(key, {kept})", [key, age])
    page.reload()
    expect(page.locator("#left-words")).to_have_text(f"draft:{asha}:98")
    assert set(page.evaluate("Object.keys(localStorage)")) == {"draft:777:98", f"draft:{asha}:98"}
    page.locator("details.menu summary").click()
    page.locator("[data-leaves] button").click()
    expect(page.locator("#said")).to_contain_text(say("js.left_over_leaves", "en"))
    page.locator("[data-leaves] button").click()
    expect(page.locator("#password")).to_be_visible()
    page.wait_for_function("!Object.keys(localStorage).some((key) => !key.includes(':777:'))")
    assert page.evaluate("Object.keys(localStorage)") == ["draft:777:98"]


def newest(live: LiveDesk) -> str:
    """The softphone's call that began last."""
    return list(live.voice.calls)[-1]
