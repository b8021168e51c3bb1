"""The flow of the calls that we place to ask whether it is solved: nothing is wrong with it, and nobody is lost."""

from datetime import date
from pathlib import Path

from flows.command import check_folder
from flows.explore import explore
from flows.loader import load_flow, read_source
from flows.rehearse import read_rehearsals, rehearse_all
from flows.source import find_flows

FOLDER = Path(__file__).parents[2] / "flows" / "feedback"


def test_it_has_no_errors_and_its_rehearsals_go_as_written() -> None:
    folder, flows = find_flows(FOLDER)
    assert flows == ["feedback"]
    findings = check_folder(folder, flows, date(2026, 12, 1))
    assert {finding.code for finding in findings} <= {"W02"}
    flow = load_flow("feedback", read_source(FOLDER))
    outcomes = list(rehearse_all(flow, read_rehearsals(FOLDER), {}))
    assert len(outcomes) == 2
    assert [outcome for outcome in outcomes if outcome.differences] == []


def test_whoever_picks_up_comes_to_an_end() -> None:
    found = explore(load_flow("feedback", read_source(FOLDER)))
    assert found.is_proof, [stranded.rehearsal for stranded in found.stranded]
