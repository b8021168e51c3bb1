"""The phone in a browser, used as a person uses it, against a real emulator and a small application."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser import DESK, PHONE, NewPage
from tests.emulator.line import LINE, Line, open_line

pytestmark = pytest.mark.browser

SPEAK = (sys.executable, "-m", "audio.speak")
NUMBER = "+919830012345"  # of the first phone on a page


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with open_line(10.0, speak_command=SPEAK, desk_url="http://127.0.0.1:1/desk") as opened:
        yield opened


@pytest.fixture
def phones(page: Page, line: Line) -> Iterator[Page]:
    page.goto(line.url)
    yield page
    # Those that end by themselves meanwhile have no such button any more.
    page.locator(".hang-up:visible").evaluate_all("buttons => buttons.forEach(button => button.click())")
    expect(page.locator(".hang-up:visible")).to_have_count(0)


def transcript(page: Page, card: int = 0) -> Locator:
    return page.locator(".transcript").nth(card)


def call(page: Page, card: int = 0) -> None:
    page.locator(".call").nth(card).click()
    expect(transcript(page, card)).to_contain_text("हिन्दी के लिए")


def test_a_call_by_keypad(phones: Page) -> None:
    call(phones)
    expect(phones.locator(".line").nth(0)).to_have_attribute("lang", "bn")
    expect(phones.locator(".line").nth(1)).to_have_text("For English, press 2.")
    expect(phones.locator(".line").nth(1)).to_have_attribute("lang", "en")
    expect(phones.locator(".status")).to_have_text("Waiting for your key")

    phones.get_by_role("button", name="Key 1").click()
    expect(transcript(phones)).to_contain_text("You pressed 1")
    expect(transcript(phones)).to_contain_text("আমরা আপনাকে কীভাবে সাহায্য করতে পারি?")
    phones.get_by_role("button", name="Hang up").click()
    expect(phones.locator(".status")).to_have_text("Call ended")
    expect(phones.get_by_role("button", name="Call", exact=True).first).to_be_focused()


def test_a_call_by_keyboard_alone(phones: Page) -> None:
    phones.locator(".to-number").focus()
    phones.keyboard.press("Enter")
    expect(transcript(phones)).to_be_focused()
    expect(transcript(phones)).to_contain_text("हिन्दी के लिए")
    phones.keyboard.press("1")
    expect(transcript(phones)).to_contain_text("সাহায্য")


@pytest.mark.rest
def test_prompts_are_sounds(phones: Page) -> None:
    page = phones
    with page.expect_response("**/hello.wav") as played, page.expect_response("**/local/say?text=For*") as said:
        page.locator(".call").click()
    assert played.value.ok
    assert said.value.headers["content-type"].startswith("audio/")
    assert said.value.body()[:4] == b"RIFF"
    expect(transcript(page)).not_to_contain_text("no sound here")


@pytest.mark.rest
def test_sound_can_be_turned_off_and_stays_off(phones: Page) -> None:
    phones.get_by_role("button", name="Sound on").click()
    phones.reload()
    expect(phones.get_by_role("button", name="Sound off")).to_have_attribute("aria-pressed", "false")


@pytest.mark.rest
def test_a_number_may_be_hidden_or_another_one(phones: Page) -> None:
    for hidden, shown in ((True, "anonymous"), (False, "+919831154321")):
        phones.locator(".own-number").fill("98311 54321")
        phones.get_by_label("Hide this number").set_checked(hidden)
        call(phones)
        phones.keyboard.press("5")
        expect(transcript(phones)).to_contain_text(f"You call from {shown}.")
        expect(phones.locator(".status")).to_have_text("Call ended")


@pytest.mark.rest
def test_a_wrong_number_is_told_beside_its_field(phones: Page) -> None:
    phones.locator(".to-number").fill("12")
    phones.locator(".call").click()
    expect(phones.get_by_role("alert").filter(has_text="not a telephone number")).to_be_visible()
    expect(phones.locator(".to-number")).to_be_focused()
    phones.locator(".to-number").fill("98300 00001")
    phones.locator(".call").click()
    expect(phones.get_by_role("alert").filter(has_text="Nobody answers +919830000001 here")).to_be_visible()


@pytest.mark.rest
def test_texts_arrive_and_are_counted(new_page: NewPage, line: Line) -> None:
    page = new_page(viewport=PHONE)
    page.goto(line.url)
    page.locator(".own-number").fill("98300 55501")
    page.locator(".own-number").blur()
    line.send_text("+919830055501", "আপনার অভিযোগ 26-482-173-059 নথিভুক্ত হয়েছে।")
    expect(page.locator(".unread")).to_have_text("1 new")
    page.get_by_role("button", name="Messages").click()
    expect(page.locator(".text p")).to_have_text("আপনার অভিযোগ 26-482-173-059 নথিভুক্ত হয়েছে।")
    expect(page.locator(".text p")).to_have_attribute("lang", "bn")
    expect(page.locator(".text")).to_contain_text("HLPLIN")
    line.send_text("+919830055501", "Say here whether it is solved: http://127.0.0.1:9/a/x1?n=2. Thank you.")
    link = page.locator(".text a")
    expect(link).to_have_attribute("href", "http://127.0.0.1:9/a/x1?n=2")
    expect(page.locator(".text p").nth(1)).to_have_text(
        "Say here whether it is solved: http://127.0.0.1:9/a/x1?n=2. Thank you."
    )
    expect(page.locator(".unread")).to_be_hidden()


def test_a_call_on_its_way_to_a_phone_is_not_one_that_it_is_in(line: Line) -> None:
    number = "+919830055502"
    line.ring(number)
    seen = line.look(number)
    assert seen["calls"] == []
    while not seen["ringing"]:
        seen = line.look(number)
        assert seen["calls"] == []


@pytest.mark.rest
def test_it_rings_and_is_answered_or_rejected(phones: Page, line: Line) -> None:
    line.ring(NUMBER)
    expect(phones.get_by_role("alertdialog", name="Call from +91 91370 91370")).to_be_visible()
    phones.get_by_role("button", name="Answer").click()
    expect(transcript(phones)).to_contain_text("We ring you back.")
    expect(phones.get_by_role("alertdialog")).to_have_count(0)
    phones.get_by_role("button", name="Hang up").click()

    line.ring(NUMBER)
    phones.get_by_role("button", name="Reject").click()
    expect(phones.get_by_role("alertdialog")).to_have_count(0)
    expect(phones.get_by_role("button", name="Call", exact=True).first).to_be_visible()


@pytest.mark.rest
def test_speaking_where_the_line_records(phones: Page) -> None:
    call(phones)
    phones.keyboard.press("7")
    expect(phones.locator(".status")).to_have_text("Speak now")
    phones.get_by_role("button", name="Speak 10 s").click()
    expect(transcript(phones)).to_contain_text("You spoke for 10 seconds")
    phones.locator(".recorder [data-key='#']").click()
    expect(transcript(phones)).to_contain_text("Thank you.")
    expect(phones.locator(".status")).to_have_text("Call ended")


@pytest.mark.rest
def test_waiting_in_line_is_shown(phones: Page) -> None:
    call(phones)
    phones.keyboard.press("3")
    expect(phones.locator(".status")).to_have_text("Waiting in line")
    expect(transcript(phones)).to_contain_text("You are first in line.")


def test_several_phones_call_at_once(phones: Page) -> None:
    phones.get_by_role("button", name="Add phone").click()
    phones.get_by_role("button", name="Add phone").click()
    expect(phones.locator("section.phone")).to_have_count(3)
    for card in range(3):
        call(phones, card)
    phones.locator("section.phone").nth(1).get_by_role("button", name="Key 5").click()
    expect(transcript(phones, 1)).to_contain_text("You call from +919830012346.")
    expect(transcript(phones, 0)).not_to_contain_text("You call from")
    phones.locator(".hang-up:visible").first.click()
    phones.get_by_role("button", name="Remove this phone").last.click()
    expect(phones.locator("section.phone")).to_have_count(2)
    phones.reload()
    expect(phones.locator("section.phone")).to_have_count(2)


@pytest.mark.rest
def test_a_reload_keeps_the_call(phones: Page) -> None:
    call(phones)
    phones.reload()
    expect(transcript(phones)).to_contain_text("हिन्दी के लिए")
    phones.keyboard.press("1")
    expect(transcript(phones)).to_contain_text("সাহায্য")


@pytest.mark.rest
def test_a_silent_exchange_is_told_and_found_again(new_page: NewPage, line: Line) -> None:
    page = new_page()
    page.goto(line.url)
    page.route("**/local/phones/**", lambda route: route.abort())
    expect(page.get_by_text("The telephone exchange does not answer")).to_be_visible()
    page.unroute("**/local/phones/**")
    expect(page.get_by_text("The telephone exchange does not answer")).to_be_hidden()


def test_the_desk_is_linked_where_it_is_known(phones: Page) -> None:
    expect(phones.get_by_role("link", name="Desk")).to_have_attribute("href", "http://127.0.0.1:1/desk")
    expect(phones.locator(".to-number")).to_have_value("+91 91370 91370")
    assert LINE == "+919137091370"


def test_all_words_stand_in_all_languages(phones: Page) -> None:
    words = phones.evaluate("import('/page/words.js').then((module) => module.WORDS)")
    assert set(words) == {"en", "bn", "hi"}
    used = phones.evaluate(
        "[...document.querySelectorAll('[data-word],[data-label]')].flatMap((e) => [e.dataset.word, e.dataset.label])"
    )
    for language in words.values():
        assert set(language) == set(words["en"])
        assert {word for word in used if word} <= set(language)
        assert all(language.values())
    for key, text in words["en"].items():
        blanks = {part.split("}")[0] for part in text.split("{")[1:]}
        assert all("{" + blank + "}" in words[other][key] for blank in blanks for other in ("bn", "hi")), key


@pytest.mark.parametrize(("language", "name", "call_word"), [("bn", "বাংলা", "ফোন করুন"), ("hi", "हिन्दी", "फ़ोन करें")])
def test_the_page_speaks_the_chosen_language(phones: Page, language: str, name: str, call_word: str) -> None:
    phones.locator("#language").select_option(label=name)
    expect(phones.locator("html")).to_have_attribute("lang", language)
    expect(phones.locator(".call")).to_have_text(call_word)
    phones.reload()
    expect(phones.locator(".call")).to_have_text(call_word)


@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (PHONE, "bn"), (DESK, "hi")], ids=["phone-en", "phone-bn", "desk-hi"]
)
def test_everything_fits_and_axe_finds_nothing(
    new_page: NewPage, line: Line, size: dict[str, int], language: str
) -> None:
    page = new_page(viewport=size)
    page.goto(line.url)
    page.locator("#language").select_option(language)
    call(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for part in (".hang-up", ".keypad", ".transcript", ".status"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size["height"], part
    for target in page.locator("button:visible, select:visible, a:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
    page.locator(".hang-up").click()
    expect(page.locator(".call")).to_be_visible()


@pytest.mark.rest
def test_bengali_and_hindi_are_shaped_by_shipped_fonts(phones: Page) -> None:
    call(phones)
    used = "[...document.fonts].filter((face) => /Bengali|Devanagari/.test(face.family) && face.status !== 'unloaded')"
    phones.wait_for_function(f"new Set({used}.map((face) => face.family)).size === 2")
    phones.evaluate(f"Promise.allSettled({used}.map((face) => face.loaded)).then(() => 0)")
    if phones.evaluate(f"{used}.some((face) => face.status === 'error')"):
        pytest.skip("node_modules/@fontsource is not installed: the system's own fonts serve")
    width = """(text) => { const span = document.createElement("span"); span.textContent = text;
        document.querySelector(".line").append(span); const w = span.getBoundingClientRect().width;
        span.remove(); return w; }"""
    for joined, apart in (("ক্ষ", "ক্\u200cষ"), ("न्त्र", "न्\u200cत्\u200cर")):
        assert phones.evaluate(width, joined) < phones.evaluate(width, apart)


@pytest.mark.rest
def test_whoever_may_not_use_the_microphone_speaks_with_the_buttons(new_page: NewPage, tmp_path: Path) -> None:
    """The line carries sound, and the browser refuses the microphone: what is said comes from the buttons."""
    with open_line(1.0, voice_bind="127.0.0.1:0", voice_folder=str(tmp_path)) as opened:
        page = new_page(viewport=DESK, locale="en-IN")
        page.add_init_script("navigator.mediaDevices.getUserMedia = async () => { throw new Error('no') };")
        page.goto(opened.url)
        page.locator(".call").first.click()
        expect(transcript(page)).to_contain_text("may not use the microphone")
        # The notice comes while the line is still ringing, where a key is heard by nobody.
        expect(page.locator(".status")).to_have_text("Waiting for your key")
        page.get_by_role("button", name="Key 7").click()
        expect(page.locator(".status")).to_have_text("Speak now")
        expect(page.get_by_role("button", name="Speak 10 s")).to_be_visible()
        page.locator(".recorder [data-key='#']").click()
