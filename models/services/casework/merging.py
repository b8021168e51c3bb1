"""Joining a complaint to another about the same matter, as somebody proposed; and taking it out again."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.actor import RULE
from models.case_moment import merge_proposal, state_before_merging
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit, put_down, said
from models.services.changing import Text, change_state, followers_of
from models.services.placing import begin_stay, mark_opened, seat
from models.transitions import OPEN


def decide_merge(
    session: Session, complaint: Complaint, acting: Acting, *, agrees: bool, note: str = ""
) -> ComplaintEvent:
    """It joins the complaint that was proposed, or the one that this follows by now; or stays on its own, for a reason.

    Raises Refused, also where that one is not open any more, or follows this one.
    """
    permit(session, acting.officer, complaint, "decide_merge")
    proposal = merge_proposal(session, complaint)
    if proposal is None:
        raise Refused("nothing_proposed")
    if not agrees:
        data = {"note": said(note)}
        return put_down(session, complaint, "merge_refused", acting, data)
    proposed = int(proposal.data["master"])
    master = find_master(session, complaint, proposed).id
    moved_on = proposed if master != proposed else None
    return move(session, complaint, "merged", acting, master=master, proposed=moved_on, note=note.strip() or None)


def find_master(session: Session, complaint: Complaint, named: int | None) -> Complaint:
    """The open complaint that `complaint` can join: the one named by its id, or the one that this follows by now.

    Locked, so that two that are to join each other at once do not. Raises Refused: unknown_master, same_complaint.
    """
    followed: set[int] = set()
    master = None
    while named is not None and named not in followed:
        followed.add(named)
        master = session.get(Complaint, named, with_for_update=True)
        named = master.merged_into if master is not None else None
    if master is None or master.state not in OPEN:
        raise Refused("unknown_master")
    if master.id == complaint.id:
        raise Refused("same_complaint")
    return master


def unmerge(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Take it out again: it stands where it stood before it was joined. Raises Refused."""
    permit(session, acting.officer, complaint, "unmerge")
    why = said(note)
    return move(session, complaint, state_before_merging(session, complaint), acting, note=why)


def report_followers(
    session: Session, master: Complaint, note: str, *, now: datetime, calendar: WorkingCalendar, text: Text | None
) -> None:
    """What follows `master` is reported solved with it: each citizen is told, and says for themselves whether it is.

    From then on each goes its own way, from where the master lies: that office did it.
    """
    for follower in followers_of(session, master):
        _come_to(session, follower, master, now)
        change_state(
            session,
            follower,
            "action_reported",
            by=RULE,
            now=now,
            calendar=calendar,
            compose=text.compose if text is not None else None,
            template=text.template if text is not None else "",
            note=note,
            master=master.id,
        )
        report_followers(session, follower, note, now=now, calendar=calendar, text=text)


def _come_to(session: Session, follower: Complaint, master: Complaint, now: datetime) -> None:
    """To the master's office, or the first above it that the follower does not accuse."""
    before = follower.office_code, follower.level
    follower.department_code, follower.office, follower.level = master.department_code, master.office, master.level
    follower.office_code, follower.officer_id = None, master.officer_id
    if master.office_code is not None:
        seat(session, follower, master.office_code, now)
    if (follower.office_code, follower.level) != before:
        begin_stay(session, follower, now)
    mark_opened(session, follower, now)
