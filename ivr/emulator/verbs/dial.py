"""<Dial>: to a conference, a queue, numbers or softphones."""

from ivr.emulator.call import HungUp
from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.outgoing import Params
from ivr.emulator.twiml import Document, Node
from ivr.emulator.verbs.dial_conference import join_conference
from ivr.emulator.verbs.dial_legs import dial_legs
from ivr.emulator.verbs.dial_queue import dial_queue


@verb("Dial")
async def dial(frame: Frame, node: Node) -> Document | None:
    """Without an action the next verb follows."""
    try:
        result = await _connect(frame, node)
    except HungUp:
        if frame.ex.faults.dial_action_after_hangup:
            await frame.follow_last(node, [("DialCallStatus", "completed")])
        raise
    return await frame.follow(node, result) if node.get("action") else None


async def _connect(frame: Frame, node: Node) -> Params:
    """Returns the fields that tell how it went."""
    nouns = {child.name for child in node.children}
    if "Conference" in nouns:
        conference = next(child for child in node.children if child.name == "Conference")
        return await join_conference(frame, node, conference)
    if "Queue" in nouns:
        queue = next(child for child in node.children if child.name == "Queue")
        return await dial_queue(frame, node, queue)
    targets = [child for child in node.children if child.name in ("Number", "Client")]
    if node.text.strip():
        targets.insert(0, Node("Number", text=node.text.strip()))
    return await dial_legs(frame, node, targets)
