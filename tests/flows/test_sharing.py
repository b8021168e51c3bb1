"""`run` and `try_out`: shared menus, and menus tried on a share of the callers."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from flows.flow import Menu
from flows.loader import BrokenFlow, load_flow
from flows.source import find_flows, read_source
from flows.steps.sharing import draw_lot
from flows.walks import walk_flow
from tests.flows.calls import dial, keys_of, small_flow, small_source

SURVEY = """flow: survey
format: 1
languages: [bn, en, hi]
results: [pleased, cross]
start: how_was_it
notes:
  about: {one_of: [health, ration]}
  rating: {one_of: [1, 2]}
steps:
  how_was_it:
    menu: how_was_it
    note: rating
    choices:
      1: {say: good, is: 1, go: pleased}
      2: {say: bad, is: 2, go: sorry}
  sorry:
    say: sorry
    then: cross
"""
SHARED = """
  first:
    run: survey
    pass: {about: health}
    results: {pleased: bye_now, cross: first_again}
  first_again:
    run: survey
    results: {pleased: bye_now, cross: repeat}
  bye_now:
    end: bye
"""
WORDS = dict.fromkeys(("how_was_it", "good", "bad", "sorry", "bye"), "")
EVERYWHERE = "keys_everywhere:\n  0: person\n  star: back\nnotes: {own: {one_of: [a]}}\n"
TRIED = """
  lots:
    try_out: shorter
    ways:
      long: {share: 70, go: long_menu}
      short: {share: 30, go: short_menu}
  long_menu:
    end: long
  short_menu:
    end: short
"""


def test_another_flow_is_run_and_comes_back_with_a_result() -> None:
    call = dial(small_flow(SHARED, head=EVERYWHERE, prompts=WORDS, **{"survey.yaml": SURVEY}))
    assert call.step == "first/how_was_it"
    call.press("2")
    assert call.step == "first_again/how_was_it"  # where the result of the first one leads, not that of the second
    call.press("2")
    assert call.step == "first_again/how_was_it"
    assert "sorry" in keys_of(call)
    call.press("1")
    assert call.step == "bye_now"
    assert call.closed is not None
    assert call.closed.notes == {"about": "health", "rating": "1"}
    assert [(went.step, went.why, went.to) for went in call.path][:2] == [
        ("", "arrived", "first"),
        ("first", "run", "first/how_was_it"),
    ]


def test_keys_that_work_everywhere_are_those_of_the_flow_that_runs_it() -> None:
    call = dial(small_flow(SHARED, head=EVERYWHERE, prompts=WORDS, **{"survey.yaml": SURVEY}))
    call.press("0")
    assert call.step == "talk"


def test_a_key_that_works_everywhere_is_hidden_by_no_flow_that_is_run() -> None:
    part = SURVEY.replace("      2: {", "      0: {")
    with pytest.raises(BrokenFlow, match="already means"):
        small_flow(SHARED, head=EVERYWHERE, prompts=WORDS, **{"survey.yaml": part})


@pytest.mark.rest
def test_flows_that_double_at_each_level_are_refused() -> None:
    def part(level: int) -> str:
        inner = f"part{level + 1}"
        return (
            f"flow: part{level}\nformat: 1\nlanguages: [bn, en, hi]\nresults: [done]\nstart: a\nsteps:\n"
            f"  a:\n    run: {inner}\n    results: {{done: b}}\n  b:\n    run: {inner}\n    results: {{done: done}}\n"
        )

    parts = {f"part{level}.yaml": part(level) for level in range(20)}
    parts["part20.yaml"] = (
        SURVEY.replace("flow: survey", "flow: part20")
        .replace("[pleased, cross]", "[done]")
        .replace("go: pleased", "go: done")
        .replace("then: cross", "then: done")
    )
    steps = "\n  first:\n    run: part0\n    results: {done: bye_now}\n  bye_now:\n    end: bye\n"
    with pytest.raises(BrokenFlow, match="more than 20000 steps"):
        load_flow("small", small_source(steps) | parts)


def test_a_flow_that_others_run_is_not_checked_by_itself(tmp_path: Path) -> None:
    (tmp_path / "survey.yaml").write_text(SURVEY, encoding="utf-8")
    assert find_flows(tmp_path)[1] == ["survey"]
    (tmp_path / "small.yaml").write_text(f"flow: small\nsteps:\n{SHARED}", encoding="utf-8")
    assert find_flows(tmp_path)[1] == ["small"]
    assert find_flows(tmp_path / "survey.yaml")[1] == ["survey"]


def test_steps_of_a_flow_that_is_run_are_walked_too() -> None:
    flow = small_flow(SHARED, head=EVERYWHERE, prompts=WORDS, **{"survey.yaml": SURVEY})
    assert isinstance(flow.steps["first/how_was_it"], Menu)
    assert [walk for walk in walk_flow(flow, {}, date(2026, 12, 1)) if walk.problem] == []


def test_the_same_caller_always_goes_the_same_way() -> None:
    flow = small_flow(TRIED)
    for number in range(50):
        caller = f"+9198300{number:05}"
        assert len({dial(flow, number=caller, at=float(at)).step for at in (0, 5_000, 9_999_999)}) == 1


def test_shares_are_kept_over_many_callers() -> None:
    flow = small_flow(TRIED)
    counted = Counter(dial(flow, number=f"+9198300{number:05}").step for number in range(600))
    assert 130 < counted["short_menu"] < 230  # 180 expected; four standard deviations are 45
    path = dial(flow).path
    assert path[1].why in ("long", "short")


def test_callers_who_withhold_their_number_are_shared_out_too() -> None:
    flow = small_flow(TRIED)
    assert {dial(flow, number=None, at=float(at)).step for at in range(40)} == {"long_menu", "short_menu"}


def test_another_step_or_version_draws_anew() -> None:
    lots = {draw_lot("+919830012345", step, version) for step in "abcdef" for version in "123456"}
    assert len(lots) > 10
    assert all(0 <= lot < 100 for lot in lots)


def test_a_sound_folder_is_read_with_the_flows_that_it_runs() -> None:
    source = read_source(Path(__file__).parent / "sound")
    notices = "    announcements: helpline\n    then: main_menu\n"
    run = "    run: survey\n    results: {pleased: main_menu, cross: main_menu}\n"
    part = SURVEY.replace("about: {one_of: [health, ration]}\n", "").replace(
        "  sorry:\n    say: sorry", "  sorry:\n    say: trouble"
    )
    for old, new in (
        ("how_was_it\n    note", "choose_category\n    note"),
        ("say: good", "say: cat_ration"),
        ("say: bad", "say: cat_police"),
    ):
        part = part.replace(old, new)
    source["helpline.yaml"] = source["helpline.yaml"].replace(notices, run)
    flow = load_flow("helpline", source | {"survey.yaml": part})
    assert "notices/how_was_it" in flow.steps
