"""News at a page: none is lost that was committed after one with a higher id, and none is taken twice."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import Connection, insert

from ivr.desk_events import EVERYBODY
from models.event import DeskEvent
from tests.agent_console.live_desk import LiveDesk

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

_HEARD = "window.heard = []; document.addEventListener('news', ({detail}) => detail.id && heard.push(detail.subject))"


def tell(live: LiveDesk, number: int) -> None:
    at = live.desk.clock.now()
    row = {"id": number, "kind": "queue", "subject": f"q{number}", "audience": EVERYBODY, "at": at}

    def write(connection: Connection) -> None:
        connection.execute(insert(DeskEvent).values(**row))

    live.desk.store.write(write)


@pytest.mark.rest
def test_news_with_a_lower_id_that_came_later_is_taken_once(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    live.sign_in(page, "asha")
    page.evaluate(_HEARD)
    tell(live, 900)
    page.wait_for_function("() => heard.includes('q900')")
    tell(live, 899)
    page.wait_for_function("() => heard.includes('q899')")
    tell(live, 901)
    page.wait_for_function("() => heard.includes('q901')")
    assert page.evaluate("heard.filter((one) => one.startsWith('q'))") == ["q900", "q899", "q901"]
