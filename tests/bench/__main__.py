"""`make bench`: ratios taken in one run. For Linux, because the server's processor time is read from /proc."""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from models.store import Store
from tests.bench.among_cases import tell_cases, tell_escalation, tell_year
from tests.bench.cases import DUE
from tests.bench.desks import full_house
from tests.bench.editor import FEW, STEPS, time_editor
from tests.bench.growth import fill, turn_microseconds
from tests.bench.layers import growth_of_steps, layers
from tests.bench.load import quantile
from tests.bench.proofs import time_proofs
from tests.bench.rendering import time_rendering
from tests.bench.screen_pop import fill_complaints, pop_seconds
from tests.bench.servers import load, serve
from tests.bench.stores import fresh_database, fresh_store, settle, tell
from tests.bench.streams import idle_streams, sign_in, stream_process

RATES = (50, 200, 600, 1000, 1500)


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


def tell_growth(store: str, calls: int, rounds: int = 15) -> None:
    """Two stores side by side, in turn: a disk has moods that are larger than what is looked for."""
    with fresh_store(store) as few, fresh_store(store) as many:
        fill(few, 0, 1000)
        fill(many, 0, calls)
        if store == "PostgreSQL":
            settle(many)
        told = [(turn_microseconds(few, n), turn_microseconds(many, n)) for n in range(-1, rounds)][1:]  # one to warm
    ratios = sorted(large / small for small, large in told)
    small, large = (quantile(sorted(times), 0.5) for times in zip(*told, strict=True))
    tell(
        f"\nA turn's load and durable write on {store}, one at a time: {small:.0f} us among 1,000 calls, "
        f"{large:.0f} us among {calls:,}: ratio {quantile(ratios, 0.5):.2f}, the median of {rounds} rounds "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def tell_proofs() -> None:
    tell()
    for line in time_proofs():
        tell(line)


def tell_rendering() -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = time_rendering(Path(folder))
    tell(
        f"\nAll {told.clips} prompts rendered cold in {told.cold:.1f} s, {told.clips / told.cold:.0f} clips a second; "
        f"warm in {told.warm:.2f} s. Of {told.some} by one synthesizer: the synthesizer {told.synthesizer:.2f} s, "
        f"conversion {told.conversion:.2f} s, keeping {told.keeping:.2f} s: "
        f"conversion/synthesizer {told.conversion / told.synthesizer:.2f}"
    )


def tell_house(store: str, seconds: float, desks: int, rate: float = 10, rounds: int = 9) -> None:
    """News to every desk while the telephone works, and what the telephone feels of it: with and without, in turn."""
    houses, full, alone, busy, took, grown = [], [], [], 0.0, 0.0, 0
    with tempfile.TemporaryDirectory() as name, fresh_database(store) as url:
        folder = Path(name)
        with serve(folder, baseline=False, database_url=url) as line, stream_process(line, folder) as streams:
            load(line, rate=200, seconds=3, salt="warm")
            for number in range(rounds):
                alone.append(load(line, rate=200, seconds=seconds, salt=f"alone{number}")["p99_ms"])
                empty, before = streams.memory_bytes(), streams.cpu_seconds()
                with full_house(line, streams, desks, rate) as house:
                    grown = grown or streams.memory_bytes() - empty
                    began = time.monotonic()
                    full.append(load(line, rate=200, seconds=seconds, salt=f"full{number}")["p99_ms"])
                    took += time.monotonic() - began
                    busy += streams.cpu_seconds() - before
                houses.append(house)
    told = sum(len(house.told_at) for house in houses)
    delays = sorted(one for house in houses for one in house.delays)
    fetches = sorted(one for house in houses for one in house.fetches)
    tell(
        f"\n{desks} desks on {store}, {rate:.0f} news a second to each, 200 turns a second meanwhile, {rounds} rounds:"
    )
    tell(
        f"  {len(delays):,} of {told * desks:,} arrived, after the commit p50 {quantile(delays, 0.5) * 1e3:.0f} ms, "
        f"p99 {quantile(delays, 0.99) * 1e3:.0f} ms; stream process {busy / took:.0%} of a processor, "
        f"{grown / desks / 1024:.0f} KiB a desk; these pages themselves {sum(one.cpu_s for one in houses) / took:.0%}"
    )
    tell(
        f"  {sum(one.signs for one in houses):,} signs of life; the pages asked {len(fetches)} times, "
        f"p99 {quantile(fetches, 0.99) * 1e3:.0f} ms; {sum(one.refused for one in houses)} refused"
    )
    # Each beside its neighbour: a machine may be half as fast again an hour, or a minute, later.
    ratios = sorted(one / other for one, other in zip(full, alone, strict=True))
    tell(
        f"  the turns' p99 with the desks {_listed(full)} ms, without {_listed(alone)} ms: "
        f"ratio {quantile(ratios, 0.5):.2f}, the rounds' median ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


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


def tell_editor() -> None:
    """What a supervisor waits for in the editor of the menus, in a real browser. Asked for: 1 s."""
    told = time_editor()
    tell(f"\nThe editor of the menus in a browser, {STEPS:,} steps beside {FEW}, medians:")
    for what, many in told[STEPS].items():
        few = told[FEW][what]
        tell(f"  {what:52} {many:6.0f} ms, {few:6.0f} ms: ratio {many / few:.1f}")


SECTIONS = (
    "layers", "proofs", "rendering", "editor",
    "cpu", "turns", "growth", "desks", "screen-pop", "cases", "escalation", "year",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="NAME", help=f"only some of: {', '.join(SECTIONS)}")
    parser.add_argument("--store", choices=("SQLite", "PostgreSQL"), help="only this one")
    parser.add_argument("--seconds", type=float, default=8, help="of each load")
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--due", type=int, default=DUE, help="cases that rise under two schedulers")
    parser.add_argument("--year", type=int, default=600_000, help="complaints of a year")
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}")
    stores = ["SQLite"] + (["PostgreSQL"] if os.environ.get("TEST_DATABASE_URL") else [])
    tell(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}")
    by_itself: dict[str, Callable[[], None]] = {
        "layers": tell_layers,
        "proofs": tell_proofs,
        "rendering": tell_rendering,
        "editor": tell_editor,
    }
    on_each: dict[str, Callable[[str], None]] = {
        "cpu": lambda store: compare_cpu(store, asked.seconds / 2),
        "turns": lambda store: climb(store, asked.seconds, asked.streams),
        "growth": lambda store: tell_growth(store, asked.calls),
        "desks": lambda store: tell_house(store, asked.seconds, asked.streams),
        "screen-pop": lambda store: tell_screen_pop(store, asked.complaints),
        "cases": lambda store: tell_cases(store, asked.cases),
        "escalation": lambda store: tell_escalation(store, asked.due),
        "year": lambda store: tell_year(store, asked.year),
    }
    wanted = asked.sections or SECTIONS
    for section, alone in by_itself.items():
        if section in wanted:
            _timed(section, alone)
    for store in [asked.store] if asked.store else stores:
        for section, measure in on_each.items():
            if section in wanted:
                _timed(f"{section} on {store}", partial(measure, store))


def _timed(what: str, measure: Callable[[], None]) -> None:
    """Measure, and say how long that took, so that the next time can be planned."""
    began = time.monotonic()
    measure()
    tell(f"[{what}: {time.monotonic() - began:.0f} s]")


if __name__ == "__main__":
    main()
