"""A process that counts upwards in one row from several threads: `-m tests.models.counting URL THREADS TIMES`."""

import sys
import threading

from sqlalchemy.orm import Session

from models.call import Call
from models.store import Store


def count_up(session: Session) -> None:
    """Read, then write: what a lost update would show in."""
    call = session.get_one(Call, "CA1")
    call.turn = call.turn + 1


def main(url: str, threads: int, times: int) -> None:
    store = Store(url)

    def work() -> None:
        for _ in range(times):
            store.transact(count_up)

    counters = [threading.Thread(target=work) for _ in range(threads)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
