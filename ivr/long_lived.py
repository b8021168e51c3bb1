"""For processes that run for weeks."""

import gc


def keep_what_is_there() -> None:
    """Tell Python that what was made up to now stays, and to look for rubbish among the rest less often.

    It looked through all of it after each 700 new objects: that took half of the time in which a large flow is checked,
    and came in the middle of turns.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
