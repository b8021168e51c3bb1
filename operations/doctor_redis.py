"""The doctor's look at Redis and at the workers that it knows. Changes nothing."""

from collections.abc import Iterable, Iterator

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from config import Config
from ivr.queues import CODES, RECORDINGS, WATCHED
from operations.doctor import Finding


def look_at_redis(config: Config) -> Iterator[Finding]:
    """Whether it answers, and whether somebody does the work of each queue."""
    try:
        client = Redis.from_url(config.redis_url, socket_timeout=2, socket_connect_timeout=2)
        try:
            client.ping()
            workers = [worker.queue_names() for worker in Worker.all(connection=client, serializer=JSONSerializer)]
        finally:
            client.close()
    except (RedisError, ValueError):
        says = "It does not answer, so texts and codes wait. See that it runs, and that REDIS_URL is right."
        yield Finding("Redis", False, says)
        return
    yield Finding("Redis", True, "It answers.")
    yield judge_workers(workers)


def judge_workers(workers: Iterable[Iterable[str]]) -> Finding:
    """`workers` are the queues of each that runs. Without any the line is not started, which is no fault."""
    each = [set(queues) for queues in workers]
    if not each:
        return Finding("workers", True, "None runs: the line is not started.")
    lacking = [name for name in WATCHED if not any(name in queues for queues in each)]
    if lacking:
        return Finding(
            "workers", False, f"Nobody does {', '.join(lacking)}. Start: helpline worker {' '.join(lacking)}"
        )
    if not any(CODES in queues and RECORDINGS not in queues for queues in each):
        says = "Codes wait behind recordings, for minutes. Start one more process: helpline worker codes texts"
        return Finding("workers", False, says)
    return Finding("workers", True, "Each queue has one, and codes never wait behind recordings.")
