"""A PostgreSQL connection that gives up on a server which keeps silent, instead of waiting for ever."""

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

RV = TypeVar("RV")

# For one statement. With two vain tries to connect (4 s each), of another unit and its own, a caller's turn still has
# time for the last resort: the telephone waits 15 s in all.
ANSWER_S = 4.0


class ImpatientConnection(psycopg.Connection[Any]):
    """Closes itself when an answer takes longer than `answer_s` seconds: what the server did is not known then.

    The kernel's own watch (`tcp_user_timeout`) sees a dead machine, but not one that stands still and acknowledges.
    """

    answer_s: float | None = ANSWER_S  # None: as long as it takes

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """The driver's own wait, bounded. Raises psycopg.OperationalError."""
        try:
            return super().wait(gen, interval, self.answer_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise
