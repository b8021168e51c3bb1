"""What the editor of the menus makes people wait for: opening it, what is wrong after a key, the tree drawn anew."""

import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from ivr.menus.drafts import begin_draft
from ivr.pinned import FLOW
from models.flow_version import FlowVersion
from models.store import Store
from tests.bench.servers import Server, serve
from tests.bench.streams import sign_in
from tests.browser import DESK, launch
from tests.flows.giant import giant_flow

STEPS, FEW = 1_000, 50
_ROUNDS = 3
_PATIENCE = 120_000

# Each answers in milliseconds, of the browser's own clock, up to the picture in which it is seen.
_SEEN = """async (isShown, began) => {
  const frame = () => new Promise((goOn) => requestAnimationFrame(goOn));
  while (!isShown()) await frame();
  await frame();
  await frame();
  return performance.now() - began;
}"""
# In sight is what stands on the tree around the first step, the list of all steps, the script and the form.
_OPENED = f"""(count) => ({_SEEN})(() => {{
  const cy = document.getElementById("tree")._cyreg?.cy;
  const isDrawn = cy && cy.getElementById("menu_0").nonempty() && cy.edges().nonempty();
  return isDrawn && document.querySelectorAll("#steps li").length >= count && document.getElementById("step-title");
}}, 0)"""
_ALL_DRAWN = f"""([steps, ways]) => ({_SEEN})(() => {{
  const {{ cy }} = document.getElementById("tree")._cyreg;
  return cy.nodes().length >= steps && cy.edges().length >= ways;
}}, 0)"""
# Types `words` over what stands at `before`; waits until the way leads to `target`, or the list of mistakes is another.
_TYPED = f"""([before, words, way, target]) => {{
  const field = document.getElementById("script");
  const cy = document.getElementById("tree")._cyreg.cy;
  const told = document.getElementById("problems-title").textContent;
  field.focus();
  const at = field.value.indexOf(before);
  field.setSelectionRange(at, at + before.length);
  const began = performance.now();
  document.execCommand("insertText", false, words);
  const isLed = () => cy.getElementById(way).data("target") === target;
  const isTold = () => document.getElementById("problems-title").textContent !== told;
  return ({_SEEN})(way ? isLed : isTold, began);
}}"""
_WAY = "way steps/menu_0/give_up"


def time_editor() -> dict[int, dict[str, float]]:
    """Median milliseconds by size of the flow and by what was waited for."""
    with tempfile.TemporaryDirectory() as name, serve(Path(name), baseline=False, database_url=None) as line:
        drafts = {steps: _lay_draft(line, steps) for steps in (FEW, STEPS)}
        with _browser() as browser:
            return {steps: _median(list(_rounds(browser, line, draft, steps))) for steps, draft in drafts.items()}


def _lay_draft(line: Server, steps: int) -> int:
    store = Store(line.config.database_url)
    files = giant_flow(steps)
    files[f"{FLOW}.yaml"] = files.pop("giant.yaml").replace("flow: giant", f"flow: {FLOW}")
    with store.read() as connection:
        base = connection.scalars(select(FlowVersion.id).limit(1)).one()
    draft_id = begin_draft(store, base, by="sumitra", now=datetime.now(UTC), files=files)
    store.close()
    return draft_id


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright.chromium)
        yield running
        running.close()


def _rounds(browser: Browser, line: Server, draft: int, steps: int) -> Iterator[Mapping[str, float]]:
    context = browser.new_context(viewport=DESK)
    cookies = sign_in(line.url, "sumitra").split("; ")
    context.add_cookies(
        [{"name": one.partition("=")[0], "value": one.partition("=")[2], "url": line.url} for one in cookies]
    )
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    _round(page, f"{line.url}/desk/flows/{draft}", steps)  # the first fills the caches
    for _ in range(_ROUNDS):
        yield _round(page, f"{line.url}/desk/flows/{draft}", steps)
    context.close()


def _round(page: Page, address: str, steps: int) -> dict[str, float]:
    page.goto(address)
    opened = page.evaluate(_OPENED, steps)
    whole = page.evaluate(_ALL_DRAWN, [steps, 2 * steps])
    wrong = page.evaluate(_TYPED, ["then: menu_1\n", "then: menu_x\n", "", ""])
    page.evaluate(_TYPED, ["then: menu_x\n", "then: menu_1\n", "", ""])
    drawn = page.evaluate(_TYPED, ["give_up: menu_1\n", "give_up: menu_2\n", _WAY, "menu_2"])
    page.evaluate(_TYPED, ["give_up: menu_2\n", "give_up: menu_1\n", _WAY, "menu_1"])
    page.wait_for_selector("#saved[data-now=saved]")
    return {
        "opened": opened,
        "opened, and the whole tree drawn": whole,
        "mistake told after a key": wrong,
        "tree drawn anew after a key": drawn,
    }


def _median(rounds: list[Mapping[str, float]]) -> dict[str, float]:
    return {what: statistics.median(one[what] for one in rounds) for what in rounds[0]}
