"""The provider's words for the state of a call, in the order in which they can follow each other."""

_RANKS = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": 4,
    "busy": 4,
    "failed": 4,
    "no-answer": 4,
    "canceled": 4,
}
OVER = 4


def rank_of(status: str) -> int:
    """How far a call has come; -1 for a word that nobody knows, which never moves anything forward."""
    return _RANKS.get(status, -1)


def is_over(status: str) -> bool:
    """Whether a call with this status has ended."""
    return rank_of(status) == OVER
