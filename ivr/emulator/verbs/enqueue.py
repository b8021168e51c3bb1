"""<Enqueue>: waiting in line, with a document that is asked for again and again."""

import asyncio

from ivr.emulator.bridge import Bridge
from ivr.emulator.call import HungUp, Taken
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.frame import CONFERENCE_WAIT, QUEUE_WAIT, Frame
from ivr.emulator.interpreter import run, verb
from ivr.emulator.listening import play_music
from ivr.emulator.queue import Member, Queue
from ivr.emulator.twiml import Document, Node

_LEAST_BETWEEN = 1.0  # seconds between two wait documents that play nothing


@verb("Enqueue")
async def enqueue(frame: Frame, node: Node) -> Document | None:
    """How it ended is told to the action, whose answer counts unless the call is led elsewhere already."""
    call, queue = frame.call, frame.ex.queue(node.text.strip()[:64])
    if len(queue.members) >= node.number("maxQueueSize", queue.max_size):
        return await _finish(frame, node, [("QueueResult", "queue-full")])
    member = queue.join(call)
    call.events.add("queue", text=queue.name, position=queue.position(member))
    waiting = frame.ex.spawn(_wait(frame, node, queue, member))
    ended_as = ""
    try:
        await call.race(waiting, member.chosen)
        if member.chosen.done():
            waiting.cancel()
            ended_as = await _talk(frame, queue, member)
        else:
            ended_as = waiting.result()
    except HungUp:
        waiting.cancel()
        result = "bridged" if member.chosen.done() and member.chosen.result().ready.done() else "hangup"
        await frame.follow_last(node, _facts(queue, member, result))
        raise
    except Taken:
        bridged = member.chosen.done()
        facts = _facts(queue, member, "redirected-from-bridged" if bridged else "redirected")
        frame.ex.spawn(frame.follow_last(node, facts))
        raise
    finally:
        waiting.cancel()
        queue.leave(member)
    call.events.add("left_queue", text=queue.name)
    return await _finish(frame, node, _facts(queue, member, ended_as))


def _facts(queue: Queue, member: Member, result: str) -> list[tuple[str, str]]:
    waited = queue.leave(member)
    member.call.queue_seconds = waited
    return [("QueueResult", result), ("QueueSid", queue.sid), ("QueueTime", str(waited))]


async def _finish(frame: Frame, node: Node, facts: list[tuple[str, str]]) -> Document | None:
    return await frame.follow(node, facts) if node.get("action") else None


async def _wait(frame: Frame, node: Node, queue: Queue, member: Member) -> str:
    """Play wait documents for ever; returns how the queue was left."""
    call = frame.call
    if "waitUrl" not in node.attributes or not node.get("waitUrl"):
        if "waitUrl" not in node.attributes:
            await play_music(call)
        call.events.add("silence")
        await asyncio.get_running_loop().create_future()
    url, method = frame.resolve(node.get("waitUrl")), node.get("waitUrlMethod").upper() or "POST"
    while True:
        began = call.clock.now()
        try:
            document = await frame.ex.request(call, url, method, list(queue.facts(member)))
        except WebhookFailed as failure:
            frame.ex.note(call, failure, method)
            return "error"
        if await run(Frame(frame.ex, call, document, QUEUE_WAIT, lambda: list(queue.facts(member)))) == "left":
            return "leave"
        if (call.clock.now() - began).total_seconds() < _LEAST_BETWEEN:
            await call.clock.sleep(_LEAST_BETWEEN)


async def _talk(frame: Frame, queue: Queue, member: Member) -> str:
    """Someone has dialled the queue: first their word to the caller, then the talk."""
    bridge: Bridge = member.chosen.result()
    waited = queue.leave(member)
    try:
        if bridge.url:
            more = [
                ("QueueSid", queue.sid),
                ("QueueTime", str(waited)),
                ("DequeingCallSid", bridge.dialer.sid),
            ]
            try:
                document = await frame.ex.request(frame.call, bridge.url, bridge.method, more)
            except WebhookFailed as failure:
                frame.ex.note(frame.call, failure, bridge.method)
                return "error"
            await run(Frame(frame.ex, frame.call, document, CONFERENCE_WAIT, lambda: more))
        frame.call.events.add("bridge")
        bridge.begin()
        with frame.call.hearing(lambda: [bridge.dialer]):
            await frame.call.race(bridge.over)
    finally:
        bridge.end()
    return "bridged"
