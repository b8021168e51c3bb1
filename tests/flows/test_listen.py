"""The caller's ear: how many seconds of sound lie before the line."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import flows
from flows.command_context import CLIPS
from flows.flow import Flow
from flows.listen import FIRST_KEY, PERSON, Ear, Reached, listen
from flows.seconds import seconds_of, sort_units
from flows.values import Blank, Line, Words
from tests.flows.calls import shipped, shipped_calendars, small_flow

DAY = date(2026, 11, 27)
HEAD = "notes:\n  category: {one_of: [ration, other]}\nkeys_everywhere:\n  0: person\n  told_in: kinds\n"
STEPS = """
  language:
    language: choose
    choices: {1: bn, 2: en, 3: hi}
    remember: yes
    known_caller: {say: again, change_key: 9, wait: 2s}
    then: notice

  notice:
    say: notice
    interrupt: no
    then: kinds

  kinds:
    menu: which
    note: category
    choices:
      1: {say: ration, is: ration}
      9: {say: other, is: other}
      7: {say: once_more, go: repeat}
    then: line

  line:
    queue: complaints
    tell_agent: [category]
    longest_wait: 15m
    answered: bye
    too_long: bye
    nobody_working: bye
    full: bye

  bye:
    end: bye
"""
QUEUES = "complaints: {languages: [bn, en, hi], answered_within: 20s, longest: 15m, music: m}\n"


def a_second_each(language: str, text: str, slow: bool) -> float:
    return 1.0


def flow(steps: str = STEPS) -> Flow:
    head = HEAD.replace("notes:", "person: line\nstart: language\nnotes:")
    more: dict[str, Any] = {"queues.yaml": QUEUES}
    return small_flow(steps, head=head, **more)


def ears(language: str = "hi") -> list[Ear]:
    return listen(flow(), {}, DAY, language, a_second_each)


def test_each_key_is_pressed_as_its_option_ends() -> None:
    new, returning, *_ = ears()
    assert new.reached[FIRST_KEY] == Reached(3.0, 0.0, ("3",))
    assert new.reached["ration"] == Reached(3.0 + 1 + 2, 0.0, ("3", "1"))
    assert new.reached["other"] == Reached(3.0 + 1 + 3, 0.0, ("3", "9"))
    assert returning.reached["ration"] == Reached(1.0 + 1 + 2, 2.0, ("1",))
    assert returning.reached[FIRST_KEY] == Reached(4.0, 2.0, ("1",))


def test_a_person_is_asked_for_where_the_caller_is_told_of_the_key() -> None:
    new, *_ = ears()
    assert new.reached[PERSON] == Reached(3.0 + 1 + 5, 0.0, ("3", "0"))


def test_who_does_not_interrupt_hears_everything() -> None:
    *_, new, returning = ears("bn")
    assert not new.interrupts
    assert new.reached["ration"] == Reached(3.0 + 1 + 5, 0.0, ("1", "1"))
    assert returning.reached["other"] == Reached(1.0 + 1 + 5, 2.0, ("9",))


def test_the_first_language_is_chosen_sooner() -> None:
    assert ears("bn")[0].reached[FIRST_KEY].seconds == 1.0


def test_what_must_be_heard_to_the_end_is() -> None:
    firm = STEPS.replace("    menu: which\n", "    menu: which\n    interrupt: no\n")
    new, *_ = listen(flow(firm), {}, DAY, "bn", a_second_each)
    assert new.reached["ration"].seconds == 1.0 + 1 + 5


def test_only_what_has_no_sound_is_guessed() -> None:
    line = Line("bn", "x", (Words("x", "লাইনে আপনি "), Blank("queue.place", "number", "7"), Words("x", " নম্বরে আছেন।")))

    def only_numbers(language: str, text: str, slow: bool) -> float | None:
        return 0.5 if text == "সাত" else None

    measured, guessed = sort_units([line], only_numbers)
    assert measured == {("bn", "সাত")}
    assert guessed == {("bn", "লাইনে আপনি"), ("bn", "নম্বরে আছেন।")}
    assert seconds_of([line], only_numbers) < seconds_of([line]) + 0.5
    assert seconds_of([line], a_second_each) == pytest.approx(3.0 + 2 * 0.05)


def test_the_command_says_what_it_knows() -> None:
    run = CliRunner()
    guessed = run.invoke(flows, ["listen", "--language", "bn", "--today", "2026-11-27"])
    assert guessed.exit_code == 0
    assert guessed.output.splitlines()[-1].startswith("Guessed from the length of the words")
    rows = {line.split()[0] for line in guessed.output.splitlines()[3:] if line}
    assert {"first", "ration", "other", "a"} <= rows
    refused = run.invoke(flows, ["listen", "--language", "ta"])
    assert refused.exit_code == 1
    assert "Choose one of: bn, en, hi." in refused.output


def test_the_command_measures_where_there_are_sounds() -> None:
    with flows.make_context("flows", ["listen", "--language", "en"]) as context:
        context.meta[CLIPS] = a_second_each
        flows.invoke(context)
    few = listen(shipped(), shipped_calendars(), DAY, "en", a_second_each)
    assert not any(ear.guessed for ear in few)
