"""The menus changed in a real browser, by somebody who follows only the screen."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Page, Route, expect

from tests.agent_console.desk_in_test import Browser
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.studio_in_test import open_studio
from tests.agent_console.test_menus import CHOICE, WORDS, act, draft, files, save
from tests.agent_console.test_pages_in_browser import assert_well
from tests.browser import DESK, NewPage
from tests.flows.giant import giant_flow
from tests.ivr.line_in_test import LineInTest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


SELECT = (
    "(field, words) => field.setSelectionRange(field.value.indexOf(words), field.value.indexOf(words) + words.length)"
)
# Where the line of a way and the middle of a step stand on the screen.
PLACES = """([way, step]) => {
  const place = document.getElementById("tree");
  const cy = place._cyreg.cy;
  const box = place.getBoundingClientRect();
  const at = (point) => [box.x + point.x, box.y + point.y];
  const seen = (point) => ({ x: point.x * cy.zoom() + cy.pan().x, y: point.y * cy.zoom() + cy.pan().y });
  cy.fit(cy.getElementById(way).union(cy.getElementById(way).connectedNodes()).union(cy.getElementById(step)), 40);
  return [at(seen(cy.getElementById(way).midpoint())), at(cy.getElementById(step).renderedPosition())];
}"""


def lead(page: Page, way: str, step: str) -> None:
    """Take a way by its line, and let it go on another step."""
    page.locator("#tree").scroll_into_view_if_needed()
    begin, end = page.evaluate(PLACES, [way, step])
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def fill_choice(page: Page) -> None:
    page.fill("#c-name", "power")
    page.select_option("#c-key", "6")
    for language, words in WORDS.items():
        page.fill(f"#c-{language}", words)


def test_a_category_is_added_agreed_to_published_and_rolled_back(
    live: LiveDesk, page: Page, new_page: NewPage, tmp_path: Path
) -> None:
    open_studio(live.desk, "sumitra", "supervisor")
    live.desk.employ("gopal", "approver")
    line = LineInTest(live.desk.store, tmp_path / "line")
    before = line.call("CA1", "+919830012341").dial().press("2")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    live.sign_in(page, "sumitra", path="/desk/flows")
    page.fill("#title", "Electricity and water")
    page.get_by_text("New draft").click()
    expect(page.locator("#steps button").first).to_be_attached()
    page.fill("#find", "category")
    page.press("#find", "Enter")
    form = page.locator("#step")
    expect(form.locator("#step-title")).to_have_text("category")
    form.get_by_text("Add a choice").click()
    fill_choice(page)
    form.locator("[data-add-choice] button").click()
    script = page.locator("#script")
    expect(script).to_have_value(re.compile(r"6: \{say: category_power, is: power\}"))
    expect(page.locator("#saved")).to_contain_text("saved")
    # A mistake is told at its line while it is typed, and on the list of steps; undone, it is gone.
    page.fill("#find", "")
    script.focus()
    script.evaluate(SELECT, "own_complaints")
    page.keyboard.type("own_complaint")
    expect(page.locator("#problems .error").first).to_contain_text('Did you mean "own_complaints"?')
    expect(page.locator("#steps .trouble").first).to_be_attached()
    page.keyboard.press("Control+z")
    expect(page.locator("#problems .error")).to_have_count(0)
    expect(script).to_have_value(re.compile(r"go: own_complaints\}"))
    # A way is led elsewhere on the tree, and back with the form.
    lead(page, "way steps/category/choices/5/go", "main_menu")
    expect(script).to_have_value(re.compile("is: bribery, go: main_menu"))
    page.locator("#steps button", has_text="category ·").click()
    form.locator("select").nth(1).select_option("your_safety")
    expect(script).to_have_value(re.compile("is: bribery, go: your_safety"))
    # The new way is tried on the keypad, and kept as a rehearsal.
    page.locator("#try > summary").click()
    page.fill("#try-clock", "2026-03-02T11:00")
    page.get_by_role("button", name="Call", exact=True).click()
    for key, heard in (("2", "How can we help you?"), ("1", f"{WORDS['en']}, press 6."), ("6", "98300 12345")):
        page.locator(f"#try [data-key='{key}']").click()
        expect(page.locator("#heard li", has_text=heard).first).to_be_attached()
    page.fill("#call-title", "No light since Monday")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#heard")).to_contain_text("Kept as a rehearsal")
    page.get_by_text("Check and publish").click()
    expect(page.get_by_text("No errors")).to_be_visible()
    expect(page.get_by_text("No light since Monday", exact=True)).to_be_visible()
    expect(page.locator(".diff ins").first).to_contain_text("power")
    expect(page.get_by_text("Publish for new calls")).to_have_count(0)
    second = live.sign_in(new_page(), "gopal", path="/desk/flows")
    second.get_by_text("Check and publish").click()
    second.get_by_text("I agree to this text").click()
    expect(second.locator("[role=status]", has_text="You have agreed")).to_be_visible()
    page.reload()
    page.fill("#note", "power cuts")
    publish = page.get_by_role("button", name="Publish for new calls")
    # Every situation is looked at first, beside all else that the machine does.
    expect(publish).to_be_enabled(timeout=300_000)
    expect(page.get_by_text("From every one of")).to_be_visible()
    publish.click()
    expect(page.locator("[role=status]", has_text="Version 2 is live")).to_be_visible()
    assert WORDS["en"] not in before.press("1").last.said
    assert f"{WORDS['en']}, press 6." in line.call("CA2", "+919830012342").dial().press("2", "1").last.said
    back = page.get_by_role("button", name="Go back to version 1")
    back.click()
    back.or_(page.get_by_text("New calls hear it again? Press again")).first.click()
    expect(page.locator("[role=status]", has_text="Version 1 is live again")).to_be_visible()
    assert WORDS["en"] not in line.call("CA3", "+919830012343").dial().press("2", "1").last.said
    assert refused == []


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_every_page_of_the_menus_is_well_in(live: LiveDesk, page: Page, language: str) -> None:
    sumitra = open_studio(live.desk, "sumitra", "supervisor", "approver", screen=language)
    draft_id = draft(live.desk)
    act(sumitra, draft_id, 0, CHOICE)
    act(sumitra, draft_id, 1, {"do": "set", "path": ["steps", "category", "then"], "value": "nowhere"})
    sumitra.post(f"/desk/flows/{draft_id}/named", number="+919830077001")
    live.sign_in(page, "sumitra", path=f"/desk/flows/{draft_id}?step=category")
    expect(page.locator("#step-title")).to_have_text("category")
    for path in (
        "/desk/flows",
        f"/desk/flows/{draft_id}/proof",
        f"/desk/flows/{draft_id}/named",
        "/desk/flows/versions/1/1",
    ):
        assert_well(page)
        page.goto(f"{live.url}{path}")
    assert_well(page)


KEPT = "([address, words]) => fetch(address).then((page) => page.text()).then((text) => text.includes(words))"


def open_draft(live: LiveDesk, page: Page) -> tuple[int, Browser]:
    """The editor of sumitra's draft, and rahim, who writes at it too."""
    open_studio(live.desk, "sumitra", "supervisor")
    live.desk.employ("rahim", "supervisor")
    draft_id = draft(live.desk)
    live.sign_in(page, "sumitra", path=f"/desk/flows/{draft_id}")
    expect(page.locator("#steps button").first).to_be_attached()
    return draft_id, live.desk.client("rahim")


def write(page: Page, before: str, after: str) -> None:
    script = page.locator("#script")
    script.focus()
    script.evaluate(SELECT, before)
    page.keyboard.insert_text(after)


@pytest.mark.rest
def test_keeping_ones_own_text_leaves_the_files_of_others_alone_and_undo_takes_nothing_of_theirs_back(
    live: LiveDesk, page: Page
) -> None:
    draft_id, rahim = open_draft(live, page)
    write(page, "tries: 3", "tries: 4")
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    page.locator("#find").focus()
    said = {"do": "say", "prompt": "welcome", "words": {"en": "Good morning."}}
    assert act(rahim, draft_id, 1, said).status_code == 200
    write(page, "wait: 6s", "wait: 7s")
    expect(page.locator("#conflict")).to_be_visible()
    page.locator("#keep-mine").click()
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    now = files(live.desk, draft_id)
    assert "wait: 7s" in now["helpline.yaml"]
    assert "Good morning." in now["prompts/en.yaml"]
    while page.locator("#undo").is_enabled():
        page.locator("#undo").click()
    expect(page.locator("#script")).to_have_value(re.compile("tries: 3"))
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    assert "Good morning." in files(live.desk, draft_id)["prompts/en.yaml"]


def test_words_that_a_crash_left_behind_do_not_go_over_a_colleagues(live: LiveDesk, page: Page) -> None:
    draft_id, rahim = open_draft(live, page)
    theirs = files(live.desk, draft_id)["helpline.yaml"]
    mine = theirs.replace("wait: 6s", "wait: 7s")
    shelf = json.dumps({"based": 0, "data": {"helpline.yaml": mine}})
    keep = "([id, text]) => localStorage.setItem(`draft:${document.body.dataset.who}:menus-${id}`, text)"
    page.evaluate(keep, [draft_id, shelf])
    assert save(rahim, draft_id, 0, helpline=theirs.replace("tries: 3", "tries: 4")).status_code == 200
    page.reload()
    expect(page.locator("#conflict")).to_be_visible()
    expect(page.locator("#conflict-title")).to_contain_text("rahim")
    assert "tries: 4" in files(live.desk, draft_id)["helpline.yaml"]
    page.locator("#take-theirs").click()
    expect(page.locator("#script")).to_have_value(re.compile("tries: 4"))
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()


def test_a_restart_of_the_server_and_a_reload_amid_an_edit_lose_nothing(live: LiveDesk, page: Page) -> None:
    draft_id, _ = open_draft(live, page)
    page.on("dialog", lambda dialog: dialog.accept())  # whoever leaves with unsaved words is asked
    with live.restarting():
        write(page, "tries: 3", "tries: 4")
        expect(page.locator("#saved[data-now=unsaved]")).to_be_attached()
        write(page, "wait: 6s", "wait: 7s")
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    write(page, "longest_in_menus: 10m", "longest_in_menus: 9m")
    page.reload()  # sooner than it was sent
    expect(page.locator("#script")).to_have_value(re.compile("longest_in_menus: 9m"))
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    text = files(live.desk, draft_id)["helpline.yaml"]
    assert [words in text for words in ("tries: 4", "wait: 7s", "longest_in_menus: 9m")] == [True, True, True]


@pytest.mark.rest
def test_the_steps_stay_in_sight_while_the_text_cannot_be_read(live: LiveDesk, page: Page) -> None:
    open_draft(live, page)
    count = page.locator("#steps button").count()
    write(page, "steps:\n", "steps: [\n")
    expect(page.locator("#problems .error").first).to_be_visible()
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    expect(page.locator("#steps button")).to_have_count(count)
    drawn = "() => document.getElementById('tree')._cyreg.cy.nodes().length"
    assert page.evaluate(drawn) >= count


# Where the fields of a sentence in each language begin: from the left, and from above.
BESIDE = """fields => fields.map((field) => {
  const box = field.getBoundingClientRect();
  return [Math.round(box.x), Math.round(box.y)];
})"""


def test_words_are_written_beside_each_other_and_those_of_before_are_marked(live: LiveDesk, page: Page) -> None:
    draft_id, _ = open_draft(live, page)
    page.locator("#steps button", has_text="category ·").click()
    said = page.locator("#step [data-say='choose_category']")
    fields = said.locator("textarea")
    expect(fields).to_have_count(3)
    (left, top), *others = fields.evaluate_all(BESIDE)
    assert [at[1] for at in others] == [top, top]
    assert left < others[0][0] < others[1][0]
    fields.first.fill("What is wrong?")
    stale = said.get_by_text("The source has changed since")
    expect(stale).to_have_count(2)
    page.keyboard.press("Tab")
    expect(fields.nth(1)).to_be_focused()
    # Each is mended on its own: one by other words, one because it still fits.
    page.keyboard.type(" কী?")
    expect(stale).to_have_count(1)
    said.get_by_role("button", name="It still fits").click()
    expect(stale).to_have_count(0)
    page.locator("#file").select_option("prompts/bn.yaml")
    expect(page.locator("#script")).to_have_value(re.compile("choose_category: .* কী"))
    page.set_viewport_size({"width": 820, "height": 1180})
    assert len({at[0] for at in fields.evaluate_all(BESIDE)}) == 1
    page.locator("#steps button", has_text="main_menu ·").click()
    expect(page.locator("#step-title")).to_have_text("main_menu")
    expect(page.locator("#step-title")).to_be_in_viewport()


@pytest.mark.rest
def test_a_prompt_that_was_emptied_has_its_words_back(live: LiveDesk, page: Page) -> None:
    draft_id, _ = open_draft(live, page)
    page.fill("#find", "main_menu")
    page.press("#find", "Enter")
    expect(page.locator("#step-title")).to_have_text("main_menu")
    field = page.locator("#step [data-say='how_can_we_help'] textarea[lang=en]")
    field.fill("")
    page.locator("#find").focus()
    expect(field).to_have_value("How can we help you?")
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    expect(page.locator("#said")).to_contain_text("A prompt needs words")
    field.fill("How may we help?")
    page.locator("#find").focus()
    expect(page.locator("#script")).to_be_visible()
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    page.wait_for_function(KEPT, arg=[f"/desk/flows/{draft_id}", "How may we help?"])


@pytest.mark.rest
def test_an_answer_that_nobody_has_thought_of_does_not_end_the_saving(
    live: LiveDesk, browser: PlaywrightBrowser
) -> None:
    """A page of its own: its script does fail once, and says so."""
    page = browser.new_context(viewport=DESK).new_page()
    draft_id, _ = open_draft(live, page)
    answered: list[str] = []

    def answer(route: Route) -> None:
        answered.append(route.request.url)
        if len(answered) == 1:
            route.fulfill(body="null", content_type="application/json")
        else:
            route.continue_()

    page.route("**/save", answer)
    write(page, "tries: 3", "tries: 4")
    expect(page.locator("#saved[data-now=unsaved]")).to_be_attached()
    write(page, "wait: 6s", "wait: 7s")
    expect(page.locator("#saved[data-now=saved]")).to_be_attached()
    text = files(live.desk, draft_id)["helpline.yaml"]
    assert "tries: 4" in text
    assert "wait: 7s" in text
    page.context.close()


LED = "() => document.getElementById('tree')._cyreg.cy.$('[source = \"menu_2\"][target = \"menu_1\"]').nonempty()"
PLACED = """() => {
  const cy = document.getElementById("tree")._cyreg.cy;
  const [nodes, edges] = [cy.nodes().map((node) => node.position()), cy.edges().toArray()];
  const up = edges.filter((edge) => edge.source().position("y") >= edge.target().position("y"));
  const places = new Set(nodes.map(({ x, y }) => `${Math.round(x / 190)} ${Math.round(y / 52)}`));
  return [places.size, nodes.length, up.length];
}"""


WHOLE = """([steps, ways]) => {
  const cy = document.getElementById("tree")._cyreg.cy;
  return cy.nodes().length === steps && cy.edges().length >= ways;
}"""
IN_SIGHT = """(name) => {
  const cy = document.getElementById("tree")._cyreg.cy;
  const { x, y } = cy.getElementById(name).renderedPosition();
  return cy.getElementById(name).hasClass("picked") && x > 0 && x < cy.width() && y > 0 && y < cy.height();
}"""


def test_large_menus_are_drawn_from_the_start_down_and_no_step_on_another(live: LiveDesk, page: Page) -> None:
    open_studio(live.desk, "sumitra", "supervisor")
    large = giant_flow(240)
    large["helpline.yaml"] = large.pop("giant.yaml").replace("flow: giant", "flow: helpline")
    draft_id = draft(live.desk, files=large)
    live.sign_in(page, "sumitra", path=f"/desk/flows/{draft_id}")
    expect(page.locator("#steps li")).to_have_count(242)
    page.wait_for_function(WHOLE, arg=[242, 2 * 240])  # what is out of sight comes later
    assert page.evaluate(PLACED) == [242, 242, 0]
    page.fill("#find", "menu_100")
    page.press("#find", "Enter")
    expect(page.locator("#step-title")).to_have_text("menu_100")
    assert page.evaluate(IN_SIGHT, "menu_100")
    # A way back up is drawn as one, and moves nothing below its own start.
    write(page, "give_up: menu_3\n", "give_up: menu_1\n")
    page.wait_for_function(LED)
    assert page.evaluate(PLACED) == [242, 242, 1]


SHARES = """() => document.getElementById("tree")._cyreg.cy.nodes().map((node) => {
  return [node.id(), node.data("share"), node.data("label")];
})"""
TOOK = """() => document.getElementById("tree")._cyreg.cy.edges("[source = 'main_menu']").map((edge) => {
  return [edge.data("told"), edge.data("share"), edge.width()];
})"""


@pytest.mark.rest
def test_what_callers_did_is_drawn_on_the_tree_and_told_in_a_list_and_by_day(
    live: LiveDesk, page: Page, tmp_path: Path
) -> None:
    open_draft(live, page)
    line = LineInTest(live.desk.store, tmp_path / "line", live.desk.clock.now())
    for number, keys in enumerate((("2", "1", "7"), ("2", "1"), ("1",))):
        line.call(f"CA{number}", f"+91983001234{number}").dial().press(*keys).hang_up()
    assert {share for _, share, _ in page.evaluate(SHARES)} <= {-1, None}
    row = page.locator("#steps button", has_text="category ·")
    expect(row).not_to_contain_text("67%")
    page.get_by_label("Show what callers did").check()
    expect(row).to_contain_text("2 · 67%")
    drawn = {name: (share, label) for name, share, label in page.evaluate(SHARES)}
    assert drawn["category"] == (pytest.approx(2 / 3), "category\n2 · 67%\nhung up 2")
    assert drawn["main_menu"] == (1, "main_menu\n3 · 100%\nhung up 1")
    took = {told: (share, width) for told, share, width in page.evaluate(TOOK)}
    assert took["key 1 · 2"][0] == pytest.approx(2 / 3)
    assert took["key 2 · 0"][0] == 0
    assert took["key 1 · 2"][1] > took["key 2 · 0"][1]
    page.locator("#steps button", has_text="main_menu ·").click()
    went = page.locator("#figures-went-rows tr")
    expect(went).to_have_text([re.compile(r"key 1\s*category\s*2\s*67%"), re.compile("hung up.*out of the menus")])
    row.click()
    table = page.locator("#figures-days-table")
    expect(table.locator("caption")).to_have_text(re.compile(r"category\s+Wrong keys: 7 ×1"))
    expect(table.locator("tbody tr")).to_have_count(7)
    expect(table.locator("tbody tr").first.locator("td")).to_have_text(["2", "0", "1", "0", "2"])
    expect(table.locator("tbody tr").nth(1).locator("td").first).to_have_text("–")
    # In one language, and over four weeks.
    page.get_by_label("Language", exact=True).select_option("bn")
    expect(row).not_to_contain_text("2 ·")
    page.get_by_label("Days").select_option("28")
    expect(table.locator("tbody tr")).to_have_count(28)
    assert_well(page)
    # Without figures the tree says what it said.
    page.get_by_label("Show what callers did").uncheck()
    expect(table).to_be_hidden()
    assert {told for told, _, _ in page.evaluate(TOOK)} >= {"key 1", "key 2"}
    assert {share for _, share, _ in page.evaluate(SHARES)} <= {-1, None}


@pytest.mark.rest
def test_figures_that_cannot_be_had_say_so(live: LiveDesk, page: Page) -> None:
    open_draft(live, page)
    page.route("**/figures/steps*", lambda route: route.fulfill(status=424, body=""))
    page.get_by_label("Show what callers did").check()
    expect(page.locator("#figures-told")).to_have_text("It could not be computed. Nothing has changed.")
    expect(page.locator("#figures-days-table")).to_be_hidden()
