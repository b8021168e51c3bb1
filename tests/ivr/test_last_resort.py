"""When the store is away: an apology, a promise on disk, and a call-back as soon as the store returns."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.last_resort import apologise, write_promise
from ivr.spool import take_in_spool
from models.call_back import CallBack
from models.store import Store
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def promises(line: LineInTest) -> list[CallBack]:
    with line.store.session() as session:
        return list(session.scalars(select(CallBack)))


@pytest.mark.parametrize("keys", ["", "2", "21", "211", "2111"])
def test_the_store_goes_away_at_any_moment_of_a_call(line: LineInTest, keys: str) -> None:
    line.work("en")
    call = line.call()
    if keys:
        call.dial().press(*keys[:-1])
    line.lose_store()
    if keys:
        call.press(keys[-1])
    else:
        call.dial()
    assert all(word in call.last.said for word in ("Sorry", "দুঃখিত", "माफ़", "We will call you back."))
    assert [node.tag for node in call.last.root][-1] == "Hangup"
    line.find_store()
    assert take_in_spool(line.telephone) == 1
    assert [(promise.number, promise.reason) for promise in promises(line)] == [(CALLER, "fault")]
    call.hang_up()
    assert len(promises(line)) == 1
    assert list(line.config.spool_dir.iterdir()) == []


def test_a_promise_is_one_file_a_call_for_our_eyes_only(line: LineInTest) -> None:
    folder = line.config.spool_dir
    for _ in range(2):
        write_promise(folder, "CA1", CALLER, MONDAY_NOON)
    file = folder / "CA1.json"
    assert list(folder.iterdir()) == [file]
    assert json.loads(file.read_text()) == {"call_sid": "CA1", "number": CALLER, "at": MONDAY_NOON.isoformat()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("raw", ["anonymous", "", "client:staff-1", "112"])
def test_who_cannot_be_rung_back_is_promised_nothing(line: LineInTest, raw: str) -> None:
    xml = apologise(line.config.spool_dir, "CA1", raw, MONDAY_NOON, lambda language, text: None)
    assert "Please call again" in xml
    assert "call you back" not in xml
    assert not line.config.spool_dir.exists()


@pytest.mark.parametrize("call_sid", ["", "../../etc/passwd", "CA1/..", "কল"])
def test_a_sid_that_is_no_sid_makes_no_file(line: LineInTest, call_sid: str) -> None:
    xml = apologise(line.config.spool_dir, call_sid, CALLER, MONDAY_NOON, lambda language, text: None)
    assert "Please call again" in xml
    assert not line.config.spool_dir.exists()


def test_a_full_disk_promises_nothing_and_still_apologises(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("in the way")
    xml = apologise(nowhere, "CA1", CALLER, MONDAY_NOON, lambda language, text: None)
    assert "Please call again" in xml


def test_a_voice_that_breaks_too_still_ends_the_call(line: LineInTest) -> None:
    def broken(language: str, text: str) -> str | None:
        raise OSError("no sounds")

    assert "<Hangup/>" in apologise(line.config.spool_dir, "CA1", CALLER, MONDAY_NOON, broken)


def test_a_promise_that_cannot_be_read_is_set_aside(line: LineInTest) -> None:
    write_promise(line.config.spool_dir, "CA1", CALLER, MONDAY_NOON)
    (line.config.spool_dir / "CA2.json").write_text("half a fi")
    assert take_in_spool(line.telephone) == 1
    assert [path.name for path in line.config.spool_dir.iterdir()] == ["CA2.unreadable"]
