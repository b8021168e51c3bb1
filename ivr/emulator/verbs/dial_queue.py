"""<Dial><Queue>: to whoever waits longest."""

from ivr.emulator.bridge import Bridge
from ivr.emulator.frame import Frame
from ivr.emulator.outgoing import Params
from ivr.emulator.queue import Member, Queue
from ivr.emulator.twiml import Node
from ivr.emulator.verbs.dial_talk import talk

_USUAL_TIMEOUT = 30.0


async def dial_queue(frame: Frame, dial: Node, noun: Node) -> Params:
    """Waits for a caller until the timeout; a queue that does not exist fails at once."""
    queue = frame.ex.queues.get(noun.text.strip())
    if queue is None:
        return [("DialCallStatus", "failed")]
    member = await _first(frame, queue, dial.number("timeout", _USUAL_TIMEOUT))
    if member is None:
        return [("DialCallStatus", "no-answer")]
    url = frame.resolve(noun.get("url")) if noun.get("url") else ""
    bridge = Bridge(frame.call, url, noun.get("method").upper() or "POST")
    member.chosen.set_result(bridge)
    try:
        await frame.call.race(bridge.ready, bridge.over)
        if not bridge.ready.done():
            return [("DialCallStatus", "failed"), ("DialCallSid", member.call.sid)]
        return await talk(frame, dial, bridge, member.call)
    finally:
        bridge.end()


async def _first(frame: Frame, queue: Queue, seconds: float) -> Member | None:
    deadline = frame.ex.spawn(frame.call.clock.sleep(seconds))
    try:
        while not deadline.done():
            for member in queue.members:
                if not member.chosen.done():
                    return member
            arrival = frame.ex.spawn(queue.arrival.wait())
            try:
                await frame.call.race(arrival, deadline)
            finally:
                arrival.cancel()
        return None
    finally:
        deadline.cancel()
