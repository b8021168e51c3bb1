"""Files and console in step, and the calls of a version that was withdrawn."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app import main
from flows.flow_folder import read_folder
from ivr.menus.drafts import begin_draft, find_draft, save_files
from ivr.pinned import FLOW, live_version
from ivr.publishing import SHIPPED, publish, roll_back, seed, withdraw
from models.store import Store
from tests.ivr.line_in_test import MONDAY_NOON, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    seed(store, MONDAY_NOON)
    return LineInTest(store, tmp_path)


def changed() -> dict[str, str]:
    source = read_folder(SHIPPED)
    source["helpline.yaml"] = source["helpline.yaml"].replace("1: {say: cat_ration,", "7: {say: cat_ration,")
    return {path: text for path, text in source.items() if not path.startswith("rehearsals/")}


def publish_changed(line: LineInTest) -> None:
    publish(line.store, FLOW, changed(), by="mina", note="", now=MONDAY_NOON)


def take_back(line: LineInTest, number: int) -> None:
    roll_back(line.store, FLOW, by="mina", note="", now=MONDAY_NOON)
    withdraw(line.store, FLOW, number, by="mina", now=MONDAY_NOON)
    line.telephone.flows.look_again()


def test_a_call_of_a_withdrawn_version_goes_to_a_person_with_what_it_noted(line: LineInTest) -> None:
    publish_changed(line)
    line.work("en")
    call = line.call().dial().press("2", "1")
    began_with = line.row().flow_version_id
    take_back(line, 2)
    call.press("7")
    row = line.row()
    assert row.flow_version_id != began_with
    assert row.step == "is_this_your_number"  # on the way to the queue, in office hours
    call.press("1")
    assert line.entry().tell["wants"] == "new_complaint"


def test_repeats_after_a_withdrawal_get_the_same_bytes(line: LineInTest) -> None:
    publish_changed(line)
    call = line.call().dial().press("2")
    address = call.last.address()
    take_back(line, 2)
    first = call.post(address, Digits="1")
    assert call.post(address, Digits="1").body == first.body


def test_whoever_waits_in_line_stays_there(line: LineInTest) -> None:
    publish_changed(line)
    line.work("en")
    call = line.call().dial().press("2", "1", "7", "1")
    take_back(line, 2)
    assert line.row().phase == "queued"
    assert call.last.address("Enqueue", "") == "complaints"


def test_files_and_console_go_round_without_loss(line: LineInTest, tmp_path: Path) -> None:
    store, folder = line.store, tmp_path / "files"
    url = store.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": url, "HELPLINE_DATA_DIR": str(tmp_path / "data")}

    def run(*words: str) -> str:
        done = CliRunner().invoke(main, ["flows", *words], env=env)
        assert done.exit_code == 0, done.output
        return done.output

    run("export", str(folder))
    exported = read_folder(folder)
    shipped = read_folder(SHIPPED)
    assert {path for path in exported if exported[path] != shipped.get(path)} <= {"calendars.yaml"}
    assert exported.keys() == shipped.keys()
    assert "nothing to import" in run("import", str(folder))
    menus = folder / "helpline.yaml"
    menus.write_bytes(menus.read_bytes().replace(b"tries: 3 ", b"tries: 4 "))
    assert "Draft 1 holds these files, on top of version 1" in run("import", str(folder), "--by", "mina")
    with store.read() as connection:
        draft = find_draft(connection, 1)
    assert (draft.owner, draft.files["helpline.yaml"]) == ("mina", menus.read_bytes().decode())
    other = tmp_path / "other"
    run("export", str(other), "--draft", "1")
    assert (other / "helpline.yaml").read_bytes() == menus.read_bytes()


def test_a_draft_is_saved_once_by_each_version(line: LineInTest) -> None:
    with line.store.read() as connection:
        live = live_version(connection, FLOW)
    assert live is not None
    draft_id = begin_draft(line.store, live, by="mina", now=MONDAY_NOON)
    text = read_folder(SHIPPED)["helpline.yaml"] + "# one more remark\n"
    files = {"helpline.yaml": text}
    saved = save_files(line.store, draft_id, files, version=0, by="asha", now=MONDAY_NOON)
    assert (saved.version, saved.writers) == (1, ("mina", "asha"))
    again = save_files(line.store, draft_id, files, version=0, by="asha", now=MONDAY_NOON)
    assert again.version == 1
