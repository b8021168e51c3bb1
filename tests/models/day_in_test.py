"""A random day of a line as plain facts, its rows, and a slow count that anybody can follow."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from models.call import Call
from models.call_back import CallBack
from models.presence import Presence
from models.presence_stay import PresenceStay
from models.presence_stays import pieces
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.store import Store
from models.talk import Talk

MIDNIGHT = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # the second of March begins in India
AHEAD = timedelta(hours=5, minutes=30)


@dataclass
class CallFact:
    """One stay in the queue. `talk_s` and `wrap_s` are of its conversation, None while there is none or it runs."""

    at: datetime
    language: str
    ended_as: str | None
    wait: timedelta
    talk: timedelta | None = None
    wrap: timedelta | None = None


@dataclass
class Day:
    """Everything that happened."""

    calls: list[CallFact] = field(default_factory=list)
    rung_back: list[CallFact] = field(default_factory=list)
    asked_in: list[CallFact] = field(default_factory=list)  # colleagues who spoke with a caller too
    stays: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    lasting: list[tuple[str, datetime]] = field(default_factory=list)


def random_day(rng: Random, calls: int) -> Day:
    day = Day()
    endings = ("answered", "abandoned", "callback", "voicemail", "overflow", "closed", "error", "talking", None)
    for _ in range(calls):
        at = MIDNIGHT + timedelta(microseconds=rng.randrange(-3600, 90_000) * 1_000_000 + rng.choice((0, 1, 999_999)))
        # Waits lie on and beside the limits of 5 and 20 seconds.
        wait = timedelta(
            seconds=rng.choice((0, 4, 5, 6, 19, 20, 21, rng.randrange(400))),
            microseconds=rng.choice((0, 0, 1, 999_999)),
        )
        fact = CallFact(at, rng.choice(("bn", "en", "hi")), rng.choice(endings), wait)
        if fact.ended_as == "answered":
            fact.talk = timedelta(seconds=rng.randrange(600), microseconds=rng.choice((0, 1)))
            fact.wrap = timedelta(seconds=rng.randrange(1, 90)) if rng.random() < 0.8 else None
        day.calls.append(fact)
    for _ in range(calls // 10):
        at = MIDNIGHT + timedelta(seconds=rng.randrange(86_400))
        day.rung_back.append(CallFact(at, rng.choice(("bn", "hi")), None, timedelta(), timedelta(seconds=77)))
    for fact in [fact for fact in day.calls if fact.talk is not None][::7]:
        day.asked_in.append(CallFact(fact.at + fact.wait, fact.language, None, timedelta(), timedelta(seconds=12)))
    for _ in range(calls):
        began = MIDNIGHT + timedelta(seconds=rng.randrange(-80_000, 90_000), microseconds=rng.choice((0, 1)))
        stretch = timedelta(seconds=rng.choice((900, 3600, rng.randrange(1, 86_400), rng.randrange(1, 600))))
        day.stays.append(
            (rng.choice(("ready", "talk", "wrap_up", "break", "missed", "offline")), began, began + stretch)
        )
    day.lasting = [(state, MIDNIGHT + timedelta(hours=9)) for state in ("ready", "offered", "talk", "break")]
    return day


def write_day(store: Store, day: Day) -> None:
    """The day as the line would have left it in the tables."""
    store.write(lambda connection: _Writer(connection).write(day))


class _Writer:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._people = [
            self._add(Staff, login=f"p{n}", name="P", password_hash="", created_at=MIDNIGHT) for n in range(4)
        ]
        self._count = 0

    def write(self, day: Day) -> None:
        for fact in day.calls:
            self._write_call(fact)
        for fact in day.rung_back:
            promised = {"number": "+919830000001", "language": fact.language, "reason": "asked", "due_by": fact.at}
            self._count += 1
            call_back = self._add(CallBack, **promised, request_reference=f"r{self._count}", created_at=fact.at)
            self._write_talk(fact, fact.at, callback_id=call_back)
        for fact in day.asked_in:
            self._count += 1
            sid = f"CA{self._count:032x}"
            self._connection.execute(insert(Call).values(sid=sid, started_at=fact.at, language=fact.language))
            self._write_talk(fact, fact.at, call_sid=sid, guest_of=1)
        for state, began, ended in day.stays:
            for start, end in pieces(began, ended):
                self._add(PresenceStay, staff_id=self._people[0], state=state, began_at=start, ended_at=end)
        for person, (state, since) in zip(self._people, day.lasting, strict=False):
            values = {"staff_id": person, "state": state, "since": since}
            self._connection.execute(insert(Presence).values(**values))

    def _write_call(self, fact: CallFact) -> None:
        self._count += 1
        sid = f"CA{self._count:032x}"
        self._connection.execute(insert(Call).values(sid=sid, started_at=fact.at))
        over, answered = fact.at + fact.wait, None
        state = "ended" if fact.ended_as not in (None, "talking") else fact.ended_as or "waiting"
        if fact.ended_as in ("answered", "talking"):
            answered, over = over, over + (fact.talk or timedelta())
        entry = self._add(
            QueueEntry,
            call_sid=sid,
            turn=1,
            queue="helpline",
            language=fact.language,
            entered_at=fact.at,
            ahead_since=fact.at,
            state=state,
            answered_at=answered,
            ended_at=over if state == "ended" else None,
            ended_as=fact.ended_as if state == "ended" else None,
        )
        if answered is not None and fact.talk is not None:
            self._write_talk(fact, answered, call_sid=sid, entry_id=entry)

    def _write_talk(self, fact: CallFact, began: datetime, **more: Any) -> None:
        self._count += 1
        assert fact.talk is not None
        ended = began + fact.talk
        talk = self._add(
            Talk,
            staff_id=self._people[self._count % 4],
            conference=f"c{self._count}",
            state="ended",
            created_at=began,
            started_at=began,
            ended_at=ended,
            **more,
        )
        if fact.wrap is not None:
            # Out of the day's own stays: it lies far back, where no report of the day counts it as time.
            stay = {"staff_id": self._people[0], "state": "wrap_up", "talk_id": talk}
            long_ago = MIDNIGHT - timedelta(days=30)
            self._add(PresenceStay, **stay, began_at=long_ago, ended_at=long_ago + fact.wrap)

    def _add(self, entity: Any, **values: Any) -> int:
        return int(self._connection.execute(insert(entity).values(**values).returning(entity.id)).scalar_one())


def edge(at: datetime, every: timedelta) -> datetime:
    """The beginning of the interval of India's clock in which `at` lies."""
    local = (at + AHEAD).replace(tzinfo=None)
    since_midnight = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
    return at - since_midnight % every


def slow_count(
    day: Day, start: datetime, end: datetime, every: timedelta, now: datetime
) -> dict[Any, dict[str, float]]:
    """The counts by interval and language, each call looked at by itself."""
    found: dict[Any, dict[str, float]] = {}

    def count(at: datetime, language: str, name: str, more: float = 1) -> None:
        counts = found.setdefault((edge(at, every), language), {})
        counts[name] = counts.get(name, 0) + more

    for fact in day.calls:
        if start <= fact.at < end:
            _count_call(fact, count)
    for fact in [*day.calls, *day.rung_back, *day.asked_in]:
        began = fact.at + fact.wait
        if fact.talk is not None and start <= began < end:
            count(began, fact.language, "talks")
            count(began, fact.language, "talked", fact.talk / timedelta(microseconds=1))
            count(began, fact.language, "wrapped", (fact.wrap or timedelta()) / timedelta(microseconds=1))
    for state, began, ended in [*day.stays, *((state, since, now) for state, since in day.lasting)]:
        name = {"talk": "busy", "wrap_up": "busy", "ready": "ready", "offered": "ready"}.get(state)
        at, last = max(began, start), min(ended, end, now)
        while name and at < last:
            until = min(edge(at, every) + every, last)
            count(at, "", name, (until - at) / timedelta(microseconds=1))
            at = until
    return found


def _count_call(fact: CallFact, count: Any) -> None:
    count(fact.at, fact.language, "queued")
    if fact.ended_as in ("answered", "talking"):
        count(fact.at, fact.language, "answered")
        count(fact.at, fact.language, "waited", fact.wait / timedelta(microseconds=1))
        if fact.wait <= timedelta(seconds=20):
            count(fact.at, fact.language, "answered_fast")
    elif fact.ended_as == "abandoned":
        if fact.wait > timedelta(seconds=5):
            count(fact.at, fact.language, "abandoned")
    else:
        count(fact.at, fact.language, f"ended.{fact.ended_as or 'waiting'}")
