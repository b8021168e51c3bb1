"""Things that happen at the same moment."""

import threading
from collections.abc import Callable


def at_once(*works: Callable[[], object]) -> None:
    """Run all of them at the same time, each in a thread; none may fail."""
    gate = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
