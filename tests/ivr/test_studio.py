"""The studio without its pages: wordings that wait, takes that are approved, and what callers hear of them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from audio.names import with_pace
from audio.take import clip_seconds
from audio.telephone import RATE, encode
from audio.voices import slowly
from clock import VirtualClock
from flows.approvals import fingerprint
from flows.rewording import reword
from ivr.pinned import FLOW, FLOWS
from ivr.publishing import SeenOtherwise, publish, roll_back
from ivr.studio.changes import Working, live_source, read_working
from ivr.studio.going_live import publish_changes, read_going_live
from ivr.studio.lines import number_lines, numbered_line
from ivr.studio.script import read_script
from ivr.studio.takes import (
    TakeGone,
    adopt_takes,
    approve,
    discard,
    find_take,
    send_take,
    standing_takes,
    take_sound,
    withdraw,
)
from ivr.studio.wording import ChangedMeanwhile, Words, WordsRefused, confirm_words, save_words, undo_changes
from models.audit_entry import AuditEntry
from models.flow_publication import FlowPublication
from models.store import Store
from tests.audio.test_take import voice
from tests.ivr.line_in_test import LineInTest

HELP = "How can we help you?"
KEY = "how_can_we_help"


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def clip(seconds: float = 1.0) -> bytes:
    return encode(voice(seconds, RATE))


def working(line: LineInTest) -> Working:
    with line.store.read() as connection:
        return read_working(line.telephone, connection)


def say(line: LineInTest, prompt: str, by: str = "mina", **words: str) -> list[str]:
    """Save these words by language, as if opened just now."""
    now = working(line)
    wanted = {code: Words(said, fingerprint(now.words(prompt, code))) for code, said in words.items()}
    return save_words(line.telephone, prompt, wanted, by=by, actor=f"staff:{by}")


def go_live(line: LineInTest, by: str = "sumitra") -> int:
    seen = read_going_live(line.telephone).seen
    return publish_changes(line.telephone, seen=seen, note="", by=by, actor=f"staff:{by}").number


def record(line: LineInTest, text: str = HELP, language: str = "en", seconds: float = 1.0) -> int:
    sent = clip(seconds)
    return send_take(line.telephone, language, text, sent, clip_seconds(sent), speaker="Rita", by="mina").id


def recorded_plays(document: bytes) -> int:
    return document.count(b"/sounds/recorded-")


def test_a_change_of_the_source_marks_the_translations_stale_until_they_are_confirmed_or_changed(
    line: LineInTest,
) -> None:
    assert read_going_live(line.telephone).is_empty
    assert say(line, KEY, en="What can we do for you?") == ["en"]
    going = read_going_live(line.telephone)
    assert [(one.prompt, one.language, one.before, one.after) for one in going.reworded] == [
        (KEY, "en", HELP, "What can we do for you?")
    ]
    assert set(going.stale) == {(KEY, "bn"), (KEY, "hi")}
    confirm_words(line.telephone, KEY, "bn", seen=fingerprint("What can we do for you?"), by="mina", actor="staff:mina")
    assert read_going_live(line.telephone).stale == ((KEY, "hi"),)
    say(line, KEY, hi="हम आपके लिए क्या करें?")
    assert read_going_live(line.telephone).stale == ()
    go_live(line)
    after = read_going_live(line.telephone)
    assert (after.is_empty, after.stale) == (True, ())
    assert after.working.live.catalogues["hi"].prompts[KEY].source == "हम आपके लिए क्या करें?"


def test_a_translation_cannot_be_confirmed_against_words_that_nobody_saw(line: LineInTest) -> None:
    say(line, KEY, en="What can we do for you?")
    with pytest.raises(ChangedMeanwhile) as refused:
        confirm_words(line.telephone, KEY, "bn", seen=fingerprint(HELP), by="mina", actor="staff:mina")
    assert refused.value.by == {"en": "mina"}


def test_new_words_are_checked_before_they_are_kept(line: LineInTest) -> None:
    with pytest.raises(WordsRefused) as refused:
        say(line, "your_place", en="You are in the line.")
    assert {finding.code for finding in refused.value.findings} == {"E12"}
    with pytest.raises(WordsRefused):
        say(line, KEY, en="How can we help you, {nobody}?", bn="কী {nobody}?", hi="क्या {nobody}?")
    with pytest.raises(WordsRefused):
        say(line, KEY, bn="")
    assert working(line).changes == {}
    words = {"en": "You are in the line.", "bn": "আপনি লাইনে আছেন।", "hi": "आप लाइन में हैं।"}
    assert say(line, "your_place", **words) == ["en", "bn", "hi"]


def test_words_with_signs_of_yaml_come_back_as_they_were_typed(line: LineInTest) -> None:
    words = "Yes: \"no\" # not a remark, \\ and 'that'"
    say(line, KEY, en=words)
    assert working(line).words(KEY, "en") == words
    go_live(line)
    source, flow = live_source(line.telephone)
    assert flow.catalogues["en"].prompts[KEY].source == words
    assert "  # arriving\n" in source["prompts/en.yaml"]


def test_the_later_of_two_people_is_told_who_was_first(line: LineInTest) -> None:
    opened = fingerprint(HELP)
    say(line, KEY, by="mina", en="What can we do for you?")
    with pytest.raises(ChangedMeanwhile) as refused:
        save_words(line.telephone, KEY, {"en": Words("Yes?", opened)}, by="rahim", actor="staff:rahim")
    assert refused.value.by == {"en": "mina"}
    assert working(line).words(KEY, "en") == "What can we do for you?"


def test_what_waits_can_be_undone(line: LineInTest) -> None:
    say(line, KEY, en="What can we do for you?")
    undo_changes(line.telephone, KEY, actor="staff:mina")
    assert read_going_live(line.telephone).is_empty


def test_a_text_message_changes_only_with_its_template(line: LineInTest) -> None:
    with pytest.raises(WordsRefused) as refused:
        say(line, "sms_message_kept", en="Helpline: message {request.reference|digits} kept.")
    assert [finding.code for finding in refused.value.findings] == ["E18"]
    now = working(line)
    words = Words(
        "Helpline: message {request.reference|digits} kept.",
        fingerprint(now.words("sms_message_kept", "en")),
        "Helpline: message {#var#} kept.",
        "1107161234567890123",
    )
    save_words(line.telephone, "sms_message_kept", {"en": words}, by="mina", actor="staff:mina")
    go_live(line)
    flow = working(line).live
    assert flow.approved["sms_message_kept"]["en"] == "Helpline: message {#var#} kept."
    assert flow.approved_under["sms_message_kept"] == {"en": "1107161234567890123"}
    again = Words("Helpline: {request.reference|digits} kept.", fingerprint(words.said), "Helpline: {#var#} kept.", "2")
    save_words(line.telephone, "sms_message_kept", {"en": again}, by="mina", actor="staff:mina")
    assert working(line).flow.approved_under["sms_message_kept"] == {"en": "2"}


def test_a_call_under_way_keeps_the_old_words_and_new_calls_get_the_new_ones(line: LineInTest) -> None:
    old = line.call("CA1").dial()
    say(line, KEY, en="What can we do for you?")
    go_live(line)
    assert HELP in old.press("2").last.said
    assert "What can we do for you?" in line.call("CA2", "+919830012346").dial().press("2").last.said


def test_a_take_is_heard_by_calls_that_begin_after_its_publishing_and_by_no_other(line: LineInTest) -> None:
    take_id = record(line)
    waiting = line.call("CA1", "+919830012341").dial().press("2")
    assert recorded_plays(waiting.last.body) == 0
    approved_only = line.call("CA2", "+919830012342").dial()
    approve(line.telephone, take_id, by="sumitra", actor="staff:sumitra")
    assert [take.id for take in read_going_live(line.telephone).new_takes] == [take_id]
    assert recorded_plays(approved_only.press("2").last.body) == 0
    under_way = line.call("CA3", "+919830012343").dial()
    go_live(line)
    assert recorded_plays(under_way.press("2").last.body) == 0
    assert recorded_plays(line.call("CA4", "+919830012344").dial().press("2").last.body) == 1
    with line.store.session() as session:
        acts = session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [tuple(act) for act in acts] == [
        *[("the shipped files", "flow_published")] * len(FLOWS),
        ("staff:sumitra", "take_approved"),
        ("staff:sumitra", "flow_published"),
    ]


def test_a_withdrawn_take_gives_way_to_the_voice_before(line: LineInTest) -> None:
    first = record(line, seconds=1.0)
    approve(line.telephone, first, by="sumitra", actor="staff:sumitra")
    second = record(line, seconds=2.0)
    approve(line.telephone, second, by="sumitra", actor="staff:sumitra")
    go_live(line)
    assert [take.id for take in read_going_live(line.telephone).new_takes] == []
    withdraw(line.telephone, second, by="sumitra", actor="staff:sumitra")
    going = read_going_live(line.telephone)
    assert [take.id for take in going.lost_takes] == [second]
    assert [take.id for take in going.new_takes] == [first]
    withdraw(line.telephone, first, by="sumitra", actor="staff:sumitra")
    under_way = line.call("CA1", "+919830012341").dial()
    go_live(line)
    assert recorded_plays(under_way.press("2").last.body) == 1
    assert recorded_plays(line.call("CA2", "+919830012342").dial().press("2").last.body) == 0
    roll_back(line.store, FLOW, by="sumitra", note="", now=line.clock.now())
    assert recorded_plays(line.call("CA3", "+919830012343").dial().press("2").last.body) == 1


def test_a_take_is_decided_about_once(line: LineInTest) -> None:
    take_id = record(line)
    discard(line.telephone, take_id, by="sumitra", actor="staff:sumitra")
    with pytest.raises(TakeGone):
        approve(line.telephone, take_id, by="sumitra", actor="staff:sumitra")
    with pytest.raises(TakeGone):
        withdraw(line.telephone, take_id, by="sumitra", actor="staff:sumitra")
    with line.store.read() as connection:
        assert take_sound(connection, take_id) is None


def test_the_same_take_again_changes_nothing_and_a_newer_one_replaces_it(line: LineInTest) -> None:
    first = record(line)
    assert record(line) == first
    second = record(line, seconds=2.0)
    with line.store.read() as connection:
        _, waiting = standing_takes(connection)
        assert find_take(connection, first).state == "discarded"
    assert [take.id for take in waiting.values()] == [second]
    assert record(line) == first  # thrown away before, and sent again: somebody wants it after all
    with line.store.read() as connection:
        assert find_take(connection, first).state == "waiting"


def test_a_take_of_a_digit_is_heard_slowly_too(line: LineInTest) -> None:
    approve(line.telephone, record(line, "seven"), by="sumitra", actor="staff:sumitra")
    go_live(line)
    with line.store.read() as connection:
        approved, _ = standing_takes(connection)
    (take,) = approved.values()
    live = working(line).live
    assert set(live.takes or ()) == {take.name, with_pace(take.name, "seven", slowly("en"))}


def test_what_was_recorded_before_versions_had_recordings_counts_as_approved(line: LineInTest) -> None:
    name = line.telephone.sounds.add_take(HELP, "en", clip())
    assert adopt_takes(line.telephone, [("en", HELP), ("en", "seven")], by="operator") == 1
    assert adopt_takes(line.telephone, [("en", HELP)], by="operator") == 0
    go_live(line)
    assert working(line).live.takes == (name,)


def test_a_number_of_the_script_stands_for_the_same_words_for_ever(line: LineInTest) -> None:
    now = line.clock.now()

    def number(*texts: str) -> list[int]:
        wanted = [("en", text) for text in texts]
        lines = line.store.write(lambda connection: number_lines(connection, wanted, now))
        return [row.number for row in lines.values()]

    assert number("one", "two", "three") == [1, 2, 3]
    assert number("three", "four ", " one") == [3, 4, 1]
    with line.store.read() as connection:
        found = numbered_line(connection, "en", 2)
        assert found is not None
        assert found.text == "two"
        assert numbered_line(connection, "bn", 2) is None


@pytest.mark.every_store
def test_a_script_whose_lines_have_their_numbers_is_read_while_others_write(line: LineInTest) -> None:
    first = read_script(line.telephone, "en")
    begun, end = threading.Event(), threading.Event()

    def write_for_long(connection: Connection) -> bool:
        begun.set()
        return end.wait(20)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(line.store.write, write_for_long)
        assert begun.wait(5)
        try:
            again = pool.submit(read_script, line.telephone, "en").result(timeout=15)
        finally:
            end.set()
    numbers = [numbered.number for part in again for numbered in part.lines]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert again == first


def test_nothing_goes_live_unseen(line: LineInTest) -> None:
    say(line, KEY, en="What can we do for you?")
    seen = read_going_live(line.telephone).seen
    say(line, KEY, en="Yes?")
    with pytest.raises(SeenOtherwise):
        publish_changes(line.telephone, seen=seen, note="", by="sumitra", actor="staff:sumitra")
    assert working(line).live.catalogues["en"].prompts[KEY].source == HELP


class Meanwhile(VirtualClock):
    """Looked at for the first time, something happens."""

    def __init__(self, start: datetime, happens: Callable[[], object]) -> None:
        super().__init__(start)
        self._happens: Callable[[], object] | None = happens

    def now(self) -> datetime:
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()
        return super().now()


@pytest.mark.parametrize("by", ["publishing", "approving", "rewording"])
def test_what_somebody_does_while_a_publishing_is_checked_is_neither_undone_nor_taken_along(
    line: LineInTest, by: str
) -> None:
    say(line, KEY, en="What can we do for you?")
    take = record(line, "What can we do for you?")
    seen = read_going_live(line.telephone).seen
    source, _ = live_source(line.telephone)
    other = reword(source, "hi", {KEY: "हम आपके लिए क्या करें?"})
    now = line.clock.now()

    def publish_another() -> object:
        return publish(line.store, FLOW, other, by="asha", note="", now=now)

    happens = {
        "publishing": publish_another,
        "approving": lambda: approve(line.telephone, take, by="asha", actor="staff:asha"),
        "rewording": lambda: say(line, KEY, en="Tell us, please."),
    }[by]
    busy = replace(line.telephone, clock=Meanwhile(now, happens))
    with pytest.raises(SeenOtherwise):
        publish_changes(busy, seen=seen, note="", by="sumitra", actor="staff:sumitra")
    with line.store.read() as connection:
        ours = select(FlowPublication.by).where(FlowPublication.flow == FLOW).order_by(FlowPublication.id)
        publications = connection.scalars(ours).all()
    assert publications[1:] == (["asha"] if by == "publishing" else [])
    assert working(line).changes.keys() == {(KEY, "en")}


def test_changes_that_no_longer_fit_the_menus_keep_the_studio_open(line: LineInTest) -> None:
    words = {"en": "You are in the line.", "bn": "আপনি লাইনে আছেন।", "hi": "आप लाइन में हैं।"}
    say(line, "your_place", **words)
    source, _ = live_source(line.telephone)
    source["prompts/en.yaml"] = source["prompts/en.yaml"].replace("  your_place:", "  place_in_line:")
    source["prompts/bn.yaml"] = source["prompts/bn.yaml"].replace("  your_place:", "  place_in_line:")
    source["prompts/hi.yaml"] = source["prompts/hi.yaml"].replace("  your_place:", "  place_in_line:")
    source["helpline.yaml"] = source["helpline.yaml"].replace("your_place", "place_in_line")
    publish(line.store, FLOW, source, by="operator", note="", now=line.clock.now())
    going = read_going_live(line.telephone)
    assert (going.errors, going.reworded) == ((), ())
    assert len(going.working.changes) == 3
    go_live(line)
    assert working(line).changes == {}
