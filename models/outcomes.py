"""What may have become of a talk, as the representative who held it says in wrap-up."""

OUTCOMES = (
    "registered",
    "status_told",
    "information",
    "call_later",
    "transferred",
    "wrong_kind",
    "unfinished",
    "nobody",
    "silent",
    "crank",
    "abusive",
    "other",
)
DEFAULT_OUTCOME = "other"  # of a wrap-up whose time is over
