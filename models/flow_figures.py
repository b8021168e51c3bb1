"""What callers did in the menus, counted from the paths of their calls whenever it is asked."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Row, exists, func, or_, select

from models.call import Call
from models.queue_entry import QueueEntry
from models.talk import Talk
from models.turn import Turn

_ROWS = 1_000  # read at a time
_WRONG = "wrong"  # as `ivr.walk` writes it
_STAYS = ("silence", "wrong_key")
_COUNTED = {
    "silence": "silences",
    "wrong_key": "wrong_keys",
    "give_up": "give_ups",
    "hung_up": "hang_ups",
    "fault": "faults",
}


@dataclass(slots=True)
class StepFigures:
    """One step. `went` counts how often callers left it, why, in the words of the path, and where to: a call that comes
    by twice counts twice.

    `seconds` is what all callers together spent there. A question that is asked again is no new arrival. `wrong` are
    the keys that meant nothing there, the one after which it was given up among them; of a question, none are kept.
    """

    arrivals: int = 0
    silences: int = 0
    wrong_keys: int = 0
    give_ups: int = 0
    hang_ups: int = 0
    faults: int = 0
    seconds: float = 0.0
    went: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def exits(self) -> Counter[str]:
        """How often each exit was taken, wherever it led."""
        taken: Counter[str] = Counter()
        for (why, _), calls in self.went.items():
            taken[why] += calls
        return taken

    @property
    def to(self) -> dict[str, str]:
        """Where most of those who took an exit were led."""
        return {why: to for (why, to), _ in reversed(self.went.most_common())}

    def add(self, other: "StepFigures") -> None:
        """Count what was counted of a later time besides."""
        for name in ("arrivals", "seconds", *_COUNTED.values()):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.went.update(other.went)
        self.wrong.update(other.wrong)


@dataclass(frozen=True, slots=True)
class PassedBy:
    """A call that went through an exit. `path` are all its entries: turn, step, why, where to."""

    sid: str
    at: datetime
    language: str
    path: tuple[tuple[int, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Callers who chose `pressed` and really wanted `real`; `of_all` chose it and were talked to."""

    pressed: str
    real: str
    calls: int
    of_all: int


def read_flow_figures(
    connection: Connection, flow: str, start: datetime, end: datetime, *, language: str | None = None
) -> dict[str, StepFigures]:
    """By step. Calls count whole, for the time in which they began: from `start` up to `end`."""
    figures: dict[str, StepFigures] = {}
    for rows in _calls(connection, flow, start, end, language):
        _count(figures, rows)
    return figures


def last_calls(
    connection: Connection,
    flow: str,
    step: str,
    why: str,
    *,
    limit: int = 20,
    start: datetime | None = None,
    end: datetime | None = None,
    language: str | None = None,
) -> list[PassedBy]:
    """The latest calls that left `step` because of `why`, the newest first, with all that they did."""
    # Turns that began with "one moment" were once kept with spaces and escapes.
    entries = (f"{_plain(step)},{_plain(why)},", f"{json.dumps(step)}, {json.dumps(why)}, ")
    wanted = (
        select(Call.sid, Call.started_at, Call.language)
        .where(Call.flow == flow, or_(*(Turn.path.contains(entry, autoescape=True) for entry in entries)))
        .join(Turn, Turn.call_sid == Call.sid)
        .group_by(Call.sid, Call.started_at, Call.language)
        .order_by(Call.started_at.desc(), Call.sid)
        .limit(limit)
    )
    if start is not None:
        wanted = wanted.where(Call.started_at >= start)
    if end is not None:
        wanted = wanted.where(Call.started_at < end)
    if language is not None:
        wanted = wanted.where(Call.language == language)
    found = connection.execute(wanted).all()
    paths: dict[str, list[tuple[int, str, str, str]]] = {row.sid: [] for row in found}
    turns = select(Turn.call_sid, Turn.path).where(Turn.call_sid.in_(paths)).order_by(Turn.call_sid, Turn.n)
    for sid, path in connection.execute(turns):
        paths[sid] += read_path(path)
    return [PassedBy(row.sid, row.started_at, row.language, tuple(paths[row.sid])) for row in found]


def misunderstood_keys(connection: Connection, start: datetime, end: datetime, *, not_of: str) -> list[Misunderstood]:
    """Kinds that callers chose and representatives marked as the wrong ones, the most frequent first.

    Calls of the flow `not_of` are left out.
    """
    left_out = exists().where(Call.sid == Talk.call_sid, Call.flow == not_of)
    within = (Talk.created_at >= start, Talk.created_at < end, ~left_out)
    told = connection.scalars(select(QueueEntry.tell).join(Talk, Talk.entry_id == QueueEntry.id).where(*within))
    of_all = Counter(tell.get("category", "") for tell in told)
    marked = (
        select(Talk.pressed_kind, Talk.real_kind, func.count().label("calls"))
        .where(*within, Talk.real_kind.is_not(None), Talk.pressed_kind != "", Talk.pressed_kind != Talk.real_kind)
        .group_by(Talk.pressed_kind, Talk.real_kind)
        .order_by(func.count().desc(), Talk.pressed_kind, Talk.real_kind)
    )
    return [
        Misunderstood(pressed, real, calls, of_all.get(pressed, calls))
        for pressed, real, calls in connection.execute(marked)
        if pressed and real
    ]


def read_path(path: str) -> Iterator[tuple[int, str, str, str]]:
    """The entries of one turn; what tells who spoke is left out, as it belongs to no step."""
    for turn, step, why, to in json.loads(path):
        if isinstance(to, str) and (step or why == "arrived"):
            yield turn, step, why, to


def _wrong_key(path: str) -> str:
    if f'"{_WRONG}"' not in path:
        return ""
    return next((key for _, step, why, key in json.loads(path) if not step and why == _WRONG), "")


def _plain(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _calls(
    connection: Connection, flow: str, start: datetime, end: datetime, language: str | None
) -> Iterator[list[Row[str, datetime, str]]]:
    """The turns of each call, in order."""
    wanted = (
        select(Call.sid, Turn.at, Turn.path)
        .join(Turn, Turn.call_sid == Call.sid)
        .where(Call.flow == flow, Call.started_at >= start, Call.started_at < end)
        .order_by(Call.started_at, Call.sid, Turn.n)
    )
    if language is not None:
        wanted = wanted.where(Call.language == language)
    # An option of the statement: one of the connection would stay for everything that its caller asks next.
    rows = connection.execute(wanted.execution_options(yield_per=_ROWS))
    for _, turns in groupby(rows, key=lambda row: row.sid):
        yield list(turns)


def _count(figures: dict[str, StepFigures], turns: list[Row[str, datetime, str]]) -> None:
    came_at: dict[str, datetime] = {}
    for row in turns:
        path = list(read_path(row.path))
        if path and (key := _wrong_key(row.path)):
            figures.setdefault(path[0][1], StepFigures()).wrong[key] += 1
        for _, step, why, to in path:
            if step:
                left = figures.setdefault(step, StepFigures())
                if step in came_at and step != to:
                    left.seconds += (row.at - came_at.pop(step)).total_seconds()
                counted = _COUNTED.get(why)
                if counted:
                    setattr(left, counted, getattr(left, counted) + 1)
                if why not in _STAYS:
                    left.went[why, to] += 1
            if to and to != step:
                figures.setdefault(to, StepFigures()).arrivals += 1
                came_at[to] = row.at
