"""How long callers really listen: the shipped menus, spoken by the shipped offline voice at its normal rate."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from audio.render import render_missing
from audio.store import SoundStore
from flows.listen import FIRST_KEY, PERSON, Ear, listen
from flows.loader import load_flow
from flows.source import read_source
from ivr.lengths import clip_lengths
from tests.flows.calls import ROOM, shipped, shipped_calendars
from tests.line import SOUNDS

FRIDAY = date(2026, 11, 27)
KINDS = ("ration", "health", "local_body", "police", "bribery", "other")


def measure(language: str) -> list[Ear]:
    """The ears of callers whose every word has its sound: what lacks it is rendered, once for all runs."""
    store = SoundStore(SOUNDS)
    ears = listen(shipped(), shipped_calendars(), FRIDAY, language, clip_lengths(store))
    while missing := [unit for ear in ears for unit in ear.guessed]:
        render_missing(store, missing)
        ears = listen(shipped(), shipped_calendars(), FRIDAY, language, clip_lengths(store))
    return ears


def only(ears: Iterable[Ear], *, is_returning: bool, interrupts: bool) -> Ear:
    return next(ear for ear in ears if (ear.is_returning, ear.interrupts) == (is_returning, interrupts))


def test_a_returning_caller_in_bengali_is_in_line_for_ration_within_20_seconds() -> None:
    ears = measure("bn")
    known = only(ears, is_returning=True, interrupts=True).reached["ration"]
    new = only(ears, is_returning=False, interrupts=True).reached["ration"]
    assert known.seconds + known.silence <= 20
    assert known.keys == ("1", "1")
    assert new.seconds + new.silence <= 40
    assert new.keys == ("1", "1", "1", "1")


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_everything_is_reached_in_every_language_and_patience_costs_more(language: str) -> None:
    ears = measure(language)
    assert len(ears) == 4
    for ear in ears:
        assert set(ear.reached) == {FIRST_KEY, PERSON, *KINDS}
        assert all(ear.reached[FIRST_KEY].seconds <= ear.reached[kind].seconds for kind in (*KINDS, PERSON))
    for is_returning in (True, False):
        quick = only(ears, is_returning=is_returning, interrupts=True)
        patient = only(ears, is_returning=is_returning, interrupts=False)
        assert all(quick.reached[kind].seconds <= patient.reached[kind].seconds for kind in quick.reached)
        assert quick.reached["ration"].seconds < patient.reached["ration"].seconds


def test_nobody_gets_into_the_line_round_the_recording_notice() -> None:
    """It is heard to its end by whoever presses at once: without it the way would be shorter by its sound."""
    source = read_source(ROOM)
    notice = "  recording_notice:\n    say: recording_notice\n    interrupt: no\n"
    assert notice in source["helpline.yaml"]
    shorter = notice.replace("say: recording_notice\n    interrupt: no", "set: {wants: new_complaint}")
    unsaid = load_flow("helpline", {**source, "helpline.yaml": source["helpline.yaml"].replace(notice, shorter)})
    clip = clip_lengths(SoundStore(SOUNDS))
    with_notice = listen(shipped(), shipped_calendars(), FRIDAY, "bn", clip)
    without = listen(unsaid, shipped_calendars(), FRIDAY, "bn", clip)
    for heard, spared in zip(with_notice, without, strict=True):
        assert heard.reached["ration"].seconds > spared.reached["ration"].seconds + 1


def test_what_has_no_sound_has_no_length(tmp_path: Path) -> None:
    clip = clip_lengths(SoundStore(tmp_path))
    assert clip("bn", "নমস্কার।", False) is None
    assert clip("xx", "?", False) is None
