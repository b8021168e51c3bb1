"""The look-ups that a flow may ask: declared in lookups.yaml, answered here from the register of complaints."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import Connection, Row, func, select

from flows.values import AskLookUp, State
from ivr.asking import Asker, Told
from ivr.case_answers import take_answer
from ivr.guessing import note_unknown
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.department import Department
from models.feedback_call import FeedbackCall
from models.reference import is_reference
from models.transitions import ENDED, UNDER_WAY

About = Row[int, str, str, str | None, str | None, date, int | None, dict[str, str]]

_NEWS = (
    select(func.max(ComplaintEvent.at))
    .where(ComplaintEvent.complaint_id == Complaint.id)
    .correlate(Complaint)
    .scalar_subquery()
)

_ABOUT = select(
    Complaint.id,
    Complaint.reference,
    Complaint.state,
    Complaint.outcome,
    Complaint.contact_number,
    Complaint.due_on,
    Complaint.merged_into,
    Department.names,
).join(Department, Department.code == Complaint.department_code)


class UnknownLookUp(LookupError):
    """A flow asks for a look-up that nobody has programmed."""


def look_up(asker: Asker, state: State, request: AskLookUp) -> Told:
    """Answer a declared look-up. Raises UnknownLookUp."""
    if request.look_up == _ANSWER:
        return take_answer(asker, request.given)
    if request.look_up == _CALLED_ABOUT:
        return _called_about(asker, state.language)
    answer = _LOOK_UPS.get(request.look_up)
    if answer is None:
        raise UnknownLookUp(request.look_up)
    with asker.telephone.store.read() as connection:
        told = answer(connection, request.given, state.language)
    if told.outcome == "not_found" and is_reference(request.given.get("reference", "")):
        return replace(told, write=partial(note_unknown, asker))
    return told


def _complaint_status(connection: Connection, given: Mapping[str, str], language: str) -> Told:
    """A number alone tells status, department and promised date; so does one registered from elsewhere."""
    found = connection.execute(_ABOUT.where(Complaint.reference == given.get("reference", ""))).one_or_none()
    if found is None:
        return Told("not_found")
    is_theirs = found.contact_number is not None and found.contact_number == given.get("caller.number")
    told = _facts(_master(connection, found), language, asks=is_theirs and _is_asked(found))
    return Told("found" if is_theirs else "not_your_number", told)


def _my_complaints(connection: Connection, given: Mapping[str, str], language: str) -> Told:
    """The caller's open complaints, by the number they call from."""
    number = given.get("caller.number")
    if not number:
        return Told("none")
    # What is under way is spoken of; everything else a caller asks a person about.
    mine = _ABOUT.where(Complaint.contact_number == number, Complaint.state.in_(UNDER_WAY))
    found = connection.execute(mine.order_by(_NEWS.desc(), Complaint.id.desc()).limit(100)).all()
    if not found:
        return Told("none")
    newest = found[0]
    if len(found) > 1:
        return Told("several", {"complaints.count": str(len(found)), "reference": newest.reference})
    return Told("one", {"reference": newest.reference, **_facts(newest, language, asks=_is_asked(newest))})


def _called_about(asker: Asker, language: str) -> Told:
    """The complaint that this call was placed for, while it is still to be said whether it is solved."""
    placed = select(FeedbackCall.complaint_id).where(FeedbackCall.call_sid == asker.call_sid)
    with asker.telephone.store.read() as connection:
        found = connection.execute(_ABOUT.where(Complaint.id.in_(placed))).one_or_none()
    if found is None or not _is_asked(found):
        return Told("not_asked")
    facts = _facts(found, language, asks=True)
    return Told("asked", {"reference": found.reference, "complaint.department": facts["complaint.department"]})


def _is_asked(row: About) -> bool:
    """Whether its citizen is asked if it is solved. One that has joined another has no say of its own meanwhile."""
    return bool(row.state == "action_reported")


def _facts(row: About, language: str, *, asks: bool) -> dict[str, str]:
    names: Mapping[str, str] = row.names
    return {
        "complaint.status": spoken_status(row.state, row.outcome),
        "complaint.department": names.get(language) or names["en"],
        "complaint.due_on": row.due_on.isoformat(),
        "complaint.asks": "yes" if asks else "no",
    }


def _master(connection: Connection, row: About) -> About:
    """The complaint that a merged one follows; itself where that has ended, which speaks for nobody else."""
    if row.state != "merged" or row.merged_into is None:
        return row
    followed = _ABOUT.where(Complaint.id == row.merged_into, Complaint.state.not_in((*ENDED, "appealed")))
    return connection.execute(followed).one_or_none() or row


def spoken_status(state: str, outcome: str | None) -> str:
    """The status as lookups.yaml declares it: only a citizen's yes counts as solved."""
    if state == "closed":
        return f"closed_{outcome or 'no_solution'}"
    return "in_progress" if state == "merged" else state


_ANSWER, _CALLED_ABOUT = "complaint_answer", "feedback_about"

_LOOK_UPS: Mapping[str, Callable[[Connection, Mapping[str, str], str], Told]] = {
    "complaint_status": _complaint_status,
    "my_complaints": _my_complaints,
}
