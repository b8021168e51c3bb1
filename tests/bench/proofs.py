"""What the studio waits for: reading and checking a flow of a thousand steps, and looking at every situation."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flows.check import check_source
from flows.explore import explore
from flows.loader import load_flow, read_source
from tests.flows.giant import giant_flow

FLOWS = Path(__file__).parent.parent.parent / "flows"
STEPS = 1_000


def time_proofs() -> Iterator[str]:
    """Lines to print. The limits that the studio aims at stand beside the times; they depend on the machine."""
    source = giant_flow(STEPS)
    began = time.perf_counter()
    load_flow("giant", source)
    loaded = time.perf_counter()
    check_source("giant", source, today=date(2026, 12, 1))
    checked = time.perf_counter()
    yield f"a flow of {STEPS} steps: loaded in {loaded - began:.2f} s, checked in {checked - loaded:.2f} s (aim: 1 s)"
    shipped = load_flow("helpline", read_source(FLOWS))
    began = time.perf_counter()
    found = explore(shipped)
    yield f"the shipped flow explored in {time.perf_counter() - began:.1f} s (aim: 5 s): {found.tell('en')}"
