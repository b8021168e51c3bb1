"""Changes of a flow's files at their place: what is meant changes, everything else stays letter by letter."""

from datetime import date
from pathlib import Path

import pytest

import flows
from flows.check import check_and_keep, check_source
from flows.drawing import Drawing, draw_flow
from flows.editing.acts import change, leads_somewhere
from flows.editing.blank_steps import ASKED
from flows.editing.splices import add_entry, add_item, as_scalar, remove_part, set_value
from flows.editing.text_tree import CannotEdit, find_part, read_parts, walk_parts
from flows.flow_folder import read_folder, write_folder
from flows.kinds_of_change import kinds_of_change
from flows.loading.grammar import VERBS
from flows.nodes import read_nodes
from flows.source import Source
from flows.taking_over import take_over

SOURCE = read_folder(Path(flows.__file__).parent)
TEXT = SOURCE["helpline.yaml"]
LEAVES = [path for path, part in walk_parts(read_parts(TEXT)) if part.kind == "scalar"]


def lines_changed(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


@pytest.mark.parametrize("value", ["goodbye", "10:00", "yes", "a: b", "a, b", "#1", "{x|number}", '"', "নমস্কার।", " x"])
def test_a_value_is_read_back_as_it_was_given(value: str) -> None:
    after = set_value(TEXT, ("steps", "category", "then"), value)
    assert find_part(read_parts(after), ("steps", "category", "then")).text == value
    assert sum(one != other for one, other in zip(TEXT.splitlines(), after.splitlines(), strict=True)) == 1
    node, findings = read_nodes("x.yaml", f"a: [{as_scalar(value)}]")
    assert node is not None
    assert not findings


@pytest.mark.parametrize("path", LEAVES[::7])
def test_any_value_of_the_shipped_flow_changes_alone(path: tuple[str, ...]) -> None:
    after = set_value(TEXT, path, "somewhere_else")
    assert find_part(read_parts(after), path).text == "somewhere_else"
    assert after.count("\n") == TEXT.count("\n")
    assert sum(one != other for one, other in zip(TEXT.splitlines(), after.splitlines(), strict=True)) == 1


def test_entries_and_items_go_where_people_would_write_them() -> None:
    rows = ("steps", "which_number", "decide")
    assert lines_changed(TEXT, add_item(TEXT, rows, {"when": "category is ration", "go": "goodbye"})) == [
        "      - {when: category is ration, go: goodbye}"
    ]
    once = add_entry(TEXT, ("steps", "choose_language", "choices"), "4", "ur")
    assert "choices: {1: bn, 2: en, 3: hi, 4: ur}" in once
    assert add_entry("a:\n", ("a",), "b", "c") == "a:\n  b: c\n"


def test_what_is_taken_away_leaves_its_neighbours() -> None:
    assert remove_part("a: {b: 1, c: 2}  # x\n", ("a", "c")) == "a: {b: 1}  # x\n"
    assert remove_part("a: {b: 1, c: 2}\n", ("a", "b")) == "a: {c: 2}\n"
    assert remove_part("a:\n  - 1\n  # x\n  - 2\n", ("a", "1")) == "a:\n  - 1\n  # x\n"
    with pytest.raises(CannotEdit, match="last_one"):
        remove_part("a: {b: 1}\n", ("a", "b"))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ({"do": "set", "path": ["steps", "nowhere"], "value": "x"}, "gone"),
        ({"do": "set", "path": ["steps", "category"], "value": "x"}, "several"),
        ({"do": "add", "path": ["steps", "category"], "key": "note", "value": "x"}, "twice"),
        ({"do": "rename", "step": "category", "name": "person"}, "bad_name"),
        ({"do": "fly"}, "unknown_act"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(act: dict[str, object], why: str) -> None:
    with pytest.raises(CannotEdit, match=why):
        change(SOURCE, "helpline", act)


def draw(source: Source, *, language: str = "") -> Drawing:
    return draw_flow(check_and_keep("helpline", source, today=date(2026, 3, 2)), source, language=language)


def test_a_step_is_called_otherwise_wherever_somebody_is_led_to_it() -> None:
    after = change(SOURCE, "helpline", {"do": "rename", "step": "goodbye", "name": "farewell"})
    assert "goodbye" not in {way.to for way in draw(after).ways}
    assert "    end: goodbye\n" in after["helpline.yaml"]  # the prompt of the same name
    assert not [one for one in check_source("helpline", after, today=date(2026, 3, 2)) if one.severity == "error"]


@pytest.mark.parametrize("verb", sorted(set(ASKED) - {"sms"}))
def test_a_step_of_each_verb_is_added_without_an_error(verb: str) -> None:
    told = {"says": "welcome", "note": "contact_number", "value": "caller.number", "kind": "mobile"}
    told |= {"calendar": "office", "board": "helpline", "queue": "complaints", "when": "category is ration"}
    act = {"do": "add_step", "name": "new_one", "verb": verb, "told": told, "words": {}, "after": "category"}
    after = change(SOURCE, "helpline", act)
    assert not [one for one in check_source("helpline", after, today=date(2026, 3, 2)) if one.severity == "error"]
    names = [step.name for step in draw(after).steps]
    assert names[names.index("category") + 1] == "new_one"


def test_only_destinations_are_taken_for_ways() -> None:
    ways = {way.path for way in draw(SOURCE).ways}
    assert all(leads_somewhere(path) for path in ways)
    assert not leads_somewhere(("steps", "join_queue", "queue"))
    assert not leads_somewhere(("steps", "category", "choices", "1", "say"))


def test_a_drawing_has_every_step_also_of_a_broken_flow() -> None:
    broken = {**SOURCE, "helpline.yaml": TEXT.replace("go: own_complaints", "go: own_complaint")}
    drawing = draw(broken)
    assert len(drawing.steps) == len(draw(SOURCE).steps)
    assert [step.errors for step in drawing.steps if step.name == "main_menu"] == [1]
    said = {step.name: step.says for step in draw(SOURCE, language="bn").steps}
    assert said["main_menu"] == "কী সাহায্য লাগবে?"
    assert not draw({"helpline.yaml": "steps: ["}).is_readable


def test_a_folder_is_written_and_read_back_letter_by_letter(tmp_path: Path) -> None:
    odd = {**SOURCE, "helpline.yaml": TEXT.replace("\n", "\r\n")}
    (tmp_path / "old.yaml").write_text("a: b\n")
    assert write_folder(tmp_path, odd) == ["old.yaml"]
    (tmp_path / "old.yaml").unlink()
    assert read_folder(tmp_path) == odd


def test_what_both_have_changed_stays_and_is_told() -> None:
    live = change(SOURCE, "helpline", {"do": "say", "prompt": "welcome", "words": {"en": "Hello."}})
    live = change(live, "helpline", {"do": "say", "prompt": "rate_us", "words": {"en": "How was it?"}})
    mine = change(SOURCE, "helpline", {"do": "say", "prompt": "welcome", "words": {"en": "Welcome."}})
    taken = take_over(SOURCE, live, mine)
    assert taken.both == ("prompts/en.yaml welcome",)
    assert 'welcome: "Welcome."' in taken.source["prompts/en.yaml"]
    assert 'rate_us: "How was it?"' in taken.source["prompts/en.yaml"]
    assert kinds_of_change(SOURCE, taken.source) == {"wording"}


CATALOGUE = """key_line: "{say}, press {key}."

prompts:
  # arriving
  welcome: Namaskar.
  notice: {text: This call may be recorded., recording: old.wav}
  rate_us: How was it?
  goodbye: "Goodbye."
"""


def test_everything_that_only_the_published_catalogue_has_changed_comes_along() -> None:
    """The line for a key, a prompt's recording, a prompt that is no more; remarks of the draft stay."""
    live = CATALOGUE.replace("{say}, press {key}.", "{say}: {key}.").replace("old.wav", "new.wav")
    live = live.replace("  rate_us: How was it?\n", "").replace("Namaskar.", "{text: Welcome., recording: w.wav}")
    mine = CATALOGUE.replace('"Goodbye."', '"Farewell."').replace("# arriving", "# the first words")
    taken = take_over(*({"prompts/en.yaml": text} for text in (CATALOGUE, live, mine)))
    assert taken.both == ()
    expected = live.replace('"Goodbye."', '"Farewell."').replace("# arriving", "# the first words")
    assert taken.source["prompts/en.yaml"] == expected


def test_a_prompt_that_one_has_removed_and_the_other_changed_is_told() -> None:
    without = CATALOGUE.replace("  rate_us: How was it?\n", "")
    changed = CATALOGUE.replace("How was it?", "Was it good?")
    for live, mine in ((without, changed), (changed, without)):
        taken = take_over(*({"prompts/en.yaml": text} for text in (CATALOGUE, live, mine)))
        assert (taken.both, taken.source["prompts/en.yaml"]) == (("prompts/en.yaml rate_us",), mine)


@pytest.mark.parametrize("text", ["prompts: [", "nothing: here\n", "prompts: {welcome: Hello}\n", ""])
def test_a_catalogue_that_cannot_be_merged_stays_and_is_told(text: str) -> None:
    live = CATALOGUE.replace("Namaskar.", "Welcome.")
    taken = take_over(*({"prompts/en.yaml": each} for each in (CATALOGUE, live, text)))
    assert taken.source["prompts/en.yaml"] == text
    assert taken.both[0].startswith("prompts/en.yaml ")


def test_words_of_a_step_that_are_no_destinations_stay_when_a_step_of_that_name_is_renamed() -> None:
    for verb, grammar in VERBS.items():
        for word in grammar.words(verb):
            is_way = word in (*grammar.outcomes, "then", "give_up", "on_error")
            assert leads_somewhere(("steps", "x", word)) is is_way, (verb, word)
    step = "steps:\n  caller:\n    set: {a: b}\n    then: hang_up\n  ring:\n    callback: booked\n    number: caller\n"
    text = step + "    keep_place: yes\n    booked: caller\n"
    after = change({"helpline.yaml": text}, "helpline", {"do": "rename", "step": "caller", "name": "first"})
    assert "    number: caller\n" in after["helpline.yaml"]
    assert "    booked: first\n" in after["helpline.yaml"]
