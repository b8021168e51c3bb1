"""The job queues, named by their work, and the jobs by their dotted names. A lost job is found again by the sweep."""

import time
from contextlib import suppress

import structlog
from redis import Redis
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from ivr.redis_link import RedisLink

CODES = "codes"  # somebody is on the line, waiting for one
TEXTS = "texts"
RECORDINGS = "recordings"

WATCHED = (CODES, TEXTS, RECORDINGS)  # in this order: a worker of several empties an earlier one first

SEND_TEXT = "worker.send_text_job"
TEND_RECORDING = "worker.tend_recording_job"

JOBS = (SEND_TEXT, TEND_RECORDING)

# A text waits for one answer of the network; a talk of four hours is 230 MB.
JOB_SECONDS = {SEND_TEXT: 60, TEND_RECORDING: 600}
_WAITS_SECONDS = 150  # then Redis drops it: without a worker the sweep would pile up the same work for ever
_RECORD_SECONDS = 24 * 3600  # how long Redis remembers a failed job

log = structlog.get_logger()


def open_queue(name: str, redis: Redis) -> Queue:
    """The queue of this name. Arguments travel as JSON: whoever can write to Redis cannot run code of theirs."""
    return Queue(name, connection=redis, serializer=JSONSerializer)


def enqueue(link: RedisLink, queue: str, job: str, *args: int | str) -> bool:
    """Queue `job` after the commit of what it works on. False if Redis is away: the sweep queues it later."""
    # RQ refuses a second job of the same id while it keeps the first one's record, and keeps that of a killed worker
    # for long. The minute in the id lets the sweep ask once a minute, and never more often.
    job_id = "-".join([job.rpartition(".")[2], *map(str, args), str(int(time.time() // 60))])

    def put(redis: Redis) -> bool:
        with suppress(DuplicateJobError):
            open_queue(queue, redis).enqueue_call(
                job,
                args=args,
                job_id=job_id,
                unique=True,
                timeout=JOB_SECONDS[job],
                ttl=_WAITS_SECONDS,
                result_ttl=0,
                failure_ttl=_RECORD_SECONDS,
            )
        return True

    try:
        return link.attempt(put) or False
    except Exception:  # dispatch after a commit must never undo or fail what was committed
        log.exception("job_not_queued", queue=queue)
        return False
