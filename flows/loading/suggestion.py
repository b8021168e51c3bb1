"""What a misspelt word was probably meant to be."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_LIKE_ENOUGH = 70.0  # per cent; below it a guess confuses more than it helps


def suggest(word: str, known: Iterable[str]) -> str:
    """A closing sentence such as ` Did you mean "repeat"?`, empty if nothing known is like the word."""
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
    return f' Did you mean "{best[0]}"?' if best else ""
