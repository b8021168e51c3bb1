"""A connection of sound closes whole, whoever is stopped while it does."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, cast

import pytest

from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.peer import Peer

OWN = Path("/proc/self/fd")


class Room:
    """What a peer asks of the exchange and of the mixer."""

    def finish(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        self.ends = asyncio.create_task(work)
        return self.ends

    def detach(self, *_: object) -> None:
        pass


def open_sockets() -> int:
    links = (os.path.realpath(each) for each in OWN.iterdir())
    return sum("socket:" in link for link in links)


@pytest.mark.skipif(not OWN.exists(), reason="Linux tells which sockets are open")
def test_whoever_is_stopped_while_it_closes_leaves_no_socket_open() -> None:
    async def play() -> None:
        room = Room()
        peer = Peer(cast(Exchange, room), cast(Mixer, room), cast(Call, room), lambda: None)
        before = open_sockets()
        await peer.offer()
        assert open_sockets() > before
        closer = asyncio.create_task(peer.close())
        await asyncio.sleep(0)
        closer.cancel()
        await asyncio.gather(closer, return_exceptions=True)
        await room.ends
        assert open_sockets() == before
        await peer.close()  # a second time changes nothing

    asyncio.run(play())
