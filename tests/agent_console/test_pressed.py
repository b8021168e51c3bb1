"""The keys on the ringing card: a real call through the real menus, then the screen of the person it rings."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from ivr.codes import compose_code_text
from models.call import Call
from models.message import Message
from models.queue_entry import QueueEntry
from models.store import Store
from tests.agent_console.desk_in_test import Browser, Desk
from tests.ivr.line_in_test import CallInTest, LineInTest
from tests.ivr.office import START

RATION_IN_ENGLISH = ("2", "1", "1", "1")


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path / "line", START)


def card(desk: Desk, call: CallInTest, *, screen: str = "en") -> str:
    """What a representative reads when this call rings."""
    staff_id = desk.employ(f"asha-{screen}", screen=screen)
    entry = desk.row(QueueEntry, call_sid=call.sid)
    assert desk.store.write(lambda connection: desk._offer(connection, entry.id, staff_id)) is not None
    return keys_of(desk.client(f"asha-{screen}"))


def keys_of(browser: Browser) -> str:
    page = browser.get("/desk/parts/call").text
    found = re.search(r'class="pressed">(.*?)</div>', page, flags=re.DOTALL)
    assert found is not None, page
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        ("en", "Keys pressed 2 English 1 For a new complaint 1 For ration 1 To use this number"),
        ("bn", "চাপা বোতাম 2 English 1 নতুন অভিযোগ জানাতে 1 রেশনের জন্য 1 এই নম্বরটি রাখতে"),
        ("hi", "दबाए बटन 2 English 1 नई शिकायत के लिए 1 राशन के लिए 1 यही नंबर रखने के लिए"),
    ],
)
def test_the_card_shows_each_key_with_its_words(desk: Desk, line: LineInTest, screen: str, words: str) -> None:
    line.work("en")
    call = line.call().dial().press(*RATION_IN_ENGLISH)
    assert card(desk, call, screen=screen) == words


def test_a_code_is_never_shown(desk: Desk, line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial().press("2", "1", "1", "2", "9830099999", "1", "1")
    desk.store.transact(lambda session: session.execute(update(Message).values(status="sent")))
    call.post(call.last.address("Redirect", ""))
    message_id = desk.row(Message).id
    code = line.store.write(
        lambda connection: compose_code_text(line.config, connection, message_id, "{code}", line.clock.now())
    )
    wrong = "000000" if code != "000000" else "111111"
    call.press(wrong, code)
    assert card(desk, call) == (
        "Keys pressed 2 English 1 For a new complaint 1 For ration 2 To give another number a mobile number"
        " 1 To get the code now"
    )
    page = desk.client("asha-en").get("/desk/calls").text
    assert wrong not in page
    assert code not in page


def test_keys_that_work_everywhere_have_words_too(desk: Desk, line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial().press("2", "1", "*", "#", "1", "1", "1")
    assert card(desk, call) == (
        "Keys pressed … 1 For a new complaint * back # to hear it again"
        " 1 For a new complaint 1 For ration 1 To use this number"
    )


def test_without_its_menus_the_keys_alone_are_shown(desk: Desk, line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial().press(*RATION_IN_ENGLISH)
    desk.store.transact(lambda session: session.execute(update(Call).values(flow_version_id=None)))
    assert card(desk, call) == "Keys pressed 2 1 1 1"


def test_a_call_without_keys_has_no_list(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    desk.ring(staff_id)
    assert 'class="pressed"' not in desk.client("asha").get("/desk/parts/call").text
