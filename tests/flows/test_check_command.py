"""`helpline flows check` and `approve`; `read` and `rehearse` hang beside them."""

import shutil
from pathlib import Path

from click.testing import CliRunner

from flows.command import flows

HERE = Path(__file__).parent


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(flows, [str(argument) for argument in arguments])
    return result.exit_code, result.output.splitlines()


def test_check_of_a_sound_folder() -> None:
    code, lines = run("check", HERE / "sound", "--today", "2026-11-22")
    assert (code, lines[-1]) == (0, "0 errors, 0 warnings")
    assert lines[0].startswith("a silent caller hears ")


def test_check_of_one_file_with_an_error() -> None:
    code, lines = run("check", HERE / "broken" / "E01" / "helpline.yaml")
    assert code == 1
    assert lines[0] == (HERE / "broken" / "E01" / "expected.txt").read_text(encoding="utf-8").strip()
    assert lines[-1] == "1 error, 0 warnings"


def test_the_shipped_flow_has_no_errors() -> None:
    code, lines = run("check", "--today", "2026-11-22")
    assert code == 0
    assert lines[-1].startswith("0 errors, ")


def test_a_folder_without_flows_is_said(tmp_path: Path) -> None:
    code, lines = run("check", tmp_path)
    assert code == 1
    assert "There is no flow in" in lines[0]


def test_the_other_commands_are_there() -> None:
    assert {"check", "approve", "read", "rehearse"} <= set(flows.commands)


def test_approve_writes_the_lock(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(HERE / "sound", folder)
    assert run("approve", "--folder", folder)[0] == 0
    english = folder / "prompts" / "en.yaml"
    english.write_text(english.read_text(encoding="utf-8").replace("For ration", "For rations"), encoding="utf-8")
    code, lines = run("check", folder, "--today", "2026-11-22")
    assert (code, lines[-1]) == (0, "0 errors, 2 warnings")
    assert run("approve", "cat_ration", "--folder", folder)[0] == 0
    assert run("check", folder, "--today", "2026-11-22")[1][-1] == "0 errors, 0 warnings"
    assert run("approve", "nothing_like_it", "--folder", folder)[0] == 1
