"""Where the interpreter stands: a call, the document it runs, and what is allowed there."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.outgoing import Params
from ivr.emulator.twiml import Document, Node

MAIN = frozenset({"Say", "Play", "Gather", "Redirect", "Pause", "Record", "Enqueue", "Dial", "Reject", "Hangup"})
QUEUE_WAIT = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
CONFERENCE_WAIT = frozenset({"Play", "Say", "Pause", "Redirect"})
WHISPER = frozenset({"Play", "Say", "Pause", "Redirect", "Gather", "Hangup"})


def _nothing() -> Params:
    return ()


@dataclass
class Frame:
    """`more` gives the further fields of each request from here, fresh each time."""

    ex: Exchange
    call: Call
    document: Document
    allowed: frozenset[str] = MAIN
    more: Callable[[], Params] = _nothing

    def resolve(self, url: str) -> str:
        """Relative to the document; empty is the document itself."""
        return urljoin(self.document.url, url) if url else self.document.url

    async def follow(self, verb: Node, params: Params = (), *, method: str = "method") -> Document:
        """Ask the verb's action, or the document's own address, for what comes next."""
        how = verb.get(method).upper() or ("POST" if verb.get("action") else self.document.method)
        return await self.go(self.resolve(verb.get("action")), how, params)

    async def go(self, url: str, method: str, params: Params = ()) -> Document:
        """Ask an address. A hang-up meanwhile is not kept waiting; the answer is then ignored."""
        asking = self.ex.spawn(self.ex.document(self.call, url, method, [*self.more(), *params]))
        await self.call.race(asking)
        return asking.result()

    async def follow_last(self, verb: Node, params: Params) -> None:
        """Ask the verb's action, where it has one, with the answer ignored."""
        if verb.get("action"):
            how = verb.get("method").upper() or "POST"
            await self.ex.tell_last(self.call, self.resolve(verb.get("action")), how, [*self.more(), *params])
