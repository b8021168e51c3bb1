"""The account and everything in it: numbers, calls, queues, conferences, texts, telephones, softphones."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ivr.emulator.alerts import Alerts
from ivr.emulator.bin import Bins
from ivr.emulator.call import Call, Callback, HungUp, Taken
from ivr.emulator.callbacks import Callbacks
from ivr.emulator.clock import RunningClock, VirtualClock
from ivr.emulator.conference import Conference
from ivr.emulator.device import Device
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.faults import Faults
from ivr.emulator.handset import Handset
from ivr.emulator.message import Message
from ivr.emulator.names import rfc2822
from ivr.emulator.outgoing import Params
from ivr.emulator.phone_number import Application, PhoneNumber, VoiceAddresses
from ivr.emulator.queue import Queue
from ivr.emulator.recording import Recording
from ivr.emulator.ring import Ring
from ivr.emulator.settings import Settings
from ivr.emulator.sound import Speaker
from ivr.emulator.templates import Templates
from ivr.emulator.twiml import Document, apology, read_reply
from ivr.emulator.webhook import Webhooks

if TYPE_CHECKING:
    from ivr.emulator.voice.mixer import Mixer

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Exchange:
    """One emulator's state. All of it lives in one event loop, so nothing here needs a lock."""

    def __init__(self, settings: Settings, url: str) -> None:
        self.settings = settings
        self.url = url
        self.clock: RunningClock | VirtualClock = VirtualClock() if settings.virtual else RunningClock(settings.speed)
        self.began_at = self.clock.now()
        self.faults = Faults()
        self.alerts = Alerts(self.clock)
        self.webhooks = Webhooks(settings, self.faults, self.clock)
        self.callbacks = Callbacks(self.webhooks, self.alerts, self.faults, self.clock)
        self.speaker = Speaker(settings.speak_command)
        self.bins = Bins()
        self.templates = Templates(settings.templates)
        self.calls: dict[str, Call] = {}
        self.rings: dict[str, Ring] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.messages: dict[str, Message] = {}
        self.handsets: dict[str, Handset] = {}
        self.devices: dict[str, Device] = {}
        self.numbers: dict[str, PhoneNumber] = {}
        self.applications: dict[str, Application] = {}
        self.sounds: dict[str, Any] = {}  # by address; what the servers let us keep
        self.mixer: Mixer | None = None  # there where sound is carried between the parties
        self.no_voice = "No voice was asked for."  # why there is no mixer
        self.last_outbound = self.clock.now().replace(year=2000)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ends: set[asyncio.Task[Any]] = set()
        fallback = settings.fallback_url or f"{url}/local/bins/fallback"
        voice = VoiceAddresses(settings.voice_url, fallback_url=fallback, status_url=settings.status_url)
        self.add_number(PhoneNumber(settings.number, voice))
        app_voice = VoiceAddresses(settings.app_voice_url, status_url=settings.app_status_url)
        app = Application("softphones", app_voice, settings.app_sid)
        self.applications[app.sid] = app

    def add_number(self, number: PhoneNumber) -> None:
        self.numbers[number.sid] = number

    def own_number(self, number: str) -> PhoneNumber | None:
        return next((each for each in self.numbers.values() if each.number == number), None)

    def handset(self, number: str) -> Handset:
        return self.handsets.setdefault(number, Handset(number))

    def queue(self, name: str) -> Queue:
        """By name; made where there is none yet."""
        if name not in self.queues:
            self.queues[name] = Queue(name, self.settings.account_sid, self.clock)
        return self.queues[name]

    def conference(self, name: str) -> Conference | None:
        """The one of this name that is going on."""
        return next((each for each in self.conferences.values() if each.name == name and each.live), None)

    def open_conference(self, name: str) -> Conference:
        conference = self.conference(name)
        if conference is None:
            conference = Conference(name, self.settings.account_sid, self.clock, self.callbacks)
            self.conferences[conference.sid] = conference
        return conference

    def add_call(self, from_: str, to: str, direction: str, **more: Any) -> Call:
        call = Call(self.settings.account_sid, self.clock, from_, to, direction, **more)
        self.calls[call.sid] = call
        return call

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start something and keep it alive until it ends or the emulator stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._settle)
        return task

    def finish(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start something that comes to its end also when the emulator stops."""
        task = asyncio.create_task(work)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)
        return task

    def _settle(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        trouble = None if task.cancelled() else task.exception()
        # An interrupted call stops whatever worked for it; the call itself has been told.
        if trouble is not None and not isinstance(trouble, HungUp | Taken):
            _log.error("a part of the emulator failed", exc_info=trouble)

    async def request(self, call: Call, url: str, method: str, more: Params = ()) -> Document:
        """Ask the application what this call does next. Raises WebhookFailed."""
        reply = await self.webhooks.send(url, method, [*call.params(), *more], jar=call.jar)
        document = read_reply(reply, method)
        self.warn(call, document)
        return document

    async def document(self, call: Call, url: str, method: str, more: Params = ()) -> Document:
        """The same, and never failing: then the fallback address decides, and at last an apology."""
        try:
            return await self.request(call, url, method, more)
        except WebhookFailed as failure:
            self.note(call, failure, method)
            fallback = call.fallback
            error = [("ErrorCode", str(failure.code)), ("ErrorUrl", failure.url)]
        if fallback is not None and fallback.url != url:
            try:
                return await self.request(call, fallback.url, fallback.method, [*more, *error])
            except WebhookFailed as failure:
                self.note(call, failure, fallback.method)
        return apology()

    async def tell_last(self, call: Call, url: str, method: str, more: Params) -> None:
        """Ask an action address although the answer no longer matters."""
        try:
            await self.webhooks.send(url, method, [*call.params(), *more], jar=call.jar)
        except WebhookFailed as failure:
            self.note(call, failure, method)

    def note(self, call: Call, failure: WebhookFailed, method: str) -> None:
        self.alerts.note(failure.code, call.sid, url=failure.url, method=method, detail=failure.detail)
        call.events.add("error", code=failure.code, text=failure.detail)

    def warn(self, call: Call, document: Document) -> None:
        for warning in document.warnings:
            self.alerts.note(12200, call.sid, url=document.url, method=document.method, detail=warning)

    def progress(self, call: Call, event: str) -> None:
        """Tell whoever asked for this event of a call: initiated, ringing, answered, completed."""
        to: Callback | None = call.progress
        if to is None or event not in to.events:
            return
        params = [
            *call.params(),
            ("Timestamp", rfc2822(self.clock.now()) or ""),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(call.sequence)),
        ]
        if event == "completed":
            params += [("CallDuration", str(call.seconds)), ("Duration", str(-(-call.seconds // 60)))]
        call.sequence += 1
        self.callbacks.tell("call", call.sid, to, params)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._ends, return_exceptions=True)
        await self.callbacks.close()
        await self.webhooks.close()
