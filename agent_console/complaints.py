"""Finding complaints by mobile or reference, and one complaint as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import damm

from agent_console.complaint_rows import ComplaintRow, complaint_rows
from agent_console.digits import latin_digits, only_digits
from agent_console.events_shown import read_timeline
from agent_console.guard import allow
from agent_console.officer_here import who
from agent_console.recording_rows import find_recordings
from agent_console.reveal import may_see_number
from agent_console.situation import read_situation
from agent_console.surroundings import me, now, store
from agent_console.view_of_desk import bar, messages_of
from agent_console.withdrawing import is_on_the_line
from agent_console.words import name_in, screen_language
from ivr.numbers import to_e164
from models.case_access import readable
from models.case_moment import merge_proposal
from models.category import Category
from models.complaint import Complaint
from models.department import Department
from models.office_names import office_name
from models.place import PlaceRow
from models.services.doubles import find_doubles
from models.services.searching import LISTED, LOOKED_AT, Hits, search_complaints
from models.transitions import OPEN, UNDER_WAY

blueprint = Blueprint("complaints", __name__)

_DIGITS_OF_REFERENCE = 11
_LONGEST = 200  # letters of a question


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A complaint with its names in the reader's language."""

    reference: str
    state: str
    kind: str
    text: str
    language: str
    category_name: str
    place_name: str
    place_detail: str
    department_name: str
    office: str
    due_on: date
    registered_at: datetime
    complainant_name: str | None
    name_hidden: bool
    contact_number: str | None


@blueprint.get("/desk/search")
@allow("representative", "supervisor", "officer")
def search() -> ResponseReturnValue:
    """A whole reference leads straight to its complaint, a mobile number to the list of its complaints, anything else
    to what it may mean. Officers find what they may read; numbers of citizens are not theirs to try."""
    asked = latin_digits(request.args.get("q", "")).strip()[:_LONGEST]
    serves = me().has_role("representative", "supervisor")
    page = "complaints.page" if serves else "case.page"
    with store().session() as session:
        mine = who().not_about_me(session) if serves else readable(who().officer(session))
        reference = _reference_in(asked)
        if reference and session.scalar(select(Complaint.id).where(Complaint.reference == reference, mine)):
            return redirect(url_for(page, reference=reference))
        number = to_e164(asked) if serves else None
        hits = Hits(()) if number else search_complaints(session, asked, mine)
        wanted = Complaint.contact_number == number if number else Complaint.id.in_(hits.ids)
        return render_template(
            "desk/found.html",
            **bar(session),
            asked=asked,
            hits=hits,
            listed=LISTED,
            leads_to=page,
            looked_at=LOOKED_AT,
            found=_in_order(complaint_rows(session, wanted & mine, limit=LISTED), hits.ids),
            is_misheard=reference is not None and not damm.is_valid(reference),
            is_number=number is not None,
        )


def _in_order(rows: Sequence[ComplaintRow], ids: Sequence[int]) -> list[ComplaintRow]:
    """The rows as the search has ranked them; all that it has not ranked stay as they are."""
    place = {number: place for place, number in enumerate(ids)}
    return sorted(rows, key=lambda row: place.get(row.id, 0))


def _reference_in(asked: str) -> str | None:
    """The digits, where just those of a whole reference were typed."""
    digits = only_digits(asked)
    return digits if len(digits) == _DIGITS_OF_REFERENCE and not asked.startswith(("+", "0")) else None


@blueprint.get("/desk/complaints/<reference>")
@allow("representative", "supervisor")
def page(reference: str) -> ResponseReturnValue:
    with store().session() as session:
        mine = select(Complaint).where(Complaint.reference == reference, who().not_about_me(session))
        complaint = session.scalars(mine).one_or_none()
        if complaint is None:
            abort(404)
        shown, at = _page(session, complaint), now()
        may_join = complaint.state in OPEN and merge_proposal(session, complaint) is None
        return render_template(
            "desk/complaint.html",
            **bar(session),
            complaint=shown,
            full_number=complaint.contact_number if _number_is_theirs(session, complaint) else None,
            messages=messages_of(session, complaint.id),
            events=read_timeline(session, complaint.id),
            doubles=find_doubles(session, complaint, who().not_about_me(session)) if may_join else [],
            may_join=may_join,
            may_withdraw=complaint.state in UNDER_WAY and _speaks_now(session, complaint),
            has_recordings=bool(find_recordings(session, at.date(), at.date(), reference=reference)),
        )


def _number_is_theirs(session: Session, complaint: Complaint) -> bool:
    """The whole number is for whoever speaks with this caller now, or has given a reason."""
    return may_see_number(complaint.reference) or _speaks_now(session, complaint)


def _speaks_now(session: Session, complaint: Complaint) -> bool:
    return is_on_the_line(read_situation(session, me().id, now()), complaint)


def _page(session: Session, complaint: Complaint) -> ComplaintPage:
    place = session.get(PlaceRow, complaint.place_code) if complaint.place_code else None
    return ComplaintPage(
        reference=complaint.reference,
        state=complaint.state,
        kind=complaint.kind,
        text=complaint.text,
        language=complaint.language,
        category_name=name_in(session.get_one(Category, complaint.category).names),
        place_name=name_in(place.names) if place else "",
        place_detail=complaint.place_detail,
        department_name=name_in(session.get_one(Department, complaint.department_code).names),
        office=office_name(session, complaint.office_code, complaint.office, screen_language()),
        due_on=complaint.due_on,
        registered_at=complaint.registered_at,
        complainant_name=complaint.complainant_name,
        name_hidden=complaint.name_hidden,
        contact_number=complaint.contact_number,
    )
