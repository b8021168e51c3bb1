"""A simulated day: at each step the figures counted from rows are those that an onlooker has kept."""

from datetime import timedelta
from random import Random

import pytest

from models.figures import total_of
from models.figures_query import DAY, read_figures
from tests.ivr.office import Office
from tests.ivr.simulated_day import SimulatedDay


def live_a_day(office: Office, calls: int, seed: int) -> None:
    day = SimulatedDay(office, Random(seed))
    while len(day.tally.callers) < calls or not day.is_over():
        day.step(day.rng.choice((0.5, 3, 7, 11)), more_callers=len(day.tally.callers) < calls)
        compare(office, day)
    assert day.figures().ended["waiting"] == 0


def compare(office: Office, day: SimulatedDay) -> None:
    with office.store.read() as connection:
        found = read_figures(connection, day.now - 2 * DAY, day.now + timedelta(seconds=1), DAY, day.now)
    assert total_of(list(found.values())) == day.figures()


@pytest.mark.rest
def test_at_each_step_of_a_day_the_counts_are_those_of_an_onlooker(office: Office) -> None:
    live_a_day(office, calls=200, seed=7)


@pytest.mark.soak
def test_five_thousand_calls_are_counted_as_an_onlooker_counts_them(office: Office) -> None:
    live_a_day(office, calls=5000, seed=8)
