"""The life of one call, from its first document to its last callback."""

import logging
from collections.abc import Awaitable, Callable

from ivr.emulator.call import Call, HungUp, Taken
from ivr.emulator.exchange import Exchange
from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import run
from ivr.emulator.twiml import Document

_log = logging.getLogger(__name__)

Begin = Callable[[], Awaitable[Document | None]]


async def live(ex: Exchange, call: Call, begin: Begin) -> None:
    """Run the call to its end. `begin` brings the first document; None: there is nothing more to do."""
    try:
        await _play_all(ex, call, begin)
    except HungUp:
        pass
    except Exception:
        _log.exception("the emulator failed on a call", extra={"call_sid": call.sid})
    call.move("completed" if call.answered else "no-answer")
    ex.progress(call, "completed")


async def _play_all(ex: Exchange, call: Call, load: Begin) -> None:
    while True:
        try:
            await _play(ex, call, load)
        except Taken as taken:
            call.go_on()
            load = taken.load
        else:
            return


async def _play(ex: Exchange, call: Call, load: Begin) -> None:
    loading = ex.spawn(_awaited(load))
    await call.race(loading)
    document = loading.result()
    if document is not None:
        await run(Frame(ex, call, document))


async def _awaited(load: Begin) -> Document | None:
    return await load()


def hang_up(call: Call) -> None:
    """Either side ends the call; one that was never answered becomes canceled or no-answer."""
    if call.answered:
        call.move("completed")
    else:
        call.move("no-answer" if call.direction == "inbound" else "canceled")
