"""What callers hear as units of sound, and what they read: the face of this room's speech."""

from flows.fixed_units import fixed_units, slow_units
from flows.saying import GROUP_PAUSE, SLOW_GROUP_PAUSE, Unit, phrase, spoken, vocabulary, written

__all__ = [
    "GROUP_PAUSE",
    "SLOW_GROUP_PAUSE",
    "Unit",
    "fixed_units",
    "phrase",
    "slow_units",
    "spoken",
    "vocabulary",
    "written",
]
