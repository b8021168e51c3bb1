"""Which processes of the line give a sign of life. A web process that answers tells nothing of the others."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy import Connection, text

from ivr.duty import ROUTER, duty_is_free
from ivr.queues import WATCHED

_GRACE = timedelta(seconds=10)  # a router that was killed is started again meanwhile
CLOCKS_APART_S = 2.0  # leases and offers end by the clock of whichever machine looks


def router_on_duty(connection: Connection, now: datetime) -> bool:
    """True if a router has held the duty lately. Without one nobody is paired, and nothing is swept."""
    return not duty_is_free(connection, ROUTER, now - _GRACE)


def ask_workers(redis_url: str, seconds: float) -> list[list[str]]:
    """The queues of each worker that runs. Waits `seconds` at most for each answer. Raises RedisError."""
    client = Redis.from_url(redis_url, socket_timeout=seconds, socket_connect_timeout=seconds)
    try:
        client.ping()
        return [worker.queue_names() for worker in Worker.all(connection=client, serializer=JSONSerializer)]
    finally:
        client.close()


def unworked(workers: Iterable[Sequence[str]]) -> list[str]:
    """The queues that nobody works on."""
    each = [set(queues) for queues in workers]
    return [name for name in WATCHED if not any(name in queues for queues in each)]


def clocks_apart_s(connection: Connection, now: datetime) -> float:
    """Seconds between this machine's clock and that of the database server; 0 where both are the same machine's."""
    if connection.dialect.name != "postgresql":
        return 0.0
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return abs((theirs - now).total_seconds())


def promises_in(spool: Path, now: datetime) -> tuple[int, int]:
    """Promises of the last resort on this machine's disk that wait for longer than a minute; and unreadable ones."""
    late = [file for file in spool.glob("*.json") if _age(file, now) > timedelta(minutes=1)]
    return len(late), len(list(spool.glob("*.unreadable")))


def _age(file: Path, now: datetime) -> timedelta:
    try:
        return timedelta(seconds=now.timestamp() - file.stat().st_mtime)
    except FileNotFoundError:  # just taken in
        return timedelta()
