"""What callers hear as units of sound, and what they read: the face of this room's speech."""

from flows.fixed_units import fixed_units, slow_units
from flows.saying import spoken, told, vocabulary, written

__all__ = ["fixed_units", "slow_units", "spoken", "told", "vocabulary", "written"]
