"""The numbers of the line agree with a slow count of the same days, and are found without reading every row."""

from datetime import timedelta
from math import ceil
from random import Random

import pytest

from models.figures import ENDINGS, Figures, total_of
from models.figures_query import DAY, HOUR, QUARTER, read_figures
from models.store import Store
from tests.models.day_in_test import MIDNIGHT, CallFact, Day, random_day, slow_count, write_day
from tests.models.plans import plans_of

NOW = MIDNIGHT + timedelta(hours=20)
APART = [name for name in ENDINGS if name not in ("answered", "abandoned")]


def counts_of(figures: Figures) -> dict[str, float]:
    """Everything that is not nought, under the names of the slow count."""
    names = (
        "queued",
        "answered",
        "answered_fast",
        "abandoned",
        "waited",
        "talks",
        "talked",
        "wrapped",
        "busy",
        "ready",
    )
    counts = {name: float(getattr(figures, name)) for name in names}
    counts |= {f"ended.{name}": float(figures.ended[name]) for name in APART}
    return {name: value for name, value in counts.items() if value}


@pytest.mark.parametrize("every", [QUARTER, HOUR, DAY])
@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_a_slow_count(store: Store, seed: int, every: timedelta) -> None:
    day = random_day(Random(seed), 120)
    write_day(store, day)
    start, end = MIDNIGHT, MIDNIGHT + DAY
    with store.read() as connection:
        found = read_figures(connection, start, end, every, NOW)
    counted = {
        key: {name: value for name, value in counts.items() if value}
        for key, counts in slow_count(day, start, end, every, NOW).items()
    }
    assert {key: counts_of(figures) for key, figures in found.items() if counts_of(figures)} == {
        key: counts for key, counts in counted.items() if counts
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_ratios_are_those_of_the_definitions(store: Store, seed: int) -> None:
    day = random_day(Random(100 + seed), 200)
    write_day(store, day)
    with store.read() as connection:
        figures = total_of(list(read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, HOUR, NOW).values()))
    calls = [fact for fact in day.calls if MIDNIGHT <= fact.at < MIDNIGHT + DAY]
    waits = sorted(fact.wait.total_seconds() for fact in calls if fact.ended_as in ("answered", "talking"))
    gone = [fact for fact in calls if fact.ended_as == "abandoned" and fact.wait.total_seconds() > 5]
    fast = [wait for wait in waits if wait <= 20]
    assert figures.service_level == len(fast) / (len(waits) + len(gone))
    assert figures.abandonment == len(gone) / len(calls)
    assert figures.mean_wait_s == pytest.approx(sum(waits) / len(waits))
    assert figures.p90_wait_s == ceil(waits[ceil(len(waits) * 0.9) - 1])


def test_of_an_empty_day_no_ratio_is_told(store: Store) -> None:
    with store.read() as connection:
        assert read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, HOUR, NOW) == {}
    nothing = Figures()
    ratios = (nothing.service_level, nothing.abandonment, nothing.mean_wait_s, nothing.p90_wait_s)
    assert (*ratios, nothing.handle_s, nothing.occupancy) == (None,) * 6


def test_who_chose_a_call_back_is_in_neither_side_of_the_service_level() -> None:
    figures = Figures()
    figures.ended.update(answered=1, callback=5, abandoned=1)
    figures.waits[20] = 1
    figures.gone[6] = 1
    assert figures.service_level == 0.5
    assert figures.abandonment == 1 / 7


@pytest.mark.parametrize(("seconds", "counts"), [(5, 0), (6, 1)])
def test_an_abandoned_call_counts_after_more_than_five_seconds(seconds: int, counts: int) -> None:
    figures = Figures()
    figures.ended["abandoned"] = figures.gone[seconds] = 1
    assert figures.abandoned == counts


def test_intervals_are_those_of_the_clock_in_india(store: Store) -> None:
    quarter_past = MIDNIGHT + timedelta(minutes=15)
    times = (MIDNIGHT, quarter_past - timedelta(microseconds=1), quarter_past)
    write_day(store, Day(calls=[CallFact(at, "bn", "answered", timedelta()) for at in times]))
    with store.read() as connection:
        found = read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, QUARTER, NOW)
    assert {at: figures.queued for (at, _), figures in found.items()} == {MIDNIGHT: 2, quarter_past: 1}


def test_a_day_is_found_by_the_time_of_its_calls_and_not_by_reading_all(store: Store) -> None:
    """What the database plans: it matters once there are a million calls."""
    write_day(store, Day())
    plans = plans_of(store, lambda connection: read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, HOUR, NOW))
    scans = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] != "presence"]
    assert scans == []
    assert any("ix_queue_entry_entered" in plan for plan in plans)
    assert any("ix_talk_started" in plan for plan in plans)
    assert any("ix_presence_stay_began" in plan for plan in plans)
