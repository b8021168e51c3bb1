"""`/metrics` for Prometheus: counts read from rows when they are asked for, and the time our webhooks took.

What the store knows is never counted a second time in memory, so a restart forgets nothing. Only times are kept in the
process; with several web processes they are shared through files (PROMETHEUS_MULTIPROC_DIR, set by `helpline web`).
"""

import hmac
import os
import time
from collections.abc import Iterable
from functools import cache

from flask import Blueprint, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector
from redis.exceptions import RedisError
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from ivr.queues import WATCHED
from ivr.telephone import Telephone
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.complaint import Complaint
from models.message import Message
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.store import StoreUnavailable
from models.talk_recording import TalkRecording
from models.voice_message import VoiceMessage
from operations.running import ask_workers, promises_in, router_on_duty

metrics = Blueprint("metrics", __name__)

_REDIS_S = 1.0

WEBHOOK_SECONDS = Histogram(
    "helpline_webhook_seconds",
    "Time one of our answers to the telephone took.",
    ["route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15),
)

# Name, help, the column to count by, and the condition that keeps the count small and true.
_COUNTS: tuple[tuple[str, str, InstrumentedAttribute[str], object], ...] = (
    ("calls_live", "Live calls by phase.", Call.phase, Call.ended_at.is_(None)),
    ("queue_live", "Callers in line by state.", QueueEntry.state, QueueEntry.ended_at.is_(None)),
    ("staff", "Staff by state.", Presence.state, True),
    ("texts", "Texts that are not done, by status.", Message.status, Message.status.in_(("queued", "sending", "sent"))),
    (
        "texts_lost",
        "Texts that never reached a phone.",
        Message.status,
        Message.status.in_(("undelivered", "given_up")),
    ),
    ("call_backs_due", "Promises to ring back, by reason.", CallBack.reason, CallBack.state.in_(("open", "taken"))),
    ("voice_messages", "Voice messages to listen to, by state.", VoiceMessage.state, VoiceMessage.state != "done"),
    ("complaints", "Complaints by state.", Complaint.state, True),
    (
        "recordings",
        "Recordings of talks that are not stored yet, or could not be.",
        TalkRecording.state,
        TalkRecording.state.in_(("waiting", "failed")),
    ),
)


class RowCounts(Collector):
    """Reads the counts from the store, and who gives a sign of life, at each scrape."""

    def __init__(self, telephone: Telephone) -> None:
        self._telephone = telephone

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield from _other_processes(self._telephone)
        up = GaugeMetricFamily("helpline_store_up", "1 when the database could be read for this scrape.")
        try:
            with self._telephone.store.read() as connection:
                families = [
                    *_count_rows(connection),
                    self._oldest_wait(connection),
                    self._oldest_text(connection),
                    self._router(connection),
                    _open_commands(connection),
                ]
        except (SQLAlchemyError, StoreUnavailable):
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from families

    def _oldest_wait(self, connection: Connection) -> GaugeMetricFamily:
        oldest = connection.scalar(select(func.min(QueueEntry.entered_at)).where(QueueEntry.state == "waiting"))
        wait = (self._telephone.clock.now() - oldest).total_seconds() if oldest else 0.0
        return GaugeMetricFamily("helpline_queue_longest_wait_seconds", "The longest wait in line now.", value=wait)

    def _oldest_text(self, connection: Connection) -> GaugeMetricFamily:
        due = select(func.min(Message.next_try_at)).where(Message.status.in_(("queued", "sending")))
        oldest, now = connection.scalar(due), self._telephone.clock.now()
        late = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        return GaugeMetricFamily("helpline_texts_longest_due_seconds", "How late the latest text is.", value=late)

    def _router(self, connection: Connection) -> GaugeMetricFamily:
        on_duty = router_on_duty(connection, self._telephone.clock.now())
        return GaugeMetricFamily("helpline_router_up", "1 when a router is on duty.", value=int(on_duty))


def _other_processes(telephone: Telephone) -> Iterable[GaugeMetricFamily]:
    late, unreadable = promises_in(telephone.config.spool_dir, telephone.clock.now())
    told = "Promises to ring back on this machine's disk that nobody has taken in."
    yield GaugeMetricFamily("helpline_promises_lying", told, value=late + unreadable)
    up = GaugeMetricFamily("helpline_redis_up", "1 when Redis answers.")
    workers = GaugeMetricFamily("helpline_workers", "Workers of each queue.", labels=["queue"])
    try:
        running = ask_workers(telephone.config.redis_url, _REDIS_S)
    except RedisError:
        up.add_metric([], 0)
    else:
        up.add_metric([], 1)
        for name in WATCHED:
            workers.add_metric([name], sum(name in queues for queues in running))
    yield from (up, workers)


def _count_rows(connection: Connection) -> Iterable[GaugeMetricFamily]:
    for name, told, column, condition in _COUNTS:
        family = GaugeMetricFamily(f"helpline_{name}", told, labels=[column.key])
        rows = connection.execute(select(column, func.count()).where(condition).group_by(column))  # type: ignore[arg-type]  # True stands for "all rows"
        for value, count in rows:
            family.add_metric([value], count)
        yield family


def _open_commands(connection: Connection) -> GaugeMetricFamily:
    count = connection.scalar(select(func.count()).where(Command.done_at.is_(None)).select_from(Command)) or 0
    return GaugeMetricFamily("helpline_commands_open", "Telephone commands not sent yet.", value=count)


def start_watch() -> None:
    g.watch_started = time.perf_counter()


def stop_watch(response: Response) -> Response:
    """Note how long a webhook took. Routes are named by their rule, so that no CallSid becomes a label."""
    if request.blueprint and request.path.startswith("/voice/") and request.url_rule is not None:
        note_webhook(request.url_rule.rule, response.status_code, time.perf_counter() - g.watch_started)
    return response


def note_webhook(route: str, status: int, seconds: float) -> None:
    """One answer to the telephone was given."""
    _seconds_of(route, status).observe(seconds)


@cache  # looking a series up by its labels costs more than adding to it
def _seconds_of(rule: str, status: int) -> Histogram:
    return WEBHOOK_SECONDS.labels(rule, str(status))


@metrics.get("/metrics")
def tell_metrics() -> Response:
    """The numbers, for whoever has the token; without a token set, only while developing."""
    telephone: Telephone = current_app.extensions["telephone"]
    if not _may_read(telephone):
        return Response("Send the token of METRICS_TOKEN as 'Authorization: Bearer ...'.\n", 403, mimetype="text/plain")
    registry = CollectorRegistry()
    registry.register(RowCounts(telephone))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package types it not
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    return Response(generate_latest(registry) + generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _may_read(telephone: Telephone) -> bool:
    token = telephone.config.metrics_token
    if token is None:
        return telephone.config.environment == "development"
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
