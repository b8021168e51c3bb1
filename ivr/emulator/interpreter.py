"""Plays documents, top to bottom."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal

from ivr.emulator.call import Call
from ivr.emulator.exchange import Exchange
from ivr.emulator.frame import Frame
from ivr.emulator.twiml import Document, Node

Outcome = Document | Literal["left"] | None
Verb = Callable[[Frame, Node], Awaitable[Outcome]]

_VERBS: dict[str, Verb] = {}
# Until one of these the caller still hears the ringing tone.
_UNANSWERED = frozenset({"Pause", "Reject"})


def verb(name: str) -> Callable[[Verb], Verb]:
    """Register what a verb does: a document to go on with, "left" after <Leave>, or None for the next verb."""

    def register(function: Verb) -> Verb:
        _VERBS[name] = function
        return function

    return register


async def run(frame: Frame) -> Outcome:
    """Play the frame's document and those that follow from it, until one runs out of verbs."""
    while True:
        following = await _run_one(frame)
        if not isinstance(following, Document):
            return following
        frame = replace(frame, document=following)


async def _run_one(frame: Frame) -> Outcome:
    for node in frame.document.verbs:
        frame.call.check()
        if node.name not in frame.allowed:
            _warn(frame.ex, frame.call, frame.document, f"<{node.name}> is not allowed here")
            continue
        waits_for_bridge = node.name == "Dial" and node.flag("answerOnBridge", False)
        if node.name not in _UNANSWERED and not waits_for_bridge:
            answer(frame.ex, frame.call)
        outcome = await _VERBS[node.name](frame, node)
        if outcome is not None:
            return outcome
    return None


def answer(ex: Exchange, call: Call) -> None:
    """Take the call, where it still rings."""
    if not call.answered and call.live:
        call.move("in-progress")
        ex.progress(call, "answered")


def _warn(ex: Exchange, call: Call, document: Document, detail: str) -> None:
    ex.alerts.note(12200, call.sid, url=document.url, method=document.method, detail=detail)
