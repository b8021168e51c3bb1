"""<Redirect>."""

from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.twiml import Document, Node


@verb("Redirect")
async def redirect(frame: Frame, node: Node) -> Document:
    """The verbs after it are never reached."""
    return await frame.go(frame.resolve(node.text.strip()), node.get("method").upper() or "POST")
