"""Walks, reading aloud, rehearsals and the wait: a flow seen from outside, with no telephone."""

from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from flows.read import read_aloud, read_pages
from flows.read_command import read, rehearse
from flows.rehearse import read_rehearsals, rehearse_all
from flows.saying import written
from flows.waiting import SILENCE, while_waiting
from flows.walks import walk_flow
from tests.flows.calls import ROOM, dial, shipped, shipped_calendars, small_flow

TODAY = date(2026, 11, 22)  # a Sunday


def test_every_walk_of_the_helpline_ends_with_goodbye() -> None:
    walks = walk_flow(shipped(), shipped_calendars(), TODAY)
    assert [walk.who for walk in walks] == [
        "a silent caller",
        "a caller in bn",
        "a caller in en",
        "a caller in hi",
        "a caller with a withheld number",
        "a caller on a holiday",
        "a caller in closed hours",
    ]
    assert [walk.problem for walk in walks] == [""] * len(walks)
    assert {walk.ending for walk in walks} == {"goodbye"}


def test_a_walk_is_told_in_a_sentence() -> None:
    steps = "  first:\n    menu: kind\n    choices:\n      1: {say: one, go: talk}\n    give_up: talk\n"
    walks = walk_flow(small_flow(steps, languages="en"), {}, TODAY)
    assert str(walks[0]) == "a silent caller hears 6 things and talk after 27 seconds"


def test_a_silent_caller_is_called_back() -> None:
    walk = walk_flow(shipped(), shipped_calendars(), TODAY)[0]
    assert walk.on_the_way == ('waits in line for "complaints"', "is promised a call-back")


def test_a_walk_that_breaks_says_where() -> None:
    flow = shipped()
    prompts = {key: prompt for key, prompt in flow.catalogues["hi"].prompts.items() if key != "how_can_we_help"}
    broken = replace(flow, catalogues={**flow.catalogues, "hi": replace(flow.catalogues["hi"], prompts=prompts)})
    walks = {walk.who: walk for walk in walk_flow(broken, shipped_calendars(), TODAY)}
    assert "trouble" in walks["a caller in hi"].steps
    assert "trouble" not in walks["a caller in en"].steps


def test_the_holiday_walk_is_told_of_the_holiday() -> None:
    walk = walk_flow(shipped(), shipped_calendars(), TODAY)[5]
    assert "closed_for_holiday" in walk.steps


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_flow_is_read_in_every_language_with_every_step(language: str) -> None:
    pages = list(read_pages(shipped(), language))
    assert sorted(page.step for page in pages) == sorted(shipped().steps)
    assert pages[0].step == "greeting"
    assert len(pages) == len({page.step for page in pages})


def test_a_flow_is_read_with_keys_seconds_and_ways() -> None:
    text = read_aloud(shipped(), "en")
    assert "  1  For ration, press 1.   -> office_hours\n" in text
    assert "category (menu)   18 s\n" in text
    assert "You are number {queue.place} in the line." in text
    assert "       holiday: closed_for_holiday\n" in text
    assert "is under appeal" in text


def test_the_command_reads_and_names_the_languages_it_has() -> None:
    done = CliRunner().invoke(read, ["helpline", "--language", "hi"])
    assert done.exit_code == 0
    assert "राशन के लिए 1 दबाएँ।" in done.output
    refused = CliRunner().invoke(read, ["helpline", "--language", "ta"])
    assert refused.exit_code == 1
    assert "Choose one of: bn, en, hi." in refused.output


def test_every_shipped_rehearsal_goes_as_written() -> None:
    outcomes = list(rehearse_all(shipped(), read_rehearsals(ROOM), shipped_calendars()))
    assert len(outcomes) >= 9
    assert [str(difference) for outcome in outcomes for difference in outcome.differences] == []


def test_the_command_rehearses() -> None:
    done = CliRunner().invoke(rehearse, ["helpline"])
    assert done.exit_code == 0, done.output
    assert "0 of them not as written." in done.output


HEAD = "rehearsal: r\nclock: 2026-12-01 11:00\ncaller: withheld\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "call:\n  - hears: bananas\n", 'x.yaml:5:5: "bananas" was expected here, but the caller hears "নমস্কার'),
        (HEAD + "call:\n  - records: 5s\n", 'x.yaml:5:5: nothing is recorded here: the call is at step "choose_lang'),
        (HEAD + "call:\n  - queue: full\n", "x.yaml:5:5: the caller stands in no line here"),
        (HEAD + "call:\n  - hangs_up\n  - silent\n", "x.yaml:6:5: the call is over here"),
        (HEAD + "call: [silent]\nends_in: goodbye\n", 'ends in step "choose_language", not in "goodbye".'),
        (
            HEAD + "call: [silent]\nagent_sees: {category: ration}\n",
            'category "ration", but sees "nothing".',
        ),
        (HEAD + "call: [dances]\n", '"dances" is nothing that a caller does.'),
        (HEAD + "call:\n  - presses: 1a\n", '"1a" are no keys of a telephone.'),
        (HEAD + "call:\n  - records: long\n", '"long" is not a length of time.'),
        (HEAD + "call:\n  - queue: left\n", '"left" is no way out of a queue.'),
        (HEAD + "dance: yes\ncall: []\n", '"dance" is not a word a rehearsal knows.'),
        ("clock: noon\ncall: []\n", '"noon" is not a time.'),
        ("call: []\n", 'a rehearsal needs "clock"'),
        ("clock: 2026-12-01 11:00\n", 'a rehearsal needs "call"'),
        ("clock: [", "this line cannot be read"),
    ],
)
def test_a_rehearsal_that_differs_says_where_and_how(text: str, message: str) -> None:
    outcome = next(rehearse_all(shipped(), {"x.yaml": text}, shipped_calendars()))
    assert message in "\n".join(str(difference) for difference in outcome.differences)


def test_a_waiting_caller_hears_place_wait_and_keys() -> None:
    call = dial()
    for key in "2111":
        call.press(key)
    assert call.state is not None
    waiting = while_waiting(call.flow, call.state, {"queue.place": "3", "queue.minutes": "12"})
    assert [written(line) for line in waiting.lines] == [
        "You are number 3 in the line.",
        "The wait, in minutes, is about 12.",
        "To keep your place and be called back, press 1.",
        "To leave a message, press 2.",
    ]
    assert (waiting.music, waiting.every, waiting.keys) == ("hold_music", 40.0, ("1", "2"))


def test_a_wait_leaves_out_what_is_not_known() -> None:
    call = dial()
    for key in "2111":
        call.press(key)
    assert call.state is not None
    waiting = while_waiting(call.flow, call.state, {"queue.place": "3"})
    assert [line.prompt for line in waiting.lines][:2] == ["your_place", "opt_callback_keep_place"]


def test_who_stands_in_no_line_hears_nothing() -> None:
    call = dial()
    assert call.state is not None
    assert while_waiting(call.flow, call.state, {}) == SILENCE
