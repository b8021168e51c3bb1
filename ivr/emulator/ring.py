"""One leg that rings somewhere, until someone takes it or it is over."""

import asyncio

from ivr.emulator.call import Call


class Ring:
    """`outcome` becomes answered, busy, no-answer, failed or canceled."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.outcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def settle(self, outcome: str) -> bool:
        """The first to settle it wins; the rest are told False."""
        if self.outcome.done():
            return False
        self.outcome.set_result(outcome)
        return True
