"""How surprising a count is: against a simulation, and in the cases where a person would know."""

from random import Random

import pytest

from models.surprise import MOST, once_in


def test_nothing_and_the_usual_surprise_nobody() -> None:
    assert once_in(0, [5] * 8) == 1.0
    assert once_in(5, [5] * 8) < 3


def test_more_is_more_surprising_and_never_beyond_the_most() -> None:
    odds = [once_in(count, [3] * 8) for count in range(40)]
    assert odds == sorted(odds)
    assert once_in(100_000, [3] * 8) == MOST


def test_a_single_case_where_there_was_none_is_no_alarm() -> None:
    assert once_in(1, [0] * 8) < 20
    assert once_in(3, [0] * 8) > 1000


def test_without_anything_to_compare_with_nothing_is_unusual() -> None:
    assert once_in(40, []) == 1.0


def test_few_earlier_periods_make_it_less_sure() -> None:
    assert once_in(12, [4]) < once_in(12, [4] * 8)


@pytest.mark.parametrize("count", [4, 7, 9])
def test_it_is_what_chance_brings(count: int) -> None:
    """Draw a rate as the earlier counts leave it open, then a period of it: so often come that many."""
    before, draws, rng = [2, 3, 1, 4, 2, 3, 2, 3], 40_000, Random(7)

    def came() -> int:
        rate, passed, number = rng.gammavariate(sum(before) + 0.5, 1 / len(before)), 0.0, 0
        while (passed := passed + rng.expovariate(rate)) <= 1:
            number += 1
        return number

    share = sum(came() >= count for _ in range(draws)) / draws
    assert 1 / once_in(count, before) == pytest.approx(share, rel=0.15, abs=0.0005)
