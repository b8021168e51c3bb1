"""<Hangup>, <Reject> and <Leave>: the ways out."""

from typing import Literal

from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.twiml import Node


@verb("Hangup")
async def hang_up(frame: Frame, node: Node) -> None:
    """The application ends the call."""
    frame.call.move("completed")
    frame.call.check()


@verb("Reject")
async def reject(frame: Frame, node: Node) -> None:
    """Before the call was answered it costs nothing; later it only hangs up."""
    if frame.call.answered:
        frame.call.move("completed")
    else:
        frame.call.move("busy" if node.get("reason") == "busy" else "failed")
    frame.call.check()


@verb("Leave")
async def leave(frame: Frame, node: Node) -> Literal["left"]:
    """Out of the queue that plays this document."""
    return "left"
