"""Answers to what a flow asks of the outside within a turn. No lock is held meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from flows.values import (
    AskAnnouncements,
    AskHours,
    AskLookUp,
    AwaitRecording,
    BookCallback,
    CheckCode,
    KeepMessage,
    Request,
    SendCode,
    State,
)
from ivr.asking import Asker, Told, Unsettled
from ivr.claims import Repeated
from ivr.code_requests import check, send
from ivr.look_ups import look_up
from ivr.opening import tell_announcements, tell_hours
from ivr.promises import book, keep_message
from ivr.recordings import await_recording

log = structlog.get_logger()

Answering = Callable[[Asker, State, Any], Told | Unsettled]

_ANSWERING: Mapping[type, Answering] = {
    AskHours: tell_hours,
    AskLookUp: look_up,
    AskAnnouncements: tell_announcements,
    SendCode: send,
    CheckCode: check,
    BookCallback: book,
    AwaitRecording: await_recording,
    KeepMessage: keep_message,
}


def ask_outside(asker: Asker, state: State, request: Request) -> Told | Unsettled:
    """Answer a request. What breaks is told as `failed`: the flow has a way on for it."""
    try:
        return _ANSWERING[type(request)](asker, state, request)
    except Repeated:
        raise
    except Exception:
        log.exception("outside_failed", call_sid=asker.call_sid, request=type(request).__name__)
        return Told("failed")
