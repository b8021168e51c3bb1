"""How surprising a count is after what was counted before."""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p

# Before anything is known, as if half a case had been counted: a first case anywhere is no alarm.
_SHAPE = 0.5
MOST = 1_000_000.0


def once_in(observed: int, before: Sequence[int]) -> float:
    """Once in how many such periods chance alone would bring so many or more: 1 is usual, 1,000 is an alarm.

    `before` are the counts of earlier periods of the same length. The rate behind them is not known, only guessed from
    them, so that a few periods with little in them raise no false alarm: the prediction is a negative binomial one (a
    Poisson count whose rate has a gamma distribution). At most 1,000,000.
    """
    if observed <= 0 or not before:
        return 1.0  # nothing came, or there is nothing to compare it with
    shape, periods = sum(before) + _SHAPE, len(before)
    below = 0.0
    for count in range(observed):
        below += exp(
            lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
            + shape * (log(periods) - log(periods + 1)) - count * log1p(periods)
        )  # fmt: skip
    return min(MOST, 1 / max(1 - below, 1 / MOST))
