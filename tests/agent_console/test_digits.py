"""Bengali screens count in Bengali digits; what is copied or dialled stays as the text message writes it."""

import re
from datetime import timedelta

import pytest

from agent_console.digits import in_digits, latin_digits
from agent_console.words import say
from models.complaint import Complaint
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.test_complaints import registered
from tests.agent_console.test_drafts import FORM
from tests.agent_console.test_lists import leave_message, promise

BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


def words_of(page: str) -> str:
    """What a person reads of a page, but for the words of the texts themselves."""
    without = re.sub(r'<(script|textarea)\b.*?</\1>|<span class="said".*?</span>', "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


def test_each_language_writes_its_own_digits() -> None:
    assert in_digits("13 Mar, 10:42", "bn") == "১৩ Mar, ১০:৪২"
    assert in_digits(1042, "hi") == in_digits(1042, "en") == "1042"
    assert latin_digits("২৬-४८२ and 173") == "26-482 and 173"


def test_a_count_is_written_in_digits_and_a_text_as_it_is() -> None:
    assert say("nav.drafts", "bn", n=12).endswith("(১২)")
    assert say("nav.drafts", "bn", n="12").endswith("(12)")
    assert say("nav.drafts", "hi", n=12).endswith("(12)")


def test_a_bengali_screen_has_no_latin_digit_but_those_to_copy_dial_or_press(desk: Desk) -> None:
    staff_id = desk.employ("asha", "representative", "supervisor", screen="bn")
    browser = desk.client("asha")
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/1/register", **FORM)
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/2", version=0, data='{"text": "কথা", "category": "ration"}')
    promise(desk, due_by=desk.clock.now() + timedelta(hours=2), attempts=2)
    leave_message(desk)
    desk.clock.advance(75)
    desk.enqueue(tell={"category": "ration"})
    reference = desk.row(Complaint).reference
    pages = {
        "complaint": browser.get(f"/desk/complaints/{reference}"),
        "found": browser.get("/desk/search", q="9830012345"),
        "registered": browser.get("/desk/calls", draft=1),
        "form": browser.get("/desk/calls", draft=2),
        "call-backs": browser.get("/desk/call-backs"),
        "voice messages": browser.get("/desk/voice-messages"),
        "drafts": browser.get("/desk/drafts"),
        "board": browser.get("/desk/board"),
    }
    desk.ring(staff_id)
    pages["ringing"] = browser.get("/desk/calls")
    for name, page in pages.items():
        shown = words_of(page.text)
        assert re.search("[০-৯]", shown), name
        copied = r"\d\d(-\d{3}){3}|\d\d•+\d{3}|\d{5} \d{5}|F2|F4|F8|F9|112|108|181|1098|1930"
        assert re.findall(r"[0-9]+", re.sub(copied, "", shown)) == [], name


@pytest.mark.parametrize(
    ("screen", "promised", "hour"), [("bn", "শুক্র ১৩ মার্চ ২০২৬", "১১:০০"), ("hi", "शुक्र 13 मार्च 2026", "11:00")]
)
def test_dates_and_hours_follow_the_screen(desk: Desk, screen: str, promised: str, hour: str) -> None:
    desk.employ("asha", screen=screen)
    browser = desk.client("asha")
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/1/register", **FORM)
    page = words_of(browser.get("/desk/calls", draft=1).text)
    assert promised in page
    assert hour in page
    reference = desk.row(Complaint).reference
    assert f"{reference[:2]}-{reference[2:5]}-{reference[5:8]}-{reference[8:]}" in page


@pytest.mark.parametrize("script", [BENGALI, DEVANAGARI], ids=["bengali", "devanagari"])
def test_a_search_reads_the_digits_of_every_keyboard(desk: Desk, script: dict[int, int]) -> None:
    browser, reference = registered(desk)
    found = browser.get("/desk/search", q=f"{reference[:2]}-{reference[2:5]}-{reference[5:]}".translate(script))
    assert found.location == f"/desk/complaints/{reference}"
    for written in ("98300 12345", "+919830012345", "09830012345"):
        assert f"/desk/complaints/{reference}" in browser.get("/desk/search", q=written.translate(script)).text
    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
    assert "One digit of this reference" in browser.get("/desk/search", q=wrong.translate(script)).text
