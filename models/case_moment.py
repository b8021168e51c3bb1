"""What may be done with a case as it stands now, whoever does it."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.officer import CELL_LEVEL, Officer
from models.transitions import ABOUT_MERGING, ACTED_ON, OPEN

_Asked = tuple[Session, Officer, Complaint]


def why_not_now(session: Session, officer: Officer, complaint: Complaint, action: str) -> str | None:
    """The code of what stands against `action` now; None if nothing does."""
    return RULES[action]((session, officer, complaint))


def why_not_second(by: Actor, proposal: ComplaintEvent) -> str | None:
    """The code of why `by` may not decide what was proposed. Above the cell is nobody: another of it decides."""
    if proposal.actor == by.name:
        return "own_proposal"
    return "level_too_low" if by.level < min(int(proposal.data.get("level", 0)) + 1, CELL_LEVEL) else None


def owed_by(officer: Officer) -> ColumnElement[bool]:
    """Explanations that are demanded of this officer: by name, or of an office for which they answer."""
    of_nobody = Explanation.officer_id.is_(None) & Explanation.office_code.in_(officer.answers_for)
    return Explanation.given_at.is_(None) & or_(Explanation.officer_id == officer.staff_id, of_nobody)


def _in(*states: str) -> Callable[[_Asked], str | None]:
    def rule(asked: _Asked) -> str | None:
        return None if asked[2].state in states else "not_now"

    return rule


def _open(asked: _Asked) -> str | None:
    session, _, complaint = asked
    if complaint.state == "forwarded":
        return None
    newest = select(LevelStay.opened_at).where(LevelStay.complaint_id == complaint.id).order_by(LevelStay.id.desc())
    unopened = complaint.state == "in_progress" and session.scalar(newest.limit(1)) is None
    return None if unopened else "not_now"


def _undecided(*states: str) -> Callable[[_Asked], str | None]:
    def rule(asked: _Asked) -> str | None:
        _, _, complaint = asked
        if complaint.state not in states:
            return "not_now"
        return "waits_for_decision" if complaint.pending else None

    return rule


def _decide_transfer(asked: _Asked) -> str | None:
    return None if asked[2].pending == "transfer" else "nothing_proposed"


def _decide_rejection(asked: _Asked) -> str | None:
    session, officer, complaint = asked
    if complaint.pending != "rejection":
        return "nothing_proposed"
    proposal = last_event(session, complaint, "rejection_proposed")
    return "nothing_proposed" if proposal is None else why_not_second(officer.actor, proposal)


def _extend(asked: _Asked) -> str | None:
    complaint = asked[2]
    if complaint.state not in OPEN:
        return "not_now"
    return "already_extended" if complaint.extension_days else None


def _explain(asked: _Asked) -> str | None:
    session, officer, complaint = asked
    owed = select(Explanation.id).where(Explanation.complaint_id == complaint.id, owed_by(officer))
    return None if session.scalar(owed.limit(1)) is not None else "nothing_to_explain"


def _decide_appeal(asked: _Asked) -> str | None:
    session, officer, complaint = asked
    if complaint.state != "appealed":
        return "not_now"
    decided = select(ComplaintEvent.id).where(
        ComplaintEvent.complaint_id == complaint.id,
        ComplaintEvent.actor == officer.actor.name,
        ComplaintEvent.kind.in_(("closed", "rejected", "rejection_proposed")),
    )
    return "decided_before" if session.scalar(decided.limit(1)) is not None else None


def _reveal_name(asked: _Asked) -> str | None:
    complaint = asked[2]
    return None if complaint.name_hidden and complaint.complainant_name else "no_hidden_name"


def _decide_merge(asked: _Asked) -> str | None:
    session, _, complaint = asked
    if complaint.state not in OPEN:
        return "not_now"
    return None if merge_proposal(session, complaint) is not None else "nothing_proposed"


def _ring(asked: _Asked) -> str | None:
    complaint = asked[2]
    if complaint.state not in (*OPEN, "action_reported", "appealed"):
        return "not_now"
    if complaint.name_hidden:
        return "hidden_caller"  # their voice would tell what they asked to be hidden
    return None if complaint.contact_number else "no_number"


def _always(_asked: _Asked) -> str | None:
    return None


RULES: Mapping[str, Callable[[_Asked], str | None]] = {
    "open": _open,
    "ask": _undecided("in_progress"),
    "report": _undecided("in_progress"),
    "close": _undecided("in_progress"),
    "transfer": _undecided(*OPEN),
    "decide_transfer": _decide_transfer,
    "propose_rejection": _undecided(*OPEN),
    "decide_rejection": _decide_rejection,
    "extend": _extend,
    "explain": _explain,
    "take_over": _in(*ACTED_ON),
    "ring": _ring,
    "note": _always,
    "recategorise": _in(*OPEN),
    "set_priority": _in(*OPEN),
    "decide_appeal": _decide_appeal,
    "forward": _in("registered"),
    "decide_merge": _decide_merge,
    "unmerge": _in("merged"),
    "reveal_name": _reveal_name,
    "accuse": _always,
}


def merge_proposal(session: Session, complaint: Complaint) -> ComplaintEvent | None:
    """That it joins another, where the cell has still to decide it."""
    last = last_event(session, complaint, *ABOUT_MERGING)
    return last if last is not None and last.kind == "merge_proposed" else None


def state_before_merging(session: Session, complaint: Complaint) -> str:
    """Where it stood when it joined the one that it follows; empty where nothing tells."""
    joined = last_event(session, complaint, "merged")
    return str(joined.data.get("from")) if joined is not None else ""


def last_event(session: Session, complaint: Complaint, *kinds: str) -> ComplaintEvent | None:
    """The newest event of one of these kinds."""
    mine = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.kind.in_(kinds))
    return session.scalars(mine.order_by(ComplaintEvent.n.desc()).limit(1)).one_or_none()
