"""Two schedulers over the same due cases at once, killed in turn: each case rises once, whole or not at all."""

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.record import verify_chain
from models.services.escalating import due_cases, escalate_due
from models.store import Store
from tests.bench.cases import NOW
from tests.bench.servers import ROOT
from tests.models.desk_kit import WEEK

KILLS = 4
_VERIFIED = 1000  # records that are read from their first line to their last
_LOOK_S = 0.1
_LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class Proof:
    """`took` in seconds; `left`: how many cases a look afterwards finds; `verified`: records that hold."""

    took: float
    kills: int
    left: int
    verified: int


def prove_escalation(store: Store, due: int) -> Proof:
    """Let both work, kill one of them four times on the way, and read what they have left.

    The cases numbered 1 to `due` are due, and have one line in their record. Raises RuntimeError if any was not said
    exactly once.
    """
    began = time.monotonic()
    working = [_start(store), _start(store)]
    kills = 0
    try:
        while any(one.poll() is None for one in working):
            if time.monotonic() > began + _LONGEST_S or any(one.poll() for one in working):
                raise RuntimeError("A scheduler failed, or did not come to an end.")
            if kills < KILLS and _said(store) >= due * (kills + 1) // (KILLS + 1):
                victim = kills % len(working)
                working[victim].kill()
                working[victim].wait()
                working[victim] = _start(store)
                kills += 1
            time.sleep(_LOOK_S)
    finally:
        for one in working:
            one.kill()
            one.wait()
    took = time.monotonic() - began
    left = escalate_due(store, NOW, _week)["looked"]
    with store.session() as session:
        _check_once(session, due)
        verified = session.scalars(select(Complaint).where(Complaint.id <= due).limit(_VERIFIED)).all()
        for case in verified:
            verify_chain(session, case)
    return Proof(took, kills, left, len(verified))


def _start(store: Store) -> subprocess.Popen[bytes]:
    url = store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.bench.schedulers"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"BENCH_DATABASE_URL": url})


def _said(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(ClockNotice)) or 0


def _check_once(session: Session, due: int) -> None:
    """Each table by itself tells of each due case once, and of no other."""
    lines = {
        # Beside it some are warned at once that the promise itself is near.
        "said": select(ClockNotice.complaint_id).where(ClockNotice.kind == "breached"),
        "ended at level 1": select(LevelStay.complaint_id).where(LevelStay.until_at.is_not(None), ~LevelStay.solved),
        "risen": select(LevelStay.complaint_id).where(LevelStay.level > 1),
        "on record": select(ComplaintEvent.complaint_id).where(ComplaintEvent.n > 1),
        "to be explained": select(Explanation.complaint_id),
    }
    once = Counter(range(1, due + 1))
    for what, told in lines.items():
        found = Counter(session.scalars(told))
        if found != once:
            raise RuntimeError(f"Not once each, {what}: {(found - once) + (once - found)}")


def _week(_department: str) -> WorkingCalendar:
    return WEEK


def sweep(store: Store) -> None:
    """What the router does about the clocks, until nothing is due."""
    while due_cases(store, NOW):
        if not escalate_due(store, NOW, _week, batches=1):
            time.sleep(_LOOK_S)  # the other, or one that is dead without its server's knowledge, has the rest


if __name__ == "__main__":
    opened = Store(os.environ["BENCH_DATABASE_URL"])
    sweep(opened)
    opened.close()
