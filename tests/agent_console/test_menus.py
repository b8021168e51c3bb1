"""The studio of the menus: drafts kept from the first keystroke, changed at their place, agreed to, published."""

import json
import re
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.menus_step import read_step_form
from flows.calendar_file import load_calendars
from flows.difference import compare_sources
from flows.flow_folder import read_folder
from flows.loader import load_flow
from flows.rehearse import rehearse_all
from ivr.menus.drafts import begin_draft, find_draft
from ivr.menus.everybody import Explored
from ivr.pinned import FLOW, live_version
from ivr.publishing import SHIPPED, list_versions
from models.base import Base
from models.call import Call
from models.flow_draft import FlowDraft
from models.turn import Turn
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.studio_in_test import open_studio, words_form
from tests.ivr.line_in_test import LineInTest

MOBILE = "+919830000001"
WORDS = {"en": "For electricity or water", "bn": "বিদ্যুৎ বা জলের জন্য", "hi": "बिजली या पानी के लिए"}
CHOICE = {"do": "add_choice", "step": "category", "key": "6", "prompt": "cat_power", "words": WORDS, "value": "power"}


@pytest.fixture
def sumitra(desk: Desk) -> Browser:
    """A supervisor, with the shipped menus before them."""
    return open_studio(desk, "sumitra", "supervisor")


def employ(desk: Desk, login: str, *roles: str) -> Browser:
    desk.employ(login, *roles)
    return desk.client(login)


def draft(desk: Desk, by: str = "sumitra", files: dict[str, str] | None = None) -> int:
    with desk.store.read() as connection:
        live = live_version(connection, FLOW)
    assert live is not None
    return begin_draft(desk.store, live, by=by, now=desk.clock.now(), files=files)


def files(desk: Desk, draft_id: int) -> dict[str, str]:
    with desk.store.read() as connection:
        return dict(find_draft(connection, draft_id).files)


def act(browser: Browser, draft_id: int, version: int, wanted: dict[str, Any]) -> Any:
    return browser.act(f"/desk/flows/{draft_id}/act", version=version, act=json.dumps(wanted))


def save(browser: Browser, draft_id: int, version: int, **changed: str | None) -> Any:
    sent = {name.replace("__", "/") + ".yaml": text for name, text in changed.items()}
    return browser.act(f"/desk/flows/{draft_id}/save", version=version, files=json.dumps(sent))


def numbers(desk: Desk) -> list[tuple[int, bool, str | None]]:
    with desk.store.read() as connection:
        return [(one.number, one.is_live, one.approved_by) for one in list_versions(connection, FLOW)]


def seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_draft_is_begun_from_what_callers_have_with_its_rehearsals(desk: Desk, sumitra: Browser) -> None:
    begun = sumitra.post("/desk/flows", title="Electricity")
    assert begun.location == "/desk/flows/1"
    page = sumitra.get("/desk/flows/1")
    assert page.status_code == 200
    assert "Electricity" in sumitra.get("/desk/flows").text
    assert files(desk, 1) == {path: text for path, text in read_folder(SHIPPED).items() if path != "calendars.yaml"}


def test_a_choice_is_added_in_three_languages_and_every_remark_stays(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    before = files(desk, draft_id)
    told = act(sumitra, draft_id, 0, CHOICE).get_json()
    assert (told["version"], [one for one in told["findings"] if one["severity"] == "error"]) == (1, [])
    after = files(desk, draft_id)
    added = set(after["helpline.yaml"].splitlines()) - set(before["helpline.yaml"].splitlines())
    assert added == {
        "      6: {say: cat_power, is: power}",
        "  category:       {one_of: [ration, health, local_body, police, bribery, other, power]}",
    }
    assert all(f"cat_power: {words}" in after[f"prompts/{language}.yaml"] for language, words in WORDS.items())
    assert sumitra.get(f"/desk/flows/{draft_id}/step", name="category").text.count(WORDS["bn"]) == 1


def test_what_is_wrong_is_told_at_its_line_and_step(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    text = files(desk, draft_id)["helpline.yaml"].replace("go: own_complaints", "go: own_complaint")
    told = save(sumitra, draft_id, 0, helpline=text).get_json()
    first = told["findings"][0]
    assert (first["code"], first["line"], first["step"]) == ("E05", 73, "main_menu")
    assert 'Did you mean "own_complaints"?' in first["text"]
    assert [step[4] for step in told["steps"] if step[0] == "main_menu"] == [1]
    told = save(sumitra, draft_id, 1, helpline="steps: [").get_json()
    assert (told["readable"], told["findings"][0]["code"]) == (False, "E01")
    refused = act(sumitra, draft_id, 2, CHOICE)
    assert (refused.status_code, "cannot be read at line" in refused.get_json()["error"]) == (422, True)
    assert "cannot be read" in sumitra.get(f"/desk/flows/{draft_id}/step", name="category").text


def test_the_later_of_two_supervisors_is_told_who_was_first_and_sees_both(desk: Desk, sumitra: Browser) -> None:
    rahim = employ(desk, "rahim", "supervisor")
    draft_id = draft(desk)
    text = files(desk, draft_id)["helpline.yaml"]
    assert save(sumitra, draft_id, 0, helpline=text.replace("tries: 3", "tries: 4")).status_code == 200
    late = save(rahim, draft_id, 0, helpline=text.replace("wait: 6s", "wait: 7s"))
    told = late.get_json()
    assert (late.status_code, told["error"], told["version"]) == (409, "sumitra saved this draft meanwhile.", 1)
    marks = [(mark, line.strip()[:8]) for mark, _, line in told["difference"][0]["lines"]]
    assert {("-", "tries: 4"), ("+", "wait: 7s")} <= set(marks)
    assert act(rahim, draft_id, 0, CHOICE).status_code == 409
    mine = text.replace("wait: 6s", "wait: 7s")
    assert save(rahim, draft_id, 1, helpline=mine).get_json()["version"] == 2
    # The same again, as after a reply that was lost, is no conflict.
    assert save(rahim, draft_id, 1, helpline=mine).get_json()["version"] == 2


def test_a_translator_changes_words_and_nothing_else(desk: Desk, sumitra: Browser) -> None:
    mina = employ(desk, "mina", "translator")
    draft_id = draft(desk)
    said = {"do": "say", "prompt": "welcome", "words": {"hi": "नमस्ते। शिकायत हेल्पलाइन।"}}
    assert act(mina, draft_id, 0, said).status_code == 200
    refused = act(mina, draft_id, 1, CHOICE)
    assert (refused.status_code, "changes words" in refused.get_json()["error"]) == (403, True)
    assert mina.post(f"/desk/flows/{draft_id}/publish", seen="x").status_code == 403
    assert mina.post(f"/desk/flows/{draft_id}/agree", seen="x").status_code == 403
    assert mina.post(f"/desk/flows/{draft_id}/discard").status_code == 403
    assert mina.post("/desk/flows/versions/1/again").status_code == 403
    assert save(mina, draft_id, 1, **{"../../etc/passwd": "x"}).status_code == 422


def test_words_alone_go_live_without_a_second_person(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, {"do": "say", "prompt": "how_can_we_help", "words": {"en": "How may we help you?"}})
    page = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert "Nobody else has to agree" in page
    assert page.count("as written") == 11
    published = sumitra.post(f"/desk/flows/{draft_id}/publish", seen=seen(page), note="friendlier")
    assert published.location == "/desk/flows"
    assert numbers(desk) == [(2, True, None), (1, False, None)]
    with desk.store.session() as session:
        assert session.scalars(select(FlowDraft.closed_at)).one() is not None
    assert sumitra.get(f"/desk/flows/{draft_id}").status_code == 404
    assert "1 to version 2" in sumitra.get("/desk/flows/versions/1/2").text


def test_another_way_needs_somebody_who_has_not_written_at_it(desk: Desk, sumitra: Browser) -> None:
    gopal, rahim = employ(desk, "gopal", "approver"), employ(desk, "rahim", "supervisor", "approver")
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, CHOICE)
    act(rahim, draft_id, 1, {"do": "say", "prompt": "cat_power", "words": {"en": "For power or water"}})
    proof = f"/desk/flows/{draft_id}/proof"
    page = sumitra.get(proof).text
    assert "Publish for new calls" not in page
    mark = files_hash(page, desk, draft_id)
    assert sumitra.act(f"/desk/flows/{draft_id}/publish", seen=mark).status_code == 403
    assert rahim.act(f"/desk/flows/{draft_id}/agree", seen=mark).status_code == 403
    assert "written at this draft yourself" in rahim.get(proof).text
    assert gopal.act(f"/desk/flows/{draft_id}/act", version=2, act="{}").status_code == 403
    shown = seen(gopal.get(proof).text)
    assert gopal.post(f"/desk/flows/{draft_id}/agree", seen=shown).location == proof
    # What changes after that has to be looked at again.
    act(sumitra, draft_id, 2, {"do": "set", "path": ["steps", "category", "choices", "6", "say"], "value": "cat_other"})
    assert sumitra.act(f"/desk/flows/{draft_id}/publish", seen=shown).status_code == 409
    act(sumitra, draft_id, 3, {"do": "set", "path": ["steps", "category", "choices", "6", "say"], "value": "cat_power"})
    page = sumitra.get(proof).text
    assert "Agreed to by gopal" in page
    assert sumitra.post(f"/desk/flows/{draft_id}/publish", seen=seen(page)).status_code == 302
    assert numbers(desk)[0] == (2, True, "gopal")
    assert sumitra.act("/desk/flows/versions/1/again").status_code == 200
    assert numbers(desk) == [(2, False, "gopal"), (1, True, None)]
    assert sumitra.act("/desk/flows/versions/2/withdraw").status_code == 200
    assert sumitra.act("/desk/flows/versions/2/again").status_code == 409
    assert sumitra.act("/desk/flows/versions/1/withdraw").status_code == 409
    assert "withdrawn" in sumitra.get("/desk/flows").text


def files_hash(page: str, desk: Desk, draft_id: int) -> str:
    with desk.store.read() as connection:
        return find_draft(connection, draft_id).hash


def test_a_rehearsal_that_goes_otherwise_keeps_a_draft_from_going_live(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, {"do": "say", "prompt": "opt_new_complaint", "words": {"bn": "নতুন কথা বলতে"}})
    page = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert "otherwise than written" in page
    assert "Publish for new calls" not in page
    refused = sumitra.act(f"/desk/flows/{draft_id}/publish", seen=files_hash(page, desk, draft_id))
    assert (refused.status_code, len(numbers(desk))) == (409, 1)


def test_what_the_studio_of_the_voice_published_meanwhile_is_taken_over(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, {"do": "say", "prompt": "opt_status", "words": {"en": "To hear about a complaint"}})
    voice = "/desk/studio/prompts/how_can_we_help"
    sumitra.post(f"{voice}/words", **words_form(sumitra.get(voice).text, words_en="How may we help?"))
    sumitra.post("/desk/studio/publish", seen=seen(sumitra.get("/desk/studio/publish").text))
    mark = files_hash("", desk, draft_id)
    assert sumitra.act(f"/desk/flows/{draft_id}/publish", seen=mark).status_code == 409
    assert "Take it over" in sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert sumitra.post(f"/desk/flows/{draft_id}/catch-up", version=1).status_code == 302
    english = files(desk, draft_id)["prompts/en.yaml"]
    assert "How may we help?" in english
    assert "To hear about a complaint" in english
    page = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert sumitra.post(f"/desk/flows/{draft_id}/publish", seen=seen(page)).status_code == 302
    assert numbers(desk)[0][:2] == (3, True)


def test_every_step_of_the_shipped_menus_has_a_form(sumitra: Browser) -> None:
    source = read_folder(SHIPPED)
    form = read_step_form(FLOW, source, "join_queue")
    told = {field.word: field.value for field in form.fields if field.kind == "way"}
    assert told["too_long"] == "nobody_free"
    assert {field.kind for field in form.fields} == {"", "text", "way", "words"}
    variants = [said.prompt for field in read_step_form(FLOW, source, "tell_status").fields for said in field.said]
    assert "status_registered" in variants


def marks_of(desk: Desk, draft_id: int) -> list[tuple[str, str]]:
    """How the words of the question of `category` are marked, by language in the order of the form."""
    form = read_step_form(FLOW, files(desk, draft_id), "category")
    said = next(said for field in form.fields for said in field.said if said.prompt == "choose_category")
    return [(language, said.marks.get(language, "")) for language in form.languages]


def test_words_beside_each_other_tell_which_are_missing_and_which_were_translated_from_others(
    desk: Desk, sumitra: Browser
) -> None:
    draft_id = draft(desk)
    assert marks_of(desk, draft_id) == [("en", ""), ("bn", ""), ("hi", "")]
    act(sumitra, draft_id, 0, {"do": "say", "prompt": "choose_category", "words": {"en": "What is wrong?"}})
    assert marks_of(desk, draft_id) == [("en", ""), ("bn", "stale"), ("hi", "stale")]
    # What still fits is said once more as it is: that changes no word, and counts as compared.
    before = files(desk, draft_id)
    bengali = re.findall(r"choose_category: (.*)", before["prompts/bn.yaml"])[0].strip('"')
    act(sumitra, draft_id, 1, {"do": "say", "prompt": "choose_category", "words": {"bn": bengali}})
    assert files(desk, draft_id)["prompts/bn.yaml"] == before["prompts/bn.yaml"]
    hindi = re.sub(r"  choose_category: .*\n", "", before["prompts/hi.yaml"])
    save(sumitra, draft_id, 2, prompts__hi=hindi)
    assert marks_of(desk, draft_id) == [("en", ""), ("bn", ""), ("hi", "missing")]


def tried(browser: Browser, draft_id: int, *moves: tuple[str, str], **setting: str) -> Any:
    return browser.act(f"/desk/flows/{draft_id}/try", moves=json.dumps(moves), **setting)


def test_a_draft_is_tried_on_a_keypad_at_any_hour_and_kept_as_a_rehearsal(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, CHOICE)
    moves = [("press", "2"), ("press", "1")]
    told = tried(sumitra, draft_id, *moves, clock="2026-03-02T11:00").get_json()
    assert (told["step"], told["waits"]) == ("category", "keys")
    assert f"{WORDS['en']}, press 6." in [line["words"] for line in told["lines"]]
    holiday = tried(
        sumitra, draft_id, ("press", "2"), ("press", "1"), ("press", "6"), clock="2027-01-26T11:00"
    ).get_json()
    assert "Republic Day" in " ".join(line["words"] for line in holiday["lines"])
    full = tried(sumitra, draft_id, *moves, ("press", "6"), ("press", "1"), clock="2026-03-02T11:00", queue="full")
    assert full.get_json()["step"] == "nobody_free"
    kept_full = {"moves": json.dumps([*moves, ("press", "6"), ("press", "1")]), "clock": "2026-03-02T11:00"}
    sumitra.act(f"/desk/flows/{draft_id}/rehearsal", **kept_full, queue="full", title="Full", version=1)
    assert '"category": "power"' in files(desk, draft_id)["rehearsals/full.yaml"]
    down = [("press", "2"), ("press", "2"), ("press", "26482173059"), ("press", "1")]
    lost = tried(sumitra, draft_id, *down, clock="2026-03-02T11:00", look_ups_down="on").get_json()
    assert "status_unavailable" in [line["prompt"] for line in lost["lines"]]
    assert tried(sumitra, draft_id, ("speak", "20")).status_code == 422
    keep = {
        "moves": json.dumps([*moves, ("press", "6")]),
        "clock": "2026-03-02T11:00",
        "title": "Power cut",
        "version": 2,
    }
    assert sumitra.act(f"/desk/flows/{draft_id}/rehearsal", **keep).get_json()["version"] == 3
    kept = files(desk, draft_id)["rehearsals/power_cut.yaml"]
    assert "  - outside: {hours: {open: {office." in kept
    assert 'office.closes: "18:00"}}}\n  - presses: 6\n' in kept
    assert sumitra.get(f"/desk/flows/{draft_id}/proof").text.count("as written") == 13
    save(
        sumitra,
        draft_id,
        3,
        helpline=files(desk, draft_id)["helpline.yaml"].replace("go: own_complaints", "go: nowhere"),
    )
    refused = tried(sumitra, draft_id)
    assert (refused.status_code, "Mend them first" in refused.get_json()["error"]) == (422, True)


@pytest.mark.parametrize("caller", ["new", "returning", "withheld"])
def test_a_kept_call_goes_the_same_way_when_the_hours_are_others(desk: Desk, sumitra: Browser, caller: str) -> None:
    """Calendars are changed at any time, and are no part of a draft."""
    draft_id = draft(desk)
    moves = [("press", "2"), ("press", "1"), ("press", "1")]
    keep = {"moves": json.dumps(moves if caller != "returning" else [("silent", ""), *moves[1:]]), "caller": caller}
    keep |= {"clock": "2027-01-26T11:00", "language": "bn", "title": "Holiday"}
    assert sumitra.act(f"/desk/flows/{draft_id}/rehearsal", **keep, version=0).status_code == 200
    source = files(desk, draft_id)
    kept = {"rehearsals/holiday.yaml": source["rehearsals/holiday.yaml"]}
    assert "holiday: {office.holiday: " in source["rehearsals/holiday.yaml"]
    always = load_calendars("office:\n  timezone: Asia/Kolkata\n  open:\n    mon-sun: 00:00-24:00\n")
    [outcome] = rehearse_all(load_flow(FLOW, source), kept, always)
    assert not outcome.differences


def test_a_line_is_heard_as_a_call_joins_it(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    line = tried(sumitra, draft_id, clock="2026-03-02T11:00").get_json()["lines"][0]
    address = f"/desk/flows/{draft_id}/sound"
    sound = sumitra.get(address, language=line["language"], units=line["units"])
    assert (sound.status_code, sound.content_type, sound.data[:4]) == (200, "audio/wav", b"RIFF")
    for odd in ("", "[]", "x", '[["a", false]]', json.dumps([["a" * 500, False, 0]])):
        assert sumitra.get(address, language="en", units=odd).status_code == 404


def test_a_draft_that_strands_a_caller_is_shown_by_a_call_and_never_published(desk: Desk, sumitra: Browser) -> None:
    gopal = employ(desk, "gopal", "approver")
    draft_id = draft(desk)
    before, _, after = files(desk, draft_id)["helpline.yaml"].partition("  closed_now:\n")
    lost = before + "  closed_now:\n" + after.replace("give_up: goodbye", "give_up: hang_up", 1)
    assert save(sumitra, draft_id, 0, helpline=lost).status_code == 200
    page = gopal.get(f"/desk/flows/{draft_id}/proof").text
    assert "No errors" in page  # the checker sees nothing here
    everybody = gopal.get(f"/desk/flows/{draft_id}/everybody").text
    assert "the caller is cut off without a word" in everybody
    assert "rehearsal:" in everybody
    assert "No call has been recorded yet" in everybody
    gopal.post(f"/desk/flows/{draft_id}/agree", seen=seen(page))
    refused = sumitra.act(f"/desk/flows/{draft_id}/publish", seen=files_hash(page, desk, draft_id))
    assert refused.status_code == 409
    assert "some callers would reach nobody" in refused.text
    assert len(numbers(desk)) == 1


def test_what_could_not_be_looked_at_as_a_whole_is_not_published_and_no_voice_is_asked_before(
    desk: Desk, sumitra: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exploration that gives up takes minutes: its answer stands in for it."""
    gopal = employ(desk, "gopal", "approver")
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, CHOICE)
    asked: list[str] = []
    monkeypatch.setattr("ivr.menus.going_live.explore_draft", lambda files: Explored(False, {}, {}, ()))
    monkeypatch.setattr("ivr.menus.going_live.render_missing", lambda sounds, wanted: asked.append("voice"))
    page = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    mark = files_hash(page, desk, draft_id)
    assert sumitra.act(f"/desk/flows/{draft_id}/publish", seen=mark).status_code == 403
    gopal.post(f"/desk/flows/{draft_id}/agree", seen=mark)
    refused = sumitra.act(f"/desk/flows/{draft_id}/publish", seen=mark)
    assert (refused.status_code, "more situations than could be looked at" in refused.text) == (409, True)
    assert (asked, len(numbers(desk))) == ([], 1)


def test_who_agreed_has_to_look_again_when_the_draft_stands_on_another_version(desk: Desk, sumitra: Browser) -> None:
    """The draft says the same, and callers have something else by now: what changes for them is not what was seen."""
    gopal = employ(desk, "gopal", "approver")
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, CHOICE)
    proof = f"/desk/flows/{draft_id}/proof"
    other = draft(desk, by="rahim", files=files(desk, draft_id))
    assert gopal.post(f"/desk/flows/{draft_id}/agree", seen=seen(gopal.get(proof).text)).status_code == 302
    assert gopal.post(f"/desk/flows/{other}/agree", seen=files_hash("", desk, other)).status_code == 302
    published = sumitra.post(f"/desk/flows/{other}/publish", seen=files_hash("", desk, other))
    assert published.location == "/desk/flows"
    assert sumitra.post(f"/desk/flows/{draft_id}/catch-up", version=1).status_code == 302
    with desk.store.read() as connection:
        caught_up = find_draft(connection, draft_id)
    assert (caught_up.approved_by, caught_up.approved_at, caught_up.is_approved) == (None, None, False)


def test_what_changes_is_told_in_the_readers_language(desk: Desk, sumitra: Browser) -> None:
    draft_id = draft(desk)
    act(sumitra, draft_id, 0, CHOICE)
    english = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert compare_sources(FLOW, read_folder(SHIPPED), files(desk, draft_id))[0].tell("en") in unescape(english)
    sumitra.post("/desk/screen-language", language="bn")
    bengali = sumitra.get(f"/desk/flows/{draft_id}/proof").text
    assert compare_sources(FLOW, read_folder(SHIPPED), files(desk, draft_id))[0].tell("bn") in unescape(bengali)


def write_call(session: Session, rows: list[Base]) -> None:
    for row in rows:
        session.add(row)
        session.flush()


def test_what_callers_did_is_told_step_by_step_with_the_last_calls_of_an_exit(desk: Desk, sumitra: Browser) -> None:
    assert "There was no such call" in sumitra.get("/desk/flows/figures/table").text
    at = desk.clock.now()
    for number in range(3):
        sid = f"CA{number}"
        to = "category" if number else ""
        went = [[1, "main_menu", "arrived", ""], [2, "main_menu", "key 1" if number else "hung_up", to]]
        rows = [Call(sid=sid, flow=FLOW, language="bn" if number else "en", started_at=at, from_number=MOBILE)]
        turns = [
            Turn(call_sid=sid, n=n, event_digest="", twiml="", path=json.dumps([one], separators=(",", ":")), at=at)
            for n, one in enumerate(went)
        ]
        desk.store.transact(partial(write_call, rows=[*rows, *turns]))
    table = sumitra.get("/desk/flows/figures/table").text
    assert "main_menu" in table
    assert "key 1: 2" in table
    assert "key 1: 2" not in sumitra.get("/desk/flows/figures/table", language="en").text
    calls = sumitra.get("/desk/flows/figures/calls", step="main_menu", why="key 1").text
    assert calls.count("<h2") == 2
    assert MOBILE[3:] not in calls
    table = sumitra.get("/desk/flows/figures/table", days=7, language="bn").text
    assert "why=key+1&amp;days=7&amp;language=bn" in table
    calls = sumitra.get("/desk/flows/figures/calls", step="main_menu", why="hung_up", days=7, language="bn").text
    assert calls.count("<h2") == 0  # the one who hung up spoke English
    assert "/desk/flows/figures?days=7&amp;language=bn" in calls
    assert sumitra.get("/desk/flows/figures", days=7, language="bn").status_code == 200
    assert employ(desk, "asha", "representative").get("/desk/flows/figures").status_code == 403


def test_figures_for_the_tree_are_by_step_and_by_day_in_the_digits_of_the_screen(
    desk: Desk, sumitra: Browser, tmp_path: Path
) -> None:
    line = LineInTest(desk.store, tmp_path / "line", desk.clock.now())
    line.call("CA1", "+919830012341").dial().press("2", "1", "7", "7").hang_up()
    line.clock.advance(86_400)
    desk.clock.advance(86_400)
    line.call("CA2", "+919830012342").dial().press("1", "8").hang_up()
    told = sumitra.get("/desk/flows/figures/steps", days=7).get_json()
    assert told["steps"]["main_menu"] == {
        "share": 1.0,
        "told": "2 · 100%",
        "numbers": ["2", "0", "1", "0", "1"],
        "wrong": "8 ×1",
        "left": "hung up 1",
        "went": [["hung_up", "hung up", "", 1], ["key 1", "key 1", "category", 1]],
    }
    assert told["most"] == 2
    assert (told["steps"]["category"]["told"], told["steps"]["category"]["wrong"]) == ("1 · 50%", "7 ×2")
    assert len(told["days"]) == 7
    by_day = [steps.get("main_menu") for _, steps in told["days"]]
    assert by_day[:3] == [["1", "0", "1", "0", "1"], ["1", "0", "0", "0", "0"], None]
    assert "category" not in sumitra.get("/desk/flows/figures/steps", days=7, language="bn").get_json()["steps"]
    bengali = open_studio(desk, "bina", "supervisor", screen="bn").get("/desk/flows/figures/steps", days=28).get_json()
    assert bengali["steps"]["category"]["wrong"] == "7 ×২"  # a key is what stands on the telephone
    assert bengali["steps"]["category"]["left"] == "ফোন রেখেছেন ১"
    assert ["key 1", "বোতাম 1", "category", 1] in bengali["steps"]["main_menu"]["went"]
    table = sumitra.get("/desk/flows/figures/table", days=7).text
    assert "7 ×2" in table
    assert employ(desk, "asha", "representative").get("/desk/flows/figures/steps").status_code == 403
