"""Every code of the checker has a broken file of its own, and the exact lines it brings about: those and no others."""

import re
from datetime import date
from pathlib import Path

import pytest

from flows.check import check_source
from flows.source import read_source

HERE = Path(__file__).parent
SOUND = HERE / "sound"
BROKEN = sorted(folder for folder in (HERE / "broken").iterdir() if folder.is_dir())
TODAY = date(2026, 11, 22)
CODES = [*(f"E{number:02}" for number in range(1, 20)), *(f"W{number:02}" for number in range(1, 14))]


def check(source: dict[str, str]) -> list[str]:
    return [str(finding) for finding in check_source("helpline", source, today=TODAY, recordings=())]


def test_the_sound_flow_has_no_findings() -> None:
    assert check(read_source(SOUND)) == []


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_broken_files_bring_about_exactly_their_lines(folder: Path) -> None:
    source = {**read_source(SOUND), **read_source(folder)}
    found = check(source)
    assert found == (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    code = folder.name.partition("_")[0]
    assert {re.findall(r"(?:error|warning) (\w\d\d):", line)[0] for line in found} == {code}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_broken_file(code: str) -> None:
    assert any(folder.name.partition("_")[0] == code for folder in BROKEN)


def test_the_guide_for_supervisors_lists_every_code() -> None:
    guide = (HERE.parents[1] / "docs" / "flows.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ([EW]\d\d) \|", guide, re.MULTILINE) == CODES
