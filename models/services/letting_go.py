"""Complaints that still follow one which is over: from before the rule that lets them go. Safe to run again."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.case_moment import last_event
from models.complaint import Complaint
from models.errors import IllegalTransition
from models.services.casework.merging import report_followers
from models.services.changing import Text, leave_alone
from models.services.escalating import BATCH, Calendars
from models.store import Store
from models.transitions import ENDED

_REPORTED = "action_reported"
_OVER = (*ENDED, _REPORTED, "appealed")  # none of these is followed by anybody, as the rule is now
_AFTER_REPORT = ("confirmed", "unreachable")  # outcomes


class Texts(NamedTuple):
    """What their citizens are sent: that theirs is reported solved, or that it is looked into on its own again."""

    reported: Text | None
    left_alone: Text | None


def let_stranded_go(
    store: Store, now: datetime, calendars: Calendars, texts: Callable[[Session, Complaint], Texts]
) -> Counter[str]:
    """Do for the followers of masters that are over what would be done today. Counts masters: let_go, stumbled.

    Where the master was reported solved, so are they, and their citizens are asked; else they stand where they stood
    before they joined. Raises StoreUnavailable.
    """
    follower, master = aliased(Complaint), aliased(Complaint)
    over = (
        select(master.id)
        .join(follower, follower.merged_into == master.id)
        .where(follower.state == "merged", master.state.in_(_OVER))
    )
    with store.read() as connection:
        ids = list(connection.scalars(over.distinct().order_by(master.id).limit(BATCH)))
    counts = Counter[str]()
    for one in ids:
        try:
            done = store.transact(partial(_let_go, master_id=one, now=now, calendars=calendars, texts=texts))
        except IllegalTransition:
            counts["stumbled"] += 1  # a record that does not tell where it stood: somebody has to look at it
        else:
            counts["let_go"] += done
    return counts


def _let_go(
    session: Session,
    master_id: int,
    now: datetime,
    calendars: Calendars,
    texts: Callable[[Session, Complaint], Texts],
) -> bool:
    master = session.get_one(Complaint, master_id, with_for_update=True)
    if master.state not in _OVER:
        return False  # it was opened again meanwhile
    calendar, told = calendars(master.department_code), texts(session, master)
    report = last_event(session, master, _REPORTED)
    if report is not None and (master.state == _REPORTED or master.outcome in _AFTER_REPORT):
        report_followers(session, master, str(report.data["note"]), now=now, calendar=calendar, text=told.reported)
    else:
        leave_alone(session, master, told.left_alone, now, calendar)
    return True
