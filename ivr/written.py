"""One short transaction of the desk, and the news of it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from ivr.telephone import Telephone

T = TypeVar("T")


def written(telephone: Telephone, work: Callable[[Connection, datetime], T]) -> T:
    """Commit `work`, then nudge the desks."""
    result = telephone.store.write(lambda connection: work(connection, telephone.clock.now()))
    telephone.wake.desk()
    return result
