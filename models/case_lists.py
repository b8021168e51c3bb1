"""What waits for the grievance cell: cases that nobody has, and what somebody proposed."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.transitions import ABOUT_MERGING, OPEN


def to_sort(mine: ColumnElement[bool]) -> Select[Any]:
    """Registered, and sent nowhere by any rule."""
    return _due_first(select(Complaint).where(mine, Complaint.state == "registered"))


def transfers_proposed(mine: ColumnElement[bool]) -> Select[Any]:
    """Handed on a second time: they stay until the cell has decided."""
    return _due_first(select(Complaint).where(mine, Complaint.pending == "transfer"))


def under_appeal(mine: ColumnElement[bool]) -> Select[Any]:
    return _due_first(select(Complaint).where(mine, Complaint.state == "appealed"))


def merges_proposed(mine: ColumnElement[bool]) -> Select[Any]:
    """Open ones that somebody proposed to join to another, undecided since, each with the number of that one."""
    newest = (
        select(ComplaintEvent.complaint_id, func.max(ComplaintEvent.n).label("n"))
        .where(ComplaintEvent.kind.in_(ABOUT_MERGING))
        .group_by(ComplaintEvent.complaint_id)
        .subquery()
    )
    return (
        select(Complaint, ComplaintEvent.data)
        .join(newest, newest.c.complaint_id == Complaint.id)
        .join(ComplaintEvent, (ComplaintEvent.complaint_id == Complaint.id) & (ComplaintEvent.n == newest.c.n))
        .where(mine, Complaint.state.in_(OPEN), ComplaintEvent.kind == "merge_proposed")
        .order_by(Complaint.due_on, Complaint.id)
    )


def _due_first(wanted: Select[Any]) -> Select[Any]:
    return wanted.order_by(Complaint.due_on, Complaint.id)
