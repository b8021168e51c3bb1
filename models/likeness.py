"""How alike two stories are, whatever script they are written in: by the sounds of their words."""

from functools import lru_cache

from rapidfuzz import fuzz

from models.place_search import skeleton

ALIKE = 65.0  # of 100: from here on two complaints of one kind and place are proposed as one matter
_SHORTEST = 2  # consonants: shorter words stand in every story
_LONGEST = 2000  # letters of a story that are looked at


def likeness(one: str, other: str) -> float:
    """0 to 100. Words count once and in any order; a word that one story has and the other lacks counts against it."""
    heard, sounds = _heard(one[:_LONGEST]), _heard(other[:_LONGEST])
    return fuzz.token_sort_ratio(heard, sounds) if heard and sounds else 0.0


@lru_cache(maxsize=4096)
def _heard(story: str) -> str:
    words = {skeleton(word) for word in story.replace("।", " ").split()}
    return " ".join(sorted(word for word in words if len(word) >= _SHORTEST))
