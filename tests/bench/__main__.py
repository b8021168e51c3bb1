"""`make bench`: ratios taken in one run. For Linux, because the server's processor time is read from /proc."""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from models.store import Store
from tests.bench.cases import BATCH, DUE, fill_cases, lay_departments, time_escalation, time_lists
from tests.bench.desks import full_house
from tests.bench.editor import FEW, STEPS, time_editor
from tests.bench.growth import fill, turn_microseconds
from tests.bench.layers import growth_of_steps, layers
from tests.bench.load import quantile
from tests.bench.proofs import time_proofs
from tests.bench.rendering import time_rendering
from tests.bench.screen_pop import fill_complaints, pop_seconds
from tests.bench.servers import load, serve
from tests.bench.streams import idle_streams, sign_in, stream_process
from tests.bench.year import fill_year, time_year

RATES = (50, 200, 600, 1000, 1500)


def tell(line: str = "") -> None:
    print(line, flush=True)  # noqa: T201  (what this program is for)


@contextmanager
def fresh_database(name: str) -> Iterator[str | None]:
    """None for SQLite; for PostgreSQL a new database on the server of TEST_DATABASE_URL, dropped afterwards."""
    if name == "SQLite":
        yield None
        return
    base = os.environ["TEST_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    database = f"helpline_bench_{os.getpid()}_{os.urandom(3).hex()}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {database}"))
        yield base.rsplit("/", 1)[0] + f"/{database}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        admin.dispose()


def compare_cpu(store: str, seconds: float) -> None:
    """Server CPU of a turn beside a bare route and one committed INSERT, the three in turn, at the same rate."""
    tell(f"\nServer CPU per request on {store}, 300 requests a second, three rounds in turn:")
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database(store) as one,
        fresh_database(store) as two,
    ):
        base, full = Path(folder, "base"), Path(folder, "full")
        base.mkdir()
        full.mkdir()
        with (
            serve(base, baseline=True, database_url=one) as plain,
            serve(full, baseline=False, database_url=two) as line,
        ):
            load(plain, rate=300, seconds=2, salt="warm", path="/insert")
            load(line, rate=300, seconds=2, salt="warm")
            rounds = [
                (
                    load(plain, rate=300, seconds=seconds, salt=f"b{n}", path="/bare")["server_cpu_us"],
                    load(plain, rate=300, seconds=seconds, salt=f"i{n}", path="/insert")["server_cpu_us"],
                    load(line, rate=300, seconds=seconds, salt=f"t{n}")["server_cpu_us"],
                )
                for n in range(3)
            ]
    for bare, one_insert, turn in rounds:
        tell(
            f"  bare {bare:5.0f} us   INSERT {one_insert:5.0f} us   turn {turn:5.0f} us   "
            f"turn/INSERT {turn / one_insert:4.2f}   turn/bare {turn / bare:4.2f}"
        )


def climb(store: str, seconds: float, streams: int) -> None:
    """Durable turns, open loop, at rising rates."""
    tell(f"\nDurable turns on {store}, open loop, {streams} idle event streams open meanwhile:")
    tell("  asked/s  done/s   p50 ms   p99 ms  p99.9 ms  server CPU  generator CPU  answers")
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        folder = Path(name)
        with serve(folder, baseline=False, database_url=url) as line, idle_streams(line, folder, streams):
            load(line, rate=200, seconds=3, salt="warm")
            for rate in RATES:
                _tell_load(load(line, rate=rate, seconds=seconds, salt=f"r{rate}"))


def _tell_load(told: dict[str, Any]) -> None:
    busy = told["server_cpu_us"] * told["achieved"] / 1e6
    tell(
        f"  {told['rate']:7.0f} {told['achieved']:7.0f} {told['p50_ms']:8.1f} {told['p99_ms']:8.1f} "
        f"{told['p999_ms']:9.1f} {busy:10.0%} {told['generator_cpu']:13.0%}   {told['statuses']}"
    )


def tell_layers() -> None:
    tell("\nLayers of a turn, this process alone, median:")
    for name, cost in layers().items():
        tell(f"  {name:24} {cost:7.1f} us")
    small, large = growth_of_steps().values()
    tell(f"\nA step in a flow of 10 steps {small:.1f} us, of 10,000 steps {large:.1f} us: ratio {large / small:.2f}")


def tell_growth(store: str, calls: int) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_database(store) as url:
        opened = Store(url or f"sqlite:///{folder}/calls.db")
        opened.migrate()
        fill(opened, 0, 1000)
        turn_microseconds(opened, "0" * 10)
        small = turn_microseconds(opened, "1" * 10)
        fill(opened, 1000, calls)
        large = turn_microseconds(opened, "2" * 10)
        opened.close()
    tell(
        f"\nA turn's load and durable write on {store}, one at a time: {small:.0f} us among 1,000 calls, "
        f"{large:.0f} us among {calls:,}: ratio {large / small:.2f}"
    )


def tell_rendering() -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = time_rendering(Path(folder))
    tell(
        f"\nAll {told.clips} prompts rendered cold in {told.cold:.1f} s, {told.clips / told.cold:.0f} clips a second; "
        f"warm in {told.warm:.2f} s. Of {told.some} by one synthesizer: the synthesizer {told.synthesizer:.2f} s, "
        f"conversion {told.conversion:.2f} s, keeping {told.keeping:.2f} s: "
        f"conversion/synthesizer {told.conversion / told.synthesizer:.2f}"
    )


def tell_house(store: str, seconds: float, desks: int, rate: float = 10) -> None:
    """News to every desk while the telephone works, and what the telephone feels of it."""
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        folder = Path(name)
        with serve(folder, baseline=False, database_url=url) as line, stream_process(line, folder) as streams:
            load(line, rate=200, seconds=3, salt="warm")
            alone = [load(line, rate=200, seconds=seconds, salt="alone")]
            empty, busy = streams.memory_bytes(), streams.cpu_seconds()
            with full_house(line, streams, desks, rate) as house:
                grown = streams.memory_bytes() - empty
                began = time.monotonic()
                full = load(line, rate=200, seconds=seconds, salt="full")
                busy, took = streams.cpu_seconds() - busy, time.monotonic() - began
            alone.append(load(line, rate=200, seconds=seconds, salt="again"))
    told, delays, fetches = len(house.told_at), sorted(house.delays), sorted(house.fetches)
    quiet = sum(one["p99_ms"] for one in alone) / len(alone)
    tell(f"\n{desks} desks on {store}, {rate:.0f} news a second to each, 200 turns a second meanwhile:")
    tell(
        f"  {len(delays):,} of {told * desks:,} arrived, after the commit p50 {quantile(delays, 0.5) * 1e3:.0f} ms, "
        f"p99 {quantile(delays, 0.99) * 1e3:.0f} ms; stream process {busy / took:.0%} of a processor, "
        f"{grown / desks / 1024:.0f} KiB a desk"
    )
    tell(
        f"  {len(fetches)} fetches of the bar, p99 {quantile(fetches, 0.99) * 1e3:.0f} ms, {house.refused} refused; "
        f"the turns' p99 {full['p99_ms']:.1f} ms, without the desks {quiet:.1f} ms: ratio {full['p99_ms'] / quiet:.2f}"
    )


def tell_screen_pop(store: str, complaints: int) -> None:
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        folder = Path(name)
        with serve(folder, baseline=False, database_url=url) as line:
            opened = Store(line.config.database_url)
            fill_complaints(opened, complaints)
            times = pop_seconds(line, sign_in(line.url), opened, complaints)
            opened.close()
    tell(
        f"\nA caller's history at the desk on {store}, four parts in turn, among {complaints:,} complaints: "
        f"p50 {quantile(times, 0.5) * 1e3:.0f} ms, p95 {quantile(times, 0.95) * 1e3:.0f} ms"
    )


def tell_cases(store: str, count: int) -> None:
    """The clocks of 20,000 due cases, and an officer's lists among few and among many."""
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        opened = Store(url or f"sqlite:///{name}/helpline.db")
        opened.migrate()
        lay_departments(opened)
        due, few = min(DUE, count // 2), max(count // 10, 1)
        fill_cases(opened, 1, few, 0)
        before = time_lists(opened)
        fill_cases(opened, few, count, due)
        after = time_lists(opened)
        told = time_escalation(opened)
        opened.close()
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


def tell_year(store: str, count: int) -> None:
    """What people wait for among a year of complaints. Asked for: 300 ms on PostgreSQL, 1 s on SQLite, p95."""
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        opened = Store(url or f"sqlite:///{name}/helpline.db")
        opened.migrate()
        lay_departments(opened)
        began = time.monotonic()
        fill_year(opened, count)
        if url:  # PostgreSQL does it by itself within minutes; SQLite plans without, as on a line
            opened.write(lambda connection: connection.execute(text("ANALYZE")))
        tell(f"\nAmong {count:,} complaints of a year on {store}, written in {time.monotonic() - began:.0f} s:")
        for what, times in time_year(opened).items():
            tell(f"  {what:48} p50 {quantile(times, 0.5) * 1e3:6.1f} ms   p95 {quantile(times, 0.95) * 1e3:6.1f} ms")
        opened.close()


def tell_editor() -> None:
    """What a supervisor waits for in the editor of the menus, in a real browser. Asked for: 1 s."""
    told = time_editor()
    tell(f"\nThe editor of the menus in a browser, {STEPS:,} steps beside {FEW}, medians:")
    for what, many in told[STEPS].items():
        few = told[FEW][what]
        tell(f"  {what:52} {many:6.0f} ms, {few:6.0f} ms: ratio {many / few:.1f}")


SECTIONS = (
    "layers",
    "proofs",
    "rendering",
    "editor",
    "cpu",
    "turns",
    "growth",
    "desks",
    "screen-pop",
    "cases",
    "year",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each load")
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--year", type=int, default=600_000, help="complaints of a year")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    asked = parser.parse_args()
    stores = ["SQLite"] + (["PostgreSQL"] if os.environ.get("TEST_DATABASE_URL") else [])
    tell(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}")
    if "layers" in asked.only:
        tell_layers()
    if "proofs" in asked.only:
        tell()
        for line in time_proofs():
            tell(line)
    if "rendering" in asked.only:
        tell_rendering()
    if "editor" in asked.only:
        tell_editor()
    on_each: dict[str, Callable[[str], None]] = {
        "cpu": lambda store: compare_cpu(store, asked.seconds / 2),
        "turns": lambda store: climb(store, asked.seconds, asked.streams),
        "growth": lambda store: tell_growth(store, asked.calls),
        "desks": lambda store: tell_house(store, asked.seconds, asked.streams),
        "screen-pop": lambda store: tell_screen_pop(store, asked.complaints),
        "cases": lambda store: tell_cases(store, asked.cases),
        "year": lambda store: tell_year(store, asked.year),
    }
    for store in stores:
        for section, measure in on_each.items():
            if section in asked.only:
                measure(store)


if __name__ == "__main__":
    main()
