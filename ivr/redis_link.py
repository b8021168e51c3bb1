"""A connection to Redis that nobody depends on: quick to give up, silent for a while after a failure."""

import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import structlog
from redis import Redis
from redis.exceptions import RedisError

T = TypeVar("T")

log = structlog.get_logger()

_ANSWER_SECONDS = 0.5
_REST_SECONDS = 2.0  # after a failure nobody waits for Redis again so soon


class RedisLink:
    """One Redis by its address, shared by all threads of a process. Opens no connection before it is used."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._redis: Redis | None = None
        self._rest_until = 0.0
        self._lock = Lock()

    @property
    def redis(self) -> Redis:
        """The client itself, for what may fail loudly."""
        with self._lock:
            if self._redis is None:
                self._redis = Redis.from_url(
                    self.url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
                )
            return self._redis

    def attempt(self, use: Callable[[Redis], T]) -> T | None:
        """Use Redis, or do without: None if it is away. Raises nothing that Redis raises."""
        # Not the clock of due times: this one only spares a web request a wait for what has just failed.
        if time.monotonic() < self._rest_until:
            return None
        try:
            return use(self.redis)
        except (RedisError, OSError) as error:
            self._rest_until = time.monotonic() + _REST_SECONDS
            log.warning("redis_away", kind=type(error).__name__)
            return None
