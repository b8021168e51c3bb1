"""Composition root of jobs and of the router: opens what they need, and names what Redis may ask for."""

import signal
import threading
from collections.abc import Sequence
from functools import cache
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from config import Config
from ivr.line import open_telephone
from ivr.queues import WATCHED, open_queue
from ivr.recorded.tending import tend_recording
from ivr.router import Router
from ivr.telephone import Telephone
from ivr.texts import send_text

log = structlog.get_logger()

_WITHOUT_REDIS_S = 1.0


def send_text_job(message_id: int) -> bool:
    """Job: send one message, if it is due."""
    return send_text(_telephone(), message_id)


def tend_recording_job(recording_id: int) -> bool:
    """Job: look for one recording, fetch it or delete it, whichever is due."""
    return tend_recording(_telephone(), recording_id)


def work(config: Config, queues: Sequence[str] = WATCHED) -> None:
    """Do the jobs of these queues until told to stop.

    Without Redis, wait for it: what is due stands in SQL and is queued again.
    """
    _share(config)
    while True:
        # RQ's worker puts its own in their place; while it cannot run, a signal must end us all the same.
        stop = _stop_on_signals()
        redis = Redis.from_url(config.redis_url)
        try:
            # In this process, not in a fork for each job: jobs are short, and connections stay open.
            worker = SimpleWorker(
                [open_queue(name, redis) for name in queues],
                connection=redis,
                serializer=JSONSerializer,
                log_job_description=False,
            )
            worker.work(with_scheduler=False)
            return
        except (RedisAway, RedisSlow) as error:
            # By its kind: a wrong password is an AuthenticationError, and no waiting mends it.
            log.warning("worker_waits_for_redis", kind=type(error).__name__)
            if stop.wait(_WITHOUT_REDIS_S):
                return
        finally:
            redis.close()


def route(config: Config) -> None:
    """Run the router until told to stop."""
    _share(config)
    stop = _stop_on_signals()
    Router(_telephone()).run(stop)


_shared: list[Config] = []


def _share(config: Config) -> None:
    """Let the jobs of this process use the settings that it was started with."""
    _shared[:] = [config]
    _telephone.cache_clear()


@cache
def _telephone() -> Telephone:
    """One for the process. A job that is run by another program than ours reads the environment."""
    return open_telephone(_shared[0] if _shared else Config.from_env())


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def stop_now(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop_now)
    return stop
