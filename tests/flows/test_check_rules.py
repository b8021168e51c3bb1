"""Rules of the checker that one broken file does not show."""

from datetime import date
from pathlib import Path

import pytest

from flows.approvals import approve, read_approvals, write_approvals
from flows.calendar_file import load_calendars
from flows.check import check_source
from flows.checks.components import find_components
from flows.checks.segments import count_segments
from flows.finding import Finding, sort_findings
from flows.flow import Place
from flows.loader import load_flow, read_source

SOUND = read_source(Path(__file__).parent / "sound")
TODAY = date(2026, 11, 22)


def check(source: dict[str, str], **options: object) -> list[str]:
    findings = check_source("helpline", source, today=TODAY, **options)  # type: ignore[arg-type]  # any option
    return [f"{finding.place.file}:{finding.place.line} {finding.code}" for finding in findings]


def changed(*edits: tuple[str, str, str]) -> dict[str, str]:
    source = dict(SOUND)
    for file, old, new in edits:
        assert old in source[file]
        source[file] = source[file].replace(old, new)
    return source


def test_root_causes_come_first() -> None:
    one, two = Place("a.yaml", 1, 1), Place("a.yaml", 2, 1)
    late, early = Finding(one, "W01", "late"), Finding(two, "E05", "early")
    assert sort_findings([late, early, early]) == [early, late]


def test_a_misspelt_destination_does_not_make_everything_unreachable() -> None:
    assert check(changed(("helpline.yaml", "then: main_menu", "then: main_manu"))) == ["helpline.yaml:40 E05"]


def test_a_file_that_cannot_be_read_is_all_that_is_told() -> None:
    for file in ("lookups.yaml", "queues.yaml", "prompts/hi.yaml", "calendars.yaml", "templates.yaml"):
        assert check({**SOUND, file: "a: [b\n"}) == [f"{file}:1 E01"]


def test_live_calendars_take_the_place_of_the_file() -> None:
    live = load_calendars(SOUND["calendars.yaml"].replace("office:", "head_office:"))
    assert check(SOUND, calendars=live)[0] == "helpline.yaml:80 E07"
    assert check(SOUND, calendars=load_calendars(SOUND["calendars.yaml"])) == []


def test_without_any_calendar_names_are_not_judged() -> None:
    source = dict(SOUND)
    del source["calendars.yaml"]
    assert "helpline.yaml:80 E07" not in check(source)


def test_a_holiday_list_that_has_ended() -> None:
    findings = check_source("helpline", SOUND, today=date(2027, 8, 16))
    assert "ended 1 day ago" in findings[0].text


def test_how_long_the_sounds_are_takes_the_place_of_the_guess() -> None:
    findings = check_source("helpline", SOUND, today=date(2026, 11, 22), clip=lambda language, text, slow: 10.0)
    told = [finding.text for finding in findings if finding.code == "W02"]
    assert (
        'step "main_menu" takes 40 seconds to listen to. Most callers cope with 12; use fewer words or choices.' in told
    )


def test_menus_of_few_words_that_are_spoken_slowly_are_too_long_too() -> None:
    """In one language, and in the seconds of its voice: what counts is not how much is written."""
    findings = check_source("helpline", SOUND, today=date(2026, 11, 22), clip=slow_hindi)
    assert any("takes about " in finding.text for finding in findings if finding.code == "W02")


def slow_hindi(language: str, text: str, slow: bool) -> float | None:
    return 9.0 if language == "hi" and "1" in text else None


def test_the_same_meaning_may_be_offered_on_an_everywhere_key() -> None:
    source = changed(("helpline.yaml", "9: {say: opt_repeat, go: repeat}", "hash: {say: opt_repeat, go: repeat}"))
    assert check(source) == []


def test_going_back_automatically_is_a_loop_too() -> None:
    edits = ("helpline.yaml", "    note: category\n    choices", "    note: category\n    give_up: back\n    choices")
    calm = check(changed(edits))
    assert calm == []
    with_loop = changed(edits, ("helpline.yaml", "      9: {say: opt_repeat, go: repeat}\n", "    give_up: category\n"))
    assert check(with_loop)[0] == "helpline.yaml:42 E14"


def test_of_a_caller_only_the_number_is_remembered_by_a_key() -> None:
    remembers = "1: {say: cat_ration, is: ration, remember: name}"
    assert check(changed(("helpline.yaml", "1: {say: cat_ration, is: ration}", remembers))) == ["helpline.yaml:53 E03"]


def test_conditions_make_facts_known() -> None:
    prompts = [
        (f"prompts/{one}.yaml", "{callback.number|digits}", "{contact_number|digits}") for one in ("bn", "en", "hi")
    ]
    decide = (
        "helpline.yaml",
        "    too_long: book_callback\n    nobody_working: book_callback\n    full: book_callback\n",
        "    too_long: has_number\n    nobody_working: has_number\n    full: has_number\n\n"
        "  has_number:\n    decide:\n      - {when: contact_number is known, go: book_callback}\n"
        "    otherwise: leave_message\n",
    )
    assert check(changed(*prompts)) == ["helpline.yaml:117 W03"]
    assert check(changed(*prompts, decide)) == []


def test_what_a_later_look_up_replaces_is_known_no_longer() -> None:
    edits = (
        ("helpline.yaml", "    say: reference_not_found\n", '    say: "status_{complaint.status}"\n'),
        ("helpline.yaml", "    with: [reference]\n    limit: 4s\n", "    with: [reference]\n"),
    )
    assert "helpline.yaml:75 W03" in check(changed(*edits))


NEXT = """  whats_next:
    menu: how_can_we_help
    choices:
      1: {say: opt_status, go: tell_status}
      2: {say: opt_new_complaint, go: find_again}

  find_again:
    look_up: complaint_status
    with: [reference]
    limit: 4s
    found: tell_status
    not_found: goodbye
    failed: goodbye

  tell_status:
"""


@pytest.mark.parametrize(("failed", "codes"), [("goodbye", []), ("ask_number", ["E19"])])
def test_what_is_forgotten_matters_only_where_callers_can_go_back_after_it(failed: str, codes: list[str]) -> None:
    edits = (
        ("helpline.yaml", "    found: tell_status\n", "    found: whats_next\n"),
        ("helpline.yaml", "  tell_status:\n", NEXT.replace("failed: goodbye", f"failed: {failed}")),
        ("helpline.yaml", "on_error: trouble", "on_error: goodbye"),
    )
    found = check(changed(*edits))
    assert [one.split()[1] for one in found if "E19" in one] == codes


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ক" * 70, 1),
        ("ক" * 71, 2),
        ("ক" * 134, 2),
        ("ক" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_parts_of_a_text(text: str, parts: int) -> None:
    assert count_segments(text) == parts


def test_components() -> None:
    table = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["e"]}
    assert sorted(sorted(one) for one in find_components("abcde", table)) == [["a", "b", "c"], ["d"], ["e"]]


def test_a_chain_of_any_length_is_searched_without_recursion() -> None:
    table = {str(number): [str(number + 1)] for number in range(50_000)}
    assert len(find_components(list(table), table)) == 50_001


def test_approvals_are_written_and_read_back() -> None:
    flow = load_flow("helpline", SOUND)
    all_of_them = approve({}, flow.catalogues, flow.written_in)
    text = write_approvals(all_of_them)
    assert read_approvals(text) == all_of_them
    assert check({**SOUND, "prompts.lock": text}) == []
    source = {**changed(("prompts/en.yaml", "Thank you. Goodbye.", "Thanks. Goodbye.")), "prompts.lock": text}
    assert check(source) == ["prompts/bn.yaml:29 W09", "prompts/hi.yaml:29 W09"]
    again = load_flow("helpline", source)
    one = approve(all_of_them, again.catalogues, again.written_in, ["goodbye"])
    assert check({**source, "prompts.lock": write_approvals(one)}) == []


def test_a_lock_file_of_junk_approves_nothing() -> None:
    assert read_approvals("\x00\n# a b c\na b\na b c d\n") == {}


def test_templates_are_compared_byte_for_byte() -> None:
    decomposed = changed(
        ("templates.yaml", "আমরা ফোন করব।", "আমরা ফোন করব। পড়ুন"),
        ("prompts/bn.yaml", 'আমরা ফোন করব।"', 'আমরা ফোন করব। পড়ুন"'),
    )
    assert check(decomposed) == []
    composed = {**decomposed, "templates.yaml": decomposed["templates.yaml"].replace("\u09a1\u09bc", "\u09dc")}
    assert check(composed) == ["prompts/bn.yaml:24 E18"]
