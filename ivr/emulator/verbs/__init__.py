"""Each verb of TwiML in a file of its own; importing this package makes the interpreter know them all."""

from ivr.emulator.verbs import dial, enqueue, gather, hang, play, record, redirect, say

__all__ = ["dial", "enqueue", "gather", "hang", "play", "record", "redirect", "say"]
