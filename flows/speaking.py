"""What callers hear as units of sound, and what they read: the face of this room's speech."""

from flows.fixed_units import fixed_units, slow_units
from flows.saying import Unit, phrase, spoken, vocabulary, written

__all__ = ["Unit", "fixed_units", "phrase", "slow_units", "spoken", "vocabulary", "written"]
