"""The doctor's look at Redis and at the workers that it knows. Changes nothing."""

from collections.abc import Iterator, Sequence

from redis.exceptions import RedisError

from config import Config
from ivr.queues import CODES, RECORDINGS
from operations.doctor import Finding
from operations.running import ask_workers, unworked

_ANSWER_S = 2.0


def look_at_redis(config: Config, *, routed: bool = False) -> Iterator[Finding]:
    """Whether it answers, and whether somebody does the work of each queue. `routed`: a router is on duty."""
    try:
        workers = ask_workers(config.redis_url, _ANSWER_S)
    except RedisError:
        says = "It does not answer, so texts and codes wait. See that it runs, and that REDIS_URL is right."
        yield Finding("Redis", False, says)
        return
    yield Finding("Redis", True, "It answers.")
    yield judge_workers(workers, routed=routed)
    if workers and not routed:
        yield Finding("router", False, "None runs, so callers wait and are led to nobody. Start: helpline router")


def judge_workers(workers: Sequence[Sequence[str]], *, routed: bool = False) -> Finding:
    """`workers` are the queues of each that runs. With neither these nor a router the line is not started: no fault."""
    each = [set(queues) for queues in workers]
    if not each and not routed:
        return Finding("workers", True, "None runs: the line is not started.")
    if lacking := unworked(workers):
        return Finding(
            "workers", False, f"Nobody does {', '.join(lacking)}. Start: helpline worker {' '.join(lacking)}"
        )
    if not any(CODES in queues and RECORDINGS not in queues for queues in each):
        says = "Codes wait behind recordings, for minutes. Start one more process: helpline worker codes texts"
        return Finding("workers", False, says)
    return Finding("workers", True, "Each queue has one, and codes never wait behind recordings.")
