"""A connection of sound closes whole, whoever is stopped while it does."""

import asyncio
import os
import socket
import stat
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
    """Of datagrams, as sound is sent: other parts of the test run have none."""
    found = 0
    for each in OWN.iterdir():
        with suppress(OSError):
            number = int(each.name)
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as one:
                    found += one.type == socket.SOCK_DGRAM
    return found


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

    with ThreadPoolExecutor(1) as beside:  # a browser's loop may run in this one
        beside.submit(asyncio.run, play()).result()
