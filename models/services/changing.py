"""Changing the state of a complaint: by the table, on the record, and told to the citizen at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import RULE, Actor
from models.case_moment import state_before_merging
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import IllegalTransition
from models.guards import GUARDS, Attempt
from models.message import Message
from models.office_tree import office_for
from models.record import append_event
from models.services.placing import begin_stay, last_stay, rise, seat
from models.services.promising import promise_again, read_record
from models.transitions import ENDED, Transition, find_transitions

Compose = Callable[[Complaint], str]


class Text(NamedTuple):
    """An approved text, and what makes its words for a complaint once that has changed."""

    template: str
    compose: Compose


PROPOSALS = ("rejection_proposed", "merge_proposed")


def change_state(
    session: Session,
    complaint: Complaint,
    to: str,
    *,
    by: Actor,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    left_alone: Text | None = None,
    **said: Any,
) -> ComplaintEvent:
    """Move the complaint to state `to`, if the table lets `by` do so. Raises IllegalTransition, saying why not.

    `said`: note, reason_code, department, office (a name) or office_code, answer, outcome, master (a complaint's id),
    as the table demands.
    `compose` makes the words of the text to the citizen, `template` names the approved text that they follow; without
    `compose`, or without a number, none is written. Where it ends, whatever follows it is taken out again, and
    `left_alone` tells the citizens of those.
    """
    record = read_record(session, complaint)
    before = complaint.state
    said = {name: value for name, value in said.items() if value is not None} | {"from": before, "to": to}
    _permit(Attempt(complaint, record, by, now, calendar, said))
    complaint.state = to
    event = append_event(session, complaint, kind=to, actor=by.name, now=now, data=said)
    _follow(session, complaint, before, said, now)
    promise_again(session, complaint, calendar, now, [*record, event])
    tell(session, complaint, event, compose, template, now)
    session.flush()
    if to in ENDED:
        leave_alone(session, complaint, left_alone, now, calendar)
    return event


def followers_of(session: Session, master: Complaint) -> Sequence[Complaint]:
    """The complaints that follow this one, locked."""
    following = select(Complaint).where(Complaint.merged_into == master.id, Complaint.state == "merged")
    return session.scalars(following.order_by(Complaint.id).with_for_update()).all()


def leave_alone(
    session: Session, ended: Complaint, text: Text | None, now: datetime, calendar: WorkingCalendar
) -> None:
    """What has ended speaks for nobody else: each that follows it, however far behind, stands where it stood before."""
    template, compose = text or ("", None)
    for follower in followers_of(session, ended):
        before = state_before_merging(session, follower)
        change_state(
            session,
            follower,
            before,
            by=RULE,
            now=now,
            calendar=calendar,
            compose=compose,
            template=template,
            master=ended.id,
        )
        leave_alone(session, follower, text, now, calendar)


def tell(
    session: Session,
    complaint: Complaint,
    event: ComplaintEvent,
    compose: Compose | None,
    template: str,
    now: datetime,
) -> None:
    """Write the text to the citizen about this event, if there are words and a number."""
    if compose is not None and complaint.contact_number is not None:
        session.add(_message(complaint, event, compose(complaint), template, now))


def propose(
    session: Session, complaint: Complaint, kind: str, *, by: Actor, now: datetime, **said: Any
) -> ComplaintEvent:
    """Put on record what somebody else decides. `kind`: rejection_proposed (note) or merge_proposed (master)."""
    if kind not in PROPOSALS:
        raise ValueError(f"a proposal is one of: {', '.join(PROPOSALS)}")
    return append_event(session, complaint, kind=kind, actor=by.name, now=now, data=said | {"level": by.level})


def _permit(attempt: Attempt) -> None:
    before, after = attempt.complaint.state, str(attempt.said["to"])
    rows = find_transitions(before, after)
    if not rows:
        raise IllegalTransition(f"a complaint that is {before} cannot become {after}")
    refusals = [_refusal(row, attempt) for row in rows]
    if None not in refusals:
        # The row that came nearest speaks: another role may do it on other terms.
        raise IllegalTransition(max((refusal for refusal in refusals if refusal), key=lambda refusal: refusal[0])[1])


def _refusal(row: Transition, attempt: Attempt) -> tuple[int, str] | None:
    if not row.roles & attempt.by.roles:
        return 0, f"only {', '.join(sorted(row.roles))} may move it from {row.before} to {row.after}"
    if row.outcomes and attempt.said.get("outcome") not in row.outcomes:
        return 1, f"how it closes must be said: {', '.join(row.outcomes)}"
    missing = [need for need in row.needs if not attempt.said.get(need)]
    if missing:
        return 2, f"still to be said: {', '.join(missing)}"
    why_not = GUARDS[row.guard](attempt) if row.guard else None
    return (3, why_not) if why_not else None


def _follow(session: Session, complaint: Complaint, before: str, said: dict[str, Any], now: datetime) -> None:
    to = said["to"]
    stay = last_stay(session, complaint)
    if to not in ("in_progress", "needs_info"):
        complaint.pending = None
    if to == "forwarded" and before != "merged":
        _forward(session, complaint, said, now)
        begin_stay(session, complaint, now)
    if before == "forwarded" and to == "in_progress" and stay is not None:
        stay.opened_at = now
    if before in ("action_reported", "closed") and to == "in_progress":
        rise(session, complaint, now)
    if before in ("action_reported", "closed", "appealed") and to == "in_progress":
        begin_stay(session, complaint, now)
    complaint.merged_into = said["master"] if to == "merged" else None
    if to in ENDED:
        complaint.closed_at = now
        complaint.outcome = said.get("outcome")
        complaint.reason = said.get("note")
        if stay is not None and stay.until_at is None:  # an appeal that is refused changes nothing of who held it
            stay.until_at, stay.solved = now, said.get("outcome") == "confirmed"
    elif before in (*ENDED, "appealed"):
        complaint.closed_at, complaint.outcome, complaint.reason = None, None, None


def _forward(session: Session, complaint: Complaint, said: dict[str, Any], now: datetime) -> None:
    """To the office that is named, else to the department's lowest for the place; to a name that is no office's."""
    complaint.department_code = said["department"]
    complaint.office, complaint.level = said.get("office", ""), 1
    complaint.office_code, complaint.officer_id = None, None
    code = said.get("office_code")
    if code is None and complaint.office:
        return
    if code is None:
        office = office_for(session, said["department"], complaint.place_code)
        code = office.code if office else None
    if code is not None:
        seat(session, complaint, code, now)


def _message(complaint: Complaint, event: ComplaintEvent, body: str, template: str, now: datetime) -> Message:
    return Message(
        complaint_id=complaint.id,
        event_n=event.n,
        recipient=complaint.contact_number,
        language=complaint.language,
        template=template,
        body=body,
        purpose="status",
        created_at=now,
        next_try_at=now,
    )
