"""Conditions of transitions that look at the complaint's record. Each returns why not, or None."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.actor import Actor
from models.case_moment import why_not_second
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, WorkingCalendar, add_working_days
from models.transitions import ABOUT_MERGING

REOPEN_DAYS = 10  # working days after closing
APPEAL_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A change of state somebody tries."""

    complaint: Complaint
    record: Sequence[ComplaintEvent]
    by: Actor
    now: datetime
    calendar: WorkingCalendar
    said: Mapping[str, Any]


def not_satisfied(attempt: Attempt) -> str | None:
    if attempt.said.get("answer") in ("not_solved", "partly"):
        return None
    return "it goes on only if the citizen says not solved, or partly"


def reopens_in_time(attempt: Attempt) -> str | None:
    closed_at = attempt.complaint.closed_at
    if closed_at is None:
        return "it was never closed"
    last = add_working_days(closed_at.astimezone(INDIA).date(), REOPEN_DAYS, attempt.calendar)
    if attempt.now.astimezone(INDIA).date() <= last:
        return None
    return f"it was closed more than {REOPEN_DAYS} working days ago: register a new complaint that names this one"


def appeals_in_time(attempt: Attempt) -> str | None:
    decided = _last(attempt.record, "closed", "rejected")
    if decided is not None and attempt.now - decided.at <= APPEAL_FOR:
        return None
    return "an appeal is possible within 30 days of the decision"


def second_officer(attempt: Attempt) -> str | None:
    proposal = _last(attempt.record, "rejection_proposed")
    if proposal is None:
        return "nobody has proposed to reject it: one officer proposes, another decides"
    return {
        None: None,
        "own_proposal": "who proposed to reject it cannot decide it too",
        "level_too_low": "an officer of a higher level than the proposer's must decide it",
    }[why_not_second(attempt.by, proposal)]


def fresh_eyes(attempt: Attempt) -> str | None:
    decided = {event.actor for event in attempt.record if event.kind in ("closed", "rejected", "rejection_proposed")}
    if attempt.by.name in decided:
        return "an appeal is decided by someone who has not decided this complaint before"
    return None


def proposed_to_merge(attempt: Attempt) -> str | None:
    last, said = _last(attempt.record, *ABOUT_MERGING), attempt.said
    # `proposed`: the one that was proposed has itself joined `master` meanwhile.
    wanted = said.get("proposed", said.get("master"))
    if last is None or last.kind != "merge_proposed" or last.data.get("master") != wanted:
        return "a representative must propose first that it joins that complaint"
    return None


def as_before_merging(attempt: Attempt) -> str | None:
    merged = _last(attempt.record, "merged")
    before = merged.data.get("from") if merged is not None else None
    if before == attempt.said.get("to"):
        return None
    return f"taken out again, it stands where it stood: {before}"


GUARDS: Mapping[str, Callable[[Attempt], str | None]] = {
    guard.__name__: guard
    for guard in (
        not_satisfied,
        reopens_in_time,
        appeals_in_time,
        second_officer,
        fresh_eyes,
        proposed_to_merge,
        as_before_merging,
    )
}


def _last(record: Sequence[ComplaintEvent], *kinds: str) -> ComplaintEvent | None:
    return next((event for event in reversed(record) if event.kind in kinds), None)
