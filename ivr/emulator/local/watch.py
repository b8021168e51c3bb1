"""Reads of events that wait for news."""

from aiohttp import web

from ivr.emulator.call import Call
from ivr.emulator.events import EventLog
from ivr.emulator.wire import answer_json

_LONGEST_WAIT = 30.0  # real seconds


async def watch(request: web.Request, events: EventLog, call: Call | None = None) -> web.Response:
    """`?after=N&wait=seconds`: what came after event N, waiting for the first if there is none yet."""
    try:
        after, wait = int(request.query.get("after", "0")), float(request.query.get("wait", "0"))
    except ValueError:
        return answer_json({"error": "after is a whole number and wait a number of seconds"}, 400)
    news = await events.wait_after(after, min(wait, _LONGEST_WAIT))
    facts = {"status": call.status, "call_sid": call.sid} if call is not None else {}
    return answer_json({**facts, "events": news, "next": news[-1]["n"] if news else after})
