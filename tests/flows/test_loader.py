"""The compiled form of a flow is what its files say."""

from pathlib import Path

import pytest

from flows.flow import (
    Ask,
    Choice,
    ChooseLanguage,
    Clause,
    Decide,
    KnownCaller,
    LookUp,
    Menu,
    NoteType,
    Place,
    Queue,
    Record,
    Say,
    Text,
)
from flows.loader import BrokenFlow, content_hash, load_flow, read_source

SOUND = read_source(Path(__file__).parent / "sound")
FLOW = load_flow("helpline", SOUND)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    assert old in SOUND[file]
    return {**SOUND, file: SOUND[file].replace(old, new)}


def test_the_heading() -> None:
    assert (FLOW.name, FLOW.title, FLOW.languages, FLOW.written_in) == (
        "helpline",
        "A small line",
        ("bn", "en", "hi"),
        "en",
    )
    assert (FLOW.start, FLOW.home, FLOW.person) == ("greeting", "main_menu", "office_hours")
    assert FLOW.keys_everywhere.keys == {"*": "back", "#": "repeat", "0": "person"}
    assert FLOW.notes["category"] == NoteType(values=("ration", "police"))


def test_settings_are_the_steps_own_else_the_flows_else_built_in() -> None:
    step = load_flow(
        "helpline", changed("helpline.yaml", "    say: trouble\n", "    say: trouble\n    interrupt: no\n")
    )
    assert step.steps["trouble"].defaults.interrupt is False
    menu = FLOW.steps["main_menu"]
    assert menu.defaults.interrupt is True
    assert menu.defaults.on_silence == {1: "not_heard"}
    assert (menu.defaults.wait, menu.defaults.give_up, menu.defaults.on_error) == (6.0, "person", "trouble")
    assert FLOW.steps["ask_number"].defaults.give_up == "join_queue"


def test_a_language_step() -> None:
    step = FLOW.steps["choose_language"]
    assert isinstance(step, ChooseLanguage)
    assert list(step.choices.items()) == [("1", "bn"), ("2", "en"), ("3", "hi")]
    assert step.known_caller == KnownCaller("welcome_back", "9", 2.0)
    assert step.speak_on_give_up == "bn"


def test_a_menu_keeps_its_choices_in_the_order_written_and_knows_where_they_stand() -> None:
    step = FLOW.steps["category"]
    assert isinstance(step, Menu)
    assert step.choices[0] == Choice("1", "cat_ration", None, {}, "ration", Place("helpline.yaml", 53, 7))
    assert (step.note, step.then) == ("category", "office_hours")


def test_questions_and_look_ups() -> None:
    ask, look_up = FLOW.steps["ask_reference"], FLOW.steps["find_complaint"]
    assert isinstance(ask, Ask)
    assert (ask.kind, ask.note, ask.digits, ask.finish_key) == ("reference", "reference", None, "#")
    assert isinstance(look_up, LookUp)
    assert look_up.outcomes == {"found": "tell_status", "not_found": "reference_not_found", "failed": "trouble"}


def test_a_queue_and_what_is_said_in_it() -> None:
    step = FLOW.steps["join_queue"]
    assert isinstance(step, Queue)
    assert (step.longest_wait, step.waiting.every, step.waiting.music) == (900.0, 40.0, "hold_music")
    assert step.waiting.keys[0].go == "leave_message"
    assert step.urgent_when
    assert step.urgent_when.clauses == (Clause("category", "is", ("police",), False),)


def test_withheld_is_not_known() -> None:
    source = changed("helpline.yaml", "caller.number is mobile", "caller.number is withheld and reference is not known")
    step = load_flow("helpline", source).steps["which_number"]
    assert isinstance(step, Decide)
    assert step.rows[0].when.clauses == (
        Clause("caller.number", "known", (), True),
        Clause("reference", "known", (), True),
    )


def test_keys_by_name_and_prompts_by_fact() -> None:
    record, say = FLOW.steps["leave_message"], FLOW.steps["tell_status"]
    assert isinstance(record, Record)
    assert record.finish_key == "#"
    assert isinstance(say, Say)
    assert say.prompts == ("status_{complaint.status}",)


def test_a_prompt_is_cut_into_words_and_blanks() -> None:
    prompt = FLOW.catalogues["en"].prompts["your_place"]
    assert prompt.texts == (
        Text(words="You are number "),
        Text(blank="queue.place", kind="number"),
        Text(words=" in the line."),
    )
    assert FLOW.catalogues["bn"].key_line.source == "{say} {key} টিপুন।"


def test_every_scalar_is_text() -> None:
    """YAML's own ideas of numbers, times and truth would make 600 of 10:00 and True of yes."""
    source = changed(
        "helpline.yaml", "{one_of: [ration, police]}", "{one_of: [yes, 010, 10:00, 1e3, ~, ration, police]}"
    )
    assert load_flow("helpline", source).notes["category"].values[:5] == ("yes", "010", "10:00", "1e3", "~")


def test_a_broken_flow_is_refused_with_its_findings() -> None:
    with pytest.raises(BrokenFlow, match="error E05") as refusal:
        load_flow("helpline", changed("helpline.yaml", "go: ask_reference", "go: ask_refrence"))
    assert [finding.code for finding in refusal.value.findings] == ["E05"]


def test_a_missing_file_is_said() -> None:
    with pytest.raises(BrokenFlow, match='there is no file "other.yaml"'):
        load_flow("other", SOUND)


def test_warnings_do_not_keep_a_flow_from_loading() -> None:
    assert load_flow("helpline", changed("prompts/en.yaml", "  trouble: ", "  unused: Words\n  trouble: "))


def test_the_version_is_named_by_everything_but_the_calendar() -> None:
    assert FLOW.version == content_hash(SOUND)
    assert content_hash(changed("calendars.yaml", "18:00", "17:00")) == FLOW.version
    assert content_hash(changed("prompts/en.yaml", "Goodbye.", "Good bye.")) != FLOW.version
    assert content_hash({"a": "bc"}) != content_hash({"ab": "c"})
