"""Loading and checking grow with the flow, not faster."""

from collections.abc import Callable
from datetime import date
from sys import setprofile

import pytest

from flows.check import check_source
from flows.loader import load_flow
from tests.flows.giant import giant_flow

TODAY = date(2026, 11, 22)


def count_calls(work: Callable[[], object]) -> int:
    """Function calls made by `work`: unlike seconds, the same on every machine."""
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call" or event == "c_call"

    setprofile(count)
    try:
        work()
    finally:
        setprofile(None)
    return calls


@pytest.mark.rest
def test_ten_thousand_steps_load() -> None:
    flow = load_flow("giant", giant_flow(10_000))
    assert len(flow.steps) == 10_002


def test_loading_and_checking_are_linear() -> None:
    def check(steps: int) -> int:
        source = giant_flow(steps)
        return count_calls(lambda: check_source("giant", source, today=TODAY))

    assert check(2_000) < 2.2 * check(1_000)


def test_a_giant_full_of_errors_is_checked_too() -> None:
    source = giant_flow(4_000)
    source["giant.yaml"] = source["giant.yaml"].replace("go: say_", "go: sai_").replace("menu: intro", "menu: intra")
    findings = check_source("giant", source, today=TODAY)
    assert len(findings) == 2_001
