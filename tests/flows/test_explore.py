"""Exhaustive exploration: every situation, and a playable call for each in which callers are lost."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command import flows as command
from flows.exploration.graph import Graph
from flows.explore import Exploration, explore
from flows.flow import Flow
from flows.loading.reading import compile_flow, read_draft
from flows.rehearsal import rehearse
from flows.rehearsal_file import read_rehearsal
from flows.seconds import no_clips
from flows.state_json import from_json, to_json
from tests.flows.calls import shipped, small_flow

TRAP = """
  trap:
    menu: ask
    choices:
      1: {say: one, go: repeat}
    give_up: trap
  end:
    end: bye
"""


def unchecked(steps: str) -> Flow:
    """A flow with errors of the kind that the checker would find, compiled all the same."""
    text = f"flow: bad\nformat: 1\nlanguages: [en]\nwritten_in: en\nstart: first\nperson: first\nsteps:\n{steps}"
    words = "".join(f"  {key}: {key}\n" for key in ("ask", "one", "two", "bye"))
    catalogue = f'language: en\nlocale: en-IN\nkey_line: "{{say}}, press {{key}}."\nprompts:\n{words}'
    source = {"bad.yaml": text, "prompts/en.yaml": catalogue}
    return compile_flow(read_draft("bad", source, None), source)


def told(found: Exploration) -> set[tuple[str, str]]:
    return {(stranded.why, stranded.step) for stranded in found.stranded}


def played(flow: Flow, found: Exploration) -> None:
    for stranded in found.stranded:
        rehearsal, unreadable = read_rehearsal("x.yaml", stranded.rehearsal)
        assert rehearsal is not None, unreadable
        assert rehearse(flow, rehearsal, {}) == []
        assert stranded.is_played


def test_a_menu_that_leads_on_is_proven() -> None:
    found = explore(small_flow("\n  first:\n    menu: ask\n    choices:\n      1: {say: one, go: talk}\n"))
    assert found.is_proof
    # The question after no, one and two silences, in three languages before one is known.
    assert found.situations == 3 * 3
    assert found.tell("en").startswith(
        "From every one of 9 situations a caller reaches a person, a message or a goodbye"
    )
    assert found.keys == 1


def test_a_trap_is_shown_by_a_call() -> None:
    menu = "  first:\n    menu: ask\n    choices:\n      1: {say: one, go: trap}\n      2: {say: two, go: end}\n"
    flow = unchecked(f"{menu}    give_up: end{TRAP}")
    found = explore(flow)
    # Who has been in the menus for too long is not even asked: the step leads to itself until nothing works any more.
    assert told(found) == {("no_way_out", "trap"), ("breaks", "trap")}
    trapped = next(stranded for stranded in found.stranded if stranded.why == "no_way_out")
    assert trapped.keys == ("presses 1",)
    assert "presses: 1" in trapped.rehearsal
    played(flow, found)
    assert found.tell("en") == "In 4 of 7 situations that were looked at, callers are not looked after."


def test_who_presses_nothing_must_not_go_round() -> None:
    menu = "  first:\n    menu: ask\n    choices:\n      1: {say: one, go: end}\n    give_up: first\n"
    flow = unchecked(f"{menu}  end:\n    end: bye\n")
    found = explore(flow)
    assert told(found) == {("goes_round", "first"), ("breaks", "first")}
    played(flow, found)


def test_steps_that_only_go_round_break() -> None:
    flow = unchecked("  first:\n    say: ask\n    then: second\n  second:\n    say: one\n    then: first\n")
    assert explore(flow).stranded[0].why == "breaks"


def test_to_be_cut_off_without_a_word_is_told_unless_the_caller_asked_for_it() -> None:
    menu = "  first:\n    menu: ask\n    choices:\n      1: {say: one, go: hang_up}\n      2: {say: two, go: end}\n"
    end = "  end:\n    end: bye\n"
    assert ("cut_off", "first") in told(explore(unchecked(f"{menu}    give_up: hang_up\n{end}")))
    assert explore(unchecked(f"{menu}    give_up: end\n{end}")).is_proof


def test_the_outside_answers_as_badly_as_it_may() -> None:
    """A caller cannot choose what a calendar says: one good answer is no way out."""
    found = explore(unchecked("  first:\n    hours: office\n    open: end\n    closed: trap\n    holiday: end" + TRAP))
    assert {stranded.step for stranded in found.stranded} == {"first", "trap"}


def test_conditions_on_what_is_known_are_told_apart() -> None:
    steps = """
  first:
    decide:
      - {when: caller.number is withheld, go: trap}
    otherwise: end
"""
    flow = unchecked(steps.rstrip() + TRAP)
    found = explore(flow)
    assert told(found) == {("no_way_out", "trap"), ("breaks", "trap")}
    assert all("caller: withheld" in stranded.rehearsal for stranded in found.stranded)
    played(flow, found)


def test_a_wording_that_is_missing_breaks_in_its_language_only() -> None:
    flow = small_flow("\n  first:\n    menu: ask\n    choices:\n      1: {say: one, go: talk}\n", languages="en")
    del flow.catalogues["en"].prompts["one"]  # type: ignore[attr-defined]  # a plain dict at run time
    assert explore(flow).stranded[0].why == "breaks"


def test_each_way_that_is_tried_out_is_looked_at() -> None:
    steps = "  first:\n    try_out: a\n    ways:\n      x: {share: 99, go: end}\n      y: {share: 1, go: trap}" + TRAP
    assert {stranded.step for stranded in explore(unchecked(steps)).stranded} == {"first", "trap"}


def test_more_situations_than_may_be_looked_at_prove_nothing() -> None:
    found = explore(shipped(), most=50)
    assert not found.is_proof
    assert found.tell("en") == "There are more than 50 situations. That is too many to look at, so nothing is proven."


def test_what_is_left_out_is_said_in_three_languages() -> None:
    found = explore(small_flow("\n  first:\n    menu: ask\n    choices:\n      1: {say: one, go: talk}\n"))
    assert len({len(found.left_out(language)) for language in ("bn", "en", "hi")}) == 1
    assert any("stands for all" in sentence for sentence in found.left_out("en"))


def test_the_shipped_flow_is_proven_and_every_situation_is_a_state_of_a_call() -> None:
    graph = Graph(shipped(), no_clips, 100_000)
    graph.search()
    assert graph.is_complete
    steps = {node.state.step for node in graph.nodes}
    waiting = {"say", "decide", "set", "sms", "end"}
    assert steps >= {name for name, step in shipped().steps.items() if hasattr(step, "choices")}
    assert not steps & waiting
    assert all(from_json(to_json(node.state)) == node.state for node in graph.nodes[:200])
    found = explore(shipped())
    assert found.is_proof, [stranded.rehearsal for stranded in found.stranded]
    assert found.seconds < found.silent_seconds < 600


def test_the_command_fails_and_saves_the_calls(tmp_path: Path) -> None:
    trap = (
        "flow: bad\nformat: 1\nlanguages: [en]\nstart: first\nperson: first\nsteps:\n"
        "  first:\n    menu: ask\n    choices:\n      1: {say: ask, go: hang_up}\n      2: {say: ask, go: end}\n"
        "    give_up: hang_up\n  end:\n    end: ask\n"
    )
    (tmp_path / "prompts").mkdir()
    (tmp_path / "bad.yaml").write_text(trap, encoding="utf-8")
    words = 'language: en\nlocale: en-IN\nkey_line: "{say}, press {key}."\nprompts:\n  ask: Hello\n'
    (tmp_path / "prompts" / "en.yaml").write_text(words, encoding="utf-8")
    ran = CliRunner().invoke(command, ["explore", str(tmp_path), "--save", str(tmp_path / "lost")])
    assert ran.exit_code == 1
    assert 'At step "first" the caller is cut off without a word.' in ran.output
    assert "silent" in (tmp_path / "lost" / "bad_1.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_the_difference_of_two_folders(tmp_path: Path, language: str) -> None:
    shipped_folder = Path(__file__).parents[2] / "flows"
    other = tmp_path / "other"
    (other / "prompts").mkdir(parents=True)
    for path in [*shipped_folder.glob("*.yaml"), *(shipped_folder / "prompts").glob("*.yaml")]:
        text = path.read_text(encoding="utf-8").replace("too_long: nobody_free", "too_long: book_callback")
        (other / path.relative_to(shipped_folder)).write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(command, ["diff", str(shipped_folder), str(other), "--language", language])
    assert ran.exit_code == 0
    assert "book_callback" in ran.output
    assert ran.output.splitlines()[-1].startswith("A second person")
