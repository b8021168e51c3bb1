"""Status callbacks: sent in the order things happened, unless a fault is switched on. Their answers steer nothing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from ivr.emulator.alerts import Alerts
from ivr.emulator.call import Callback
from ivr.emulator.clock import Clock
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.faults import Faults
from ivr.emulator.outgoing import Params
from ivr.emulator.webhook import Webhooks

_PATIENCE = 1.0  # telephone seconds that a callback is held back for another to overtake it


class Callbacks:
    """One line of callbacks for each subject: a call, a conference, a message, a recording."""

    def __init__(self, webhooks: Webhooks, alerts: Alerts, faults: Faults, clock: Clock) -> None:
        self._webhooks = webhooks
        self._alerts = alerts
        self._faults = faults
        self._clock = clock
        self._last: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, list[Coroutine[Any, Any, None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, kind: str, subject: str, to: Callback | None, params: Params) -> None:
        """Send `params` where `to` says; `kind` is call, conference, message or recording."""
        if to is None or not to.url:
            return
        if kind in self._faults.lose_kinds or self._faults.strikes(self._faults.lose_callbacks):
            return
        sending = self._send(kind, subject, to, params)
        if not self._faults.reorder_callbacks:
            self._release(subject)
            self._line_up(subject, sending)
        elif held := self._held.pop(subject, None):
            self._line_up(subject, sending)
            for earlier in held:
                self._line_up(subject, earlier)
        else:
            self._held[subject] = [sending]
            self._keep(asyncio.create_task(self._release_later(subject)))

    async def close(self) -> None:
        for held in self._held.values():
            for sending in held:
                sending.close()
        for task in list(self._tasks):
            task.cancel()

    def _release(self, subject: str) -> None:
        for sending in self._held.pop(subject, ()):
            self._line_up(subject, sending)

    async def _release_later(self, subject: str) -> None:
        await self._clock.sleep(_PATIENCE)
        self._release(subject)

    def _line_up(self, subject: str, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_after(self._last.get(subject), sending))
        self._last[subject] = task
        task.add_done_callback(lambda done: self._forget(subject, done))
        self._keep(task)

    def _forget(self, subject: str, done: asyncio.Task[None]) -> None:
        if self._last.get(subject) is done:
            del self._last[subject]

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, kind: str, subject: str, to: Callback, params: Params) -> None:
        if self._faults.delay_callbacks:
            await self._clock.sleep(self._faults.delay_callbacks)
        try:
            await self._webhooks.send(to.url, to.method, params, keeps_port=kind == "message")
        except WebhookFailed as failure:
            self._alerts.note(failure.code, subject, url=failure.url, method=to.method, detail=failure.detail)


async def _after(earlier: asyncio.Task[None] | None, sending: Coroutine[Any, Any, None]) -> None:
    if earlier is not None:
        try:
            await asyncio.wait([earlier])
        except asyncio.CancelledError:
            sending.close()
            raise
    await sending
