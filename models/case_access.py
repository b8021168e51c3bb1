"""Who may read a case, and who may do what with it. The table is the law; the states of a complaint still count."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.case_moment import why_not_now
from models.complaint import Complaint
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.office import Office
from models.officer import CELL_LEVEL, Officer

Relation = Literal["holder", "member", "above", "secretary", "cell", "cell_holds", "passed"]

RELATIONS: tuple[Relation, ...] = ("holder", "member", "above", "secretary", "cell", "cell_holds", "passed")
"""holder: answers for the office that has the case. member: serves in it. above: answers for an office above it.
cell_holds: of the cell, where no office has it. passed: had it before, in the same department, or must explain it."""

_HIGHER: frozenset[Relation] = frozenset({"above", "secretary", "cell", "cell_holds"})
_CELL: frozenset[Relation] = frozenset({"cell", "cell_holds"})
_HOLDS: frozenset[Relation] = frozenset({"holder", "cell_holds"})
_WORKS: frozenset[Relation] = _HOLDS | {"member"}

TABLE: Mapping[str, frozenset[Relation]] = {
    "open": _WORKS,
    "ask": _WORKS,
    "report": _WORKS,
    "close": _HOLDS,
    "transfer": _HOLDS | {"cell"},
    "decide_transfer": _CELL,
    "propose_rejection": _HOLDS,
    "decide_rejection": _HIGHER,
    "extend": _HIGHER,
    "explain": frozenset(RELATIONS),  # whoever was asked to, wherever the case has gone
    "take_over": frozenset({"above", "secretary", "cell"}),
    "ring": _WORKS | _CELL,
    "note": frozenset(RELATIONS) - {"passed"},
    "recategorise": _CELL,
    "set_priority": _CELL,
    "decide_appeal": _HIGHER,
    "forward": _CELL,
    "decide_merge": _CELL,
    "unmerge": _CELL,
    "reveal_name": _CELL | {"secretary"},
    "accuse": _HIGHER,
}


def readable(officer: Officer) -> ColumnElement[bool]:
    """The complaints that this officer may read, as a condition on Complaint.

    Those of their offices and all below, of the whole department for its secretary, all for the cell; and what rose
    from their offices or must be explained by them. Never one that accuses them, or an office in or under which they
    serve.
    """
    return and_(or_(*_reach(officer)), ~accuses(officer))


def accuses(officer: Officer) -> ColumnElement[bool]:
    """The complaints that accuse this officer, or an office in or under which they serve."""
    against = Accusation.staff_id == officer.staff_id
    if officer.above:
        against |= Accusation.office_code.in_(officer.above)
    return _exists(select(Accusation.id).where(Accusation.complaint_id == Complaint.id, against))


def relation(session: Session, officer: Officer, complaint: Complaint) -> Relation | None:
    """How the officer stands to a case; None where they may not even read it."""
    mine = select(Complaint.id).where(Complaint.id == complaint.id, readable(officer))
    if session.scalar(mine) is None:
        return None
    code = complaint.office_code
    if code is not None and code in officer.duties:
        return "holder" if code in officer.answers_for else "member"
    if officer.is_cell:
        return "cell_holds" if is_with_the_cell(complaint) else "cell"
    if complaint.department_code in officer.secretary_of:
        return "secretary"
    return "above" if code in officer.oversees else "passed"


def is_with_the_cell(complaint: Complaint) -> bool:
    """Whether no office has it: it was never routed, or has risen past the last of them."""
    return complaint.office_code is None and (complaint.state == "registered" or complaint.level >= CELL_LEVEL)


def why_not(session: Session, officer: Officer, complaint: Complaint, action: str) -> str | None:
    """The code of the reason why this officer may not do `action` with this case now; None if they may."""
    stands = relation(session, officer, complaint)
    if stands is None or stands not in TABLE[action]:
        return "not_yours"
    return why_not_now(session, officer, complaint, action)


def acts_possible(session: Session, officer: Officer, complaint: Complaint) -> list[str]:
    """Everything that this officer may do with this case now."""
    stands = relation(session, officer, complaint)
    allowed = [action for action, may in TABLE.items() if stands is not None and stands in may]
    return [action for action in allowed if why_not_now(session, officer, complaint, action) is None]


def _reach(officer: Officer) -> list[ColumnElement[bool]]:
    if officer.is_cell:
        return [true()]
    reach: list[ColumnElement[bool]] = [false()]
    if officer.is_secretary:
        reach.append(Complaint.department_code.in_(officer.secretary_of))
    if officer.below:
        reach.append(Complaint.office_code.in_(officer.below))
        held = LevelStay.office_code.in_(officer.below) & (LevelStay.complaint_id == Complaint.id)
        # What went to another department is no longer theirs to read, not even where they serve in that one, too.
        here = Office.department_code == Complaint.department_code
        passed = select(LevelStay.id).join(Office, Office.code == LevelStay.office_code).where(held, here)
        reach.append(Complaint.department_code.in_(officer.departments) & _exists(passed))
    asked = Explanation.officer_id == officer.staff_id
    reach.append(_exists(select(Explanation.id).where(Explanation.complaint_id == Complaint.id, asked)))
    return reach


def _exists(of_complaint: Select[Any]) -> ColumnElement[bool]:
    """There is one of the complaint. A table of its own, also where the query around it joins the same one."""
    return exists(of_complaint.correlate(Complaint))
