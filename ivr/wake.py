"""Telling other processes that a row waits for them. Only ever a hint: the row is the truth and a sweep finds it."""

import threading
from contextlib import suppress
from typing import Protocol

from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from ivr.queues import CODES, RECORDINGS, SEND_TEXT, TEND_RECORDING, TEXTS, enqueue
from ivr.redis_link import RedisLink

ROUTER_CHANNEL = "helpline:router"
DESK_CHANNEL = "helpline:desk"


class Wake(Protocol):
    """Nudges after a commit. No method raises: an unheard nudge only costs the wait for the next poll or sweep."""

    def router(self) -> None:
        """Callers are to be paired, or telephone commands to be sent."""

    def desk(self) -> None:
        """There are new rows for the event stream."""

    def text(self, message_id: int, *, urgent: bool = False) -> None:
        """The message with this id waits to be sent; `urgent` ones (codes) have a queue of their own."""

    def recording(self, recording_id: int) -> None:
        """The recording with this id is to be looked for, fetched or deleted."""


class NoWake:
    """Wakes nobody: everybody polls. For commands, and while Redis is away."""

    def router(self) -> None:
        """Do nothing."""

    def desk(self) -> None:
        """Do nothing."""

    def text(self, message_id: int, *, urgent: bool = False) -> None:
        """Do nothing."""

    def recording(self, recording_id: int) -> None:
        """Do nothing."""


class RedisWake:
    """Wakes by Redis: the router and the streams by a publish, workers by a job. Failures are silent."""

    def __init__(self, redis_url: str) -> None:
        self._link = RedisLink(redis_url)

    def router(self) -> None:
        """Publish on the router's channel."""
        self._link.attempt(lambda redis: redis.publish(ROUTER_CHANNEL, ""))

    def desk(self) -> None:
        """Publish on the streams' channel."""
        self._link.attempt(lambda redis: redis.publish(DESK_CHANNEL, ""))

    def text(self, message_id: int, *, urgent: bool = False) -> None:
        """Queue the job that sends the message."""
        enqueue(self._link, CODES if urgent else TEXTS, SEND_TEXT, message_id)

    def recording(self, recording_id: int) -> None:
        """Queue the job that tends the recording."""
        enqueue(self._link, RECORDINGS, TEND_RECORDING, recording_id)


class Listener:
    """Waits for nudges on one channel, or for the time to pass: without Redis it only waits."""

    def __init__(self, redis_url: str, channel: str) -> None:
        self._link = RedisLink(redis_url)
        self._channel = channel
        self._heard: PubSub | None = None

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """True if there was a nudge before `seconds` were over."""
        if self._heard is None:
            self._heard = self._link.attempt(self._subscribe)
        heard = self._heard
        if heard is None:
            stop.wait(seconds)
            return False
        woken = self._link.attempt(lambda _redis: _next(heard, seconds))
        if woken is None:
            self.close()
            return False
        return woken

    def close(self) -> None:
        """Give the connection back."""
        heard, self._heard = self._heard, None
        if heard is not None:
            with suppress(RedisError, OSError):
                heard.close()

    def _subscribe(self, redis: Redis) -> PubSub:
        heard: PubSub = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # no types there
        heard.subscribe(self._channel)
        return heard


def _next(heard: PubSub, seconds: float) -> bool:
    """Wait for one nudge, and take those that came with it as the same."""
    if heard.get_message(timeout=seconds) is None:
        return False
    while heard.get_message(timeout=0) is not None:
        pass
    return True
