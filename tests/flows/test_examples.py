"""The flows of docs/examples: nothing is wrong with them, and no caller is lost."""

from datetime import date
from pathlib import Path

import pytest

from flows.command import check_folder, walk_folder
from flows.exploration.covering import cover_ways
from flows.explore import explore
from flows.loader import load_flow, read_source
from flows.rehearse import rehearse_all
from flows.source import find_flows

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir())
TODAY = date(2026, 12, 1)


def test_there_are_three_kinds() -> None:
    assert NAMES == ["bank", "health", "municipal"]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_no_errors_and_every_usual_caller_comes_to_an_end(name: str) -> None:
    folder, flows = find_flows(EXAMPLES / name)
    assert flows == [name]
    errors = [finding for finding in check_folder(folder, flows, TODAY) if finding.severity == "error"]
    assert errors == []
    assert [walk for walk in walk_folder(folder, flows, TODAY) if walk.problem] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_caller_of_an_example_is_lost(name: str) -> None:
    found = explore(load_flow(name, read_source(EXAMPLES / name)))
    assert found.is_proof, [stranded.rehearsal for stranded in found.stranded]


def test_every_way_of_an_example_can_be_played() -> None:
    flow = load_flow("health", read_source(EXAMPLES / "health"))
    covering = {f"{step} {why}": text for (step, why), text in cover_ways(flow).items()}
    assert len(covering) > 30
    assert [outcome for outcome in rehearse_all(flow, covering, {}) if outcome.differences] == []
