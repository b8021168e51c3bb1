"""The pages of the studio: what is listed, changed, sent, approved and published, and by whom."""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from agent_console.studio import FILTERS
from agent_console.words import say
from flows.loader import load_flow, read_source
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED
from models.script_line import ScriptLine
from models.take import Take
from models.wording_change import WordingChange
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.studio_in_test import (
    HELP,
    PROMPT,
    drop,
    open_studio,
    picture,
    speech,
    upload,
    waiting_take,
    words_form,
)
from tests.audio.test_take import written

PAGE = f"/desk/studio/prompts/{PROMPT}"


def count(desk: Desk, table: type) -> int:
    with desk.store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def save(browser: Browser, prompt: str = PROMPT, **changed: str) -> Any:
    address = f"/desk/studio/prompts/{prompt}"
    return browser.post(f"{address}/words", **words_form(browser.get(address).text, **changed))


@pytest.fixture
def mina(desk: Desk) -> Browser:
    """A translator."""
    return open_studio(desk, "mina", "translator")


@pytest.fixture
def sumitra(desk: Desk, mina: Browser) -> Browser:
    """A supervisor, beside the translator."""
    desk.employ("sumitra", "supervisor")
    return desk.client("sumitra")


def test_a_translator_comes_to_the_studio_and_sees_every_prompt_in_three_languages(mina: Browser) -> None:
    assert mina.get("/desk").location == "/desk/studio"
    page = mina.get("/desk/studio").text
    for words in (HELP, "কী সাহায্য লাগবে?", "sms_registered", "holiday_kali_puja", "about 2.", "Voice of the telephone"):
        assert words in page
    prompts = load_flow(FLOW, read_source(SHIPPED)).catalogues["en"].prompts
    assert page.count('<li class="prompt">') == len(prompts) > 100


@pytest.mark.parametrize("shown", FILTERS)
def test_every_list_opens_and_says_so_where_it_is_empty(mina: Browser, shown: str) -> None:
    page = mina.get("/desk/studio", show=shown).text
    assert ("Nothing is to be done here" in page) == (shown in ("stale", "waiting", "unpublished"))


@pytest.mark.parametrize("words", ["How can WE help", "সাহায্য লাগবে", "how_can_we", "क्या मदद"])
def test_prompts_are_found_by_words_of_each_script(mina: Browser, words: str) -> None:
    page = mina.get("/desk/studio", words=words).text
    found = page.count('<li class="prompt">')
    assert (found > 0) == (words != "क्या मदद" or "क्या मदद" in page)
    assert "No prompt has these words" in mina.get("/desk/studio", words="xyzzy").text


def test_a_translator_neither_approves_nor_publishes_nor_reads_complaints(desk: Desk, mina: Browser) -> None:
    take = waiting_take(desk)
    for address in (f"/desk/studio/takes/{take}/approve", "/desk/studio/publish"):
        assert mina.post(address).status_code == 403
    for address in ("/desk/board", "/desk/search", "/desk/call-backs", "/desk/calls"):
        assert mina.get(address).status_code == 403
    assert "A supervisor approves it" in mina.get(PAGE).text


def test_new_words_wait_make_translations_stale_and_go_live(desk: Desk, mina: Browser, sumitra: Browser) -> None:
    assert save(mina, words_en="  What can we   do for you? ").status_code == 302
    page = mina.get(PAGE).text
    assert "The words are saved" in page
    assert page.count("Still right") == 2
    assert "New words, not published" in page
    seen = words_form(page)["seen_en"]
    assert mina.post(f"{PAGE}/bn/right", seen=seen).status_code == 302
    assert mina.get(PAGE).text.count("Still right") == 1
    assert mina.get("/desk/studio", show="stale").text.count('<li class="prompt">') == 1
    page = sumitra.get("/desk/studio/publish").text
    assert "Stale translations: 1" in page
    assert "<ins>What can we do for you?</ins>" in page
    token = page.split('name="seen" value="')[1].split('"')[0]
    done = sumitra.post("/desk/studio/publish", seen=token, note="friendlier")
    assert done.status_code == 302
    assert "Version 2 is live" in sumitra.get("/desk/studio/publish").text
    assert count(desk, WordingChange) == 0
    assert sumitra.post("/desk/studio/publish", seen=token).status_code == 302
    assert "Something has changed since" in sumitra.get("/desk/studio/publish").text


def test_words_that_would_break_a_call_are_refused_at_their_field_and_stay_typed(desk: Desk, mina: Browser) -> None:
    refused = save(mina, "your_place", words_bn="আপনি লাইনে আছেন।")
    assert refused.status_code == 422
    assert 'id="fault-bn"' in refused.text
    assert "The blanks in braces must be the same in every language" in refused.text
    assert "আপনি লাইনে আছেন।</textarea>" in refused.text
    refused = save(mina, words_hi="   ")
    assert (refused.status_code, say("studio.no_words", "en") in refused.text) == (422, True)
    assert count(desk, WordingChange) == 0


def test_the_later_of_two_people_reads_who_was_first_and_keeps_their_words(
    desk: Desk, mina: Browser, sumitra: Browser
) -> None:
    opened = words_form(sumitra.get(PAGE).text, words_en="Yes?")
    save(mina, words_en="What can we do for you?")
    answer = sumitra.post(f"{PAGE}/words", **opened)
    assert answer.status_code == 409
    assert "mina changed these words meanwhile" in answer.text
    assert "Yes?</textarea>" in answer.text
    assert "What can we do for you?" in answer.text
    again = sumitra.post(f"{PAGE}/words", **words_form(answer.text, words_en="Yes?"))
    assert again.status_code == 302
    assert "Yes?</textarea>" in mina.get(PAGE).text


def test_what_waits_is_undone(desk: Desk, mina: Browser) -> None:
    save(mina, words_en="What can we do for you?")
    assert mina.act(f"{PAGE}/undo").get_json()["go"] == PAGE
    assert count(desk, WordingChange) == 0


def test_a_text_message_needs_its_approved_template_and_number(desk: Desk, mina: Browser) -> None:
    page = mina.get("/desk/studio/prompts/sms_message_kept").text
    assert "letter for letter" in page
    assert 'name="file"' not in page
    words = "Helpline: message {request.reference|digits} kept."
    refused = save(mina, "sms_message_kept", words_en=words)
    assert (refused.status_code, "19 digits" in refused.text) == (422, True)
    number = "1107161234567890123"
    refused = save(mina, "sms_message_kept", words_en=words, number_en=number)
    assert (refused.status_code, "not, letter for letter" in refused.text) == (422, True)
    template = "Helpline: message {#var#} kept."
    assert save(mina, "sms_message_kept", words_en=words, number_en=number, template_en=template).status_code == 302


def test_a_take_is_sent_heard_approved_and_withdrawn(desk: Desk, mina: Browser, sumitra: Browser) -> None:
    assert upload(mina, speech()).get_json() == {"ok": True, "said": "Taken. It waits for approval."}
    take = desk.row(Take)
    assert (take.state, take.speaker, take.sent_by) == ("waiting", "Rita", "Mina")
    heard = mina.get(f"/desk/studio/takes/{take.id}.wav")
    assert (heard.mimetype, heard.data[:4]) == ("audio/wav", b"RIFF")
    assert "waiting" not in mina.get("/desk/studio", show="waiting").text or HELP in mina.get("/desk/studio").text
    assert "next publishing" in sumitra.act(f"/desk/studio/takes/{take.id}/approve", prompt=PROMPT).get_json()["said"]
    assert sumitra.act(f"/desk/studio/takes/{take.id}/approve").status_code == 409
    approved = desk.row(Take)
    assert (approved.state, approved.decided_by, approved.sound) == ("approved", "Sumitra", None)
    voice = sumitra.get(f"{PAGE}/voice/en").text
    assert "Approved by Sumitra" in voice
    assert "Rita" in voice
    assert sumitra.get(f"/desk/studio/sounds/{take.name}.wav").status_code == 200
    assert sumitra.get(f"{PAGE}/en.wav").status_code == 200
    assert "New recordings: 1" in sumitra.get("/desk/studio/publish").text
    assert sumitra.post(f"/desk/studio/takes/{take.id}/withdraw", prompt=PROMPT).location == PAGE
    assert desk.row(Take).state == "withdrawn"
    assert "Nothing waits" in sumitra.get("/desk/studio/publish").text


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place for temporary files that is empty afterwards."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield
    assert os.listdir(place) == []


BAD = {
    "empty": b"",
    "no_sound": picture(),
    "other_container": b"\x1aE\xdf\xa3" + bytes(1000),
    "too_long": speech(31.0, "MP3"),
    "too_big": b"RIFF" + bytes(10_500_000),
}


@pytest.mark.usefixtures("nothing_left")
def test_an_hour_that_fits_into_few_bytes_is_refused_too(desk: Desk, mina: Browser) -> None:
    hour = written(np.zeros(3600 * 8000), "FLAC", rate=8000)
    assert len(hour) < 10_000_000
    answer = upload(mina, hour, "take.wav")
    sentence = say("studio.fault.too_long", "en").split("{")[0]
    assert (answer.status_code, sentence in answer.get_json()["error"]) == (422, True)
    assert count(desk, Take) == 0


@pytest.mark.parametrize("screen", ["bn", "en", "hi"])
@pytest.mark.usefixtures("nothing_left")
def test_each_bad_file_gets_its_sentence_in_the_persons_language_and_nothing_stays(desk: Desk, screen: str) -> None:
    browser = open_studio(desk, "mina", "translator", screen=screen)
    for fault, content in BAD.items():
        answer = upload(browser, content, "take.wav")
        sentence = say(f"studio.fault.{fault}", screen).split("{")[0]
        assert (answer.status_code, sentence in answer.get_json()["error"]) == (422, True), fault
    no_number = drop(browser, "en", ("take.wav", speech()))
    assert no_number.get_json()["results"][0]["told"] == say("studio.files.no_number", screen)
    assert count(desk, Take) == 0
    assert desk.telephone.sounds.refresh() == {}


@pytest.mark.usefixtures("nothing_left")
def test_fifty_megabytes_are_refused_before_anything_is_kept(desk: Desk, mina: Browser) -> None:
    read = []

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(size)
            return super().read(size)

    headers = {"X-Requested-With": "desk", "X-CSRFToken": mina.token()}
    answer = mina.client.post(
        "/desk/studio/takes",
        input_stream=Stream(bytes(50_000_000)),
        content_length=50_000_000,
        content_type="multipart/form-data; boundary=x",
        headers=headers,
    )
    assert answer.status_code == 413
    assert "A recording may have 10 MB" in answer.get_json()["error"]
    assert max(size or 0 for size in read) <= 65_536
    assert count(desk, Take) == 0


def test_without_scripts_a_refusal_is_read_on_the_page_it_came_from(mina: Browser) -> None:
    data = {"csrf_token": mina.token(), "language": "en", "text": HELP, "prompt": PROMPT}
    answer = mina.client.post("/desk/studio/takes", data={**data, "file": (io.BytesIO(b""), "empty.wav")})
    assert (answer.status_code, answer.location) == (302, PAGE)
    assert "The file is empty" in mina.get(PAGE).text


def test_words_that_no_menu_says_are_not_recorded(desk: Desk, mina: Browser) -> None:
    assert upload(mina, speech(), text="Buy now!").status_code == 409
    assert upload(mina, speech(), language="fr").status_code == 409
    assert count(desk, ScriptLine) == 0


def test_a_script_is_numbered_and_its_files_come_back_by_number(desk: Desk, mina: Browser, sumitra: Browser) -> None:
    page = mina.get("/desk/studio/script/bn").text
    assert '<span class="line-number">001</span>' in page
    with desk.store.session() as session:
        lines = {line.text: line.number for line in session.scalars(select(ScriptLine))}
    help_bn = lines["কী সাহায্য লাগবে?"]
    assert f'<span class="line-number">{help_bn:03d}</span><span class="said" lang="bn">কী সাহায্য লাগবে?</span>' in page
    files = [
        (f"{help_bn:03d} take2.mp3", speech(kind="MP3")),
        ("9999.wav", speech()),
        ("notes.txt", b"hello"),
        ("2.wav", picture()),
    ]
    results = drop(mina, "bn", *files).get_json()["results"]
    assert [result["state"] for result in results] == ["kept", "refused", "refused", "refused"]
    assert results[0]["words"] == "কী সাহায্য লাগবে?"
    assert "No line of this language has number 9999" in results[1]["told"]
    assert "The file holds no sound" in results[3]["told"]
    assert [result["state"] for result in drop(mina, "bn", files[0]).get_json()["results"]] == ["known"]
    assert count(desk, Take) == 1
    again = mina.get("/desk/studio/script/bn").text
    assert f'<span class="line-number">{help_bn:03d}</span>' not in again
    assert f'<span class="line-number">{help_bn:03d}</span>' in mina.get("/desk/studio/script/bn", which="all").text
    take = desk.row(Take)
    approved = sumitra.post(f"/desk/studio/takes/{take.id}/approve", script="bn")
    assert approved.location == "/desk/studio/script/bn"


def test_the_voice_that_was_named_last_stands_on_the_script_too(mina: Browser) -> None:
    assert 'name="speaker" maxlength="100" value="Mina"' in mina.get("/desk/studio/script/en").text
    upload(mina, speech())
    assert 'name="speaker" maxlength="100" value="Rita"' in mina.get("/desk/studio/script/en").text


def test_a_file_of_an_old_print_is_refused_when_its_words_are_said_no_more(desk: Desk, mina: Browser) -> None:
    mina.get("/desk/studio/script/en")
    with desk.store.session() as session:
        number = session.scalars(select(ScriptLine.number).where(ScriptLine.text == HELP)).one()
    save(mina, words_en="What can we do for you?")
    (result,) = drop(mina, "en", (f"{number}.wav", speech())).get_json()["results"]
    assert (result["state"], result["told"]) == ("refused", say("studio.files.not_said", "en"))


def test_files_are_taken_without_scripts_too(mina: Browser) -> None:
    mina.get("/desk/studio/script/hi")
    page = drop(mina, "hi", ("১.wav", speech()), ("take.wav", speech()), by_script=False).text
    assert "Taken" in page
    assert "No number in the file" in page


def test_the_microphone_and_own_sounds_are_for_the_page_that_records(mina: Browser) -> None:
    recording = mina.get(PAGE)
    assert "microphone=(self)" in recording.headers["Permissions-Policy"]
    assert "media-src 'self' blob:;" in recording.headers["Content-Security-Policy"]
    for address in ("/desk/studio", "/desk/studio/script/en", "/desk/studio/publish", "/desk/sign-in"):
        other = mina.get(address)
        assert "microphone=()" in other.headers["Permissions-Policy"], address
        assert "blob:" not in other.headers["Content-Security-Policy"]


def test_pages_that_are_not_there_say_so(mina: Browser) -> None:
    for address in (
        "/desk/studio/prompts/nothing",
        "/desk/studio/script/fr",
        f"{PAGE}/voice/fr",
        f"{PAGE}/fr.wav",
        "/desk/studio/prompts/nothing/en.wav",
        "/desk/studio/takes/99.wav",
        "/desk/studio/sounds/nothing.wav",
    ):
        assert mina.get(address).status_code == 404, address


@pytest.mark.parametrize("screen", ["bn", "hi"])
def test_the_studio_speaks_the_language_of_the_screen(desk: Desk, screen: str) -> None:
    browser = open_studio(desk, "mina", "translator", screen=screen)
    waiting_take(desk)
    for address in ("/desk/studio", PAGE, "/desk/studio/script/bn", "/desk/studio/publish"):
        page = browser.get(address)
        assert page.status_code == 200
        assert say("studio.tab.publish", screen) in page.text
