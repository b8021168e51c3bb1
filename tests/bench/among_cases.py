"""Tells what is measured among many cases: the clocks, the schedulers, the lists, a year of them."""

import time

from tests.bench.cases import BATCH, DUE, fill_cases, lay_departments, time_escalation, time_lists
from tests.bench.load import quantile
from tests.bench.schedulers import prove_escalation
from tests.bench.stores import fresh_store, settle, tell
from tests.bench.year import fill_year, time_year


def tell_cases(store: str, count: int) -> None:
    """The clocks of 20,000 due cases, and an officer's lists among few and among many."""
    with fresh_store(store) as opened:
        lay_departments(opened)
        due, few = min(DUE, count // 2), max(count // 10, 1)
        fill_cases(opened, 1, few, 0)
        before = time_lists(opened)
        fill_cases(opened, few, count, due)
        after = time_lists(opened)
        told = time_escalation(opened)
    each = told.took / told.cases
    tell(f"\nThe clocks of {told.cases:,} due cases among {count:,} on {store}, {BATCH} in one transaction:")
    took = [quantile(sorted(told.batches), share) * 1e3 for share in (0.5, 0.99)]
    ratio = each / told.insert
    tell(f"  {each * 1e3:.2f} ms a case, one committed INSERT {told.insert * 1e3:.2f} ms: ratio {ratio:.2f}")
    tell(f"  a batch p50 {took[0]:.0f} ms, p99 {took[1]:.0f} ms")
    for who, seconds in after.items():
        tell(
            f"  first page and counts, {who}: {seconds * 1e3:.1f} ms, among {few:,} cases {before[who] * 1e3:.1f} ms: "
            f"ratio {seconds / before[who]:.1f}"
        )


def tell_escalation(store: str, due: int) -> None:
    """Two schedulers at once, killed in turn: each due case is said once. Raises RuntimeError where one is not."""
    with fresh_store(store) as opened:
        lay_departments(opened)
        fill_cases(opened, 1, due + due // 10 + 1, due)
        told = prove_escalation(opened, due)
    tell(
        f"\n{due:,} due cases on {store}, two schedulers at once, kill -9 of one of them {told.kills} times: "
        f"{told.took:.0f} s, {told.took / due * 1e3:.2f} ms a case"
    )
    tell(
        f"  each was said, has risen, is on record and to be explained once, no other was; {told.verified:,} records "
        f"hold; a look afterwards finds {told.left}"
    )


def tell_year(store: str, count: int) -> None:
    """What people wait for among a year of complaints. Asked for: 300 ms on PostgreSQL, 1 s on SQLite, p95."""
    with fresh_store(store) as opened:
        lay_departments(opened)
        began = time.monotonic()
        fill_year(opened, count)
        if opened.url.get_backend_name() == "postgresql":
            settle(opened)
        tell(f"\nAmong {count:,} complaints of a year on {store}, written in {time.monotonic() - began:.0f} s:")
        for what, times in time_year(opened).items():
            tell(f"  {what:48} p50 {quantile(times, 0.5) * 1e3:6.1f} ms   p95 {quantile(times, 0.95) * 1e3:6.1f} ms")
