"""Departments, their offices, and who is posted there from when. For admins."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.guard import allow
from agent_console.names import names_of
from agent_console.periods import read_day, typed_day
from agent_console.surroundings import me, now, store
from agent_console.view_of_desk import bar
from agent_console.words import name_in, say
from ivr.accounting import account
from models.department import Department
from models.errors import Refused
from models.office import Office
from models.place import PlaceRow
from models.posting import DUTIES, Posting, served_on
from models.services.posting import end_posting, post_officer
from models.staff import Staff

blueprint = Blueprint("organisation", __name__)


@dataclass(frozen=True, slots=True)
class PostingLine:
    """Somebody in an office. `is_now`: they serve there today."""

    id: int
    name: str
    duty: str
    from_on: date
    until_on: date | None
    is_now: bool


@dataclass(slots=True)
class OfficeLine:
    """An office with whoever serves there, now or later."""

    code: str
    name: str
    level: int
    place: str
    above: str
    postings: list[PostingLine] = field(default_factory=list)

    @property
    def is_vacant(self) -> bool:
        return not any(one.is_now and one.duty != "member" for one in self.postings)


@dataclass(frozen=True, slots=True)
class By:
    """Who changes it, and when: what a write takes along."""

    actor: str
    at: datetime


@blueprint.get("/desk/organisation")
@allow("admin")
def page() -> ResponseReturnValue:
    return _draw()


@blueprint.post("/desk/organisation/offices/<code>/post")
@allow("admin")
def post(code: str) -> ResponseReturnValue:
    """Post somebody to an office."""
    typed, from_on = request.form, _day("from_on")
    if from_on is None:
        return _refused(code, "no_day"), 422
    staff_id, duty = typed.get("staff", 0, type=int), typed.get("duty", "")

    def write(rows: Session) -> Posting:
        return post_officer(rows, office_code=code, staff_id=staff_id, duty=duty, from_on=from_on)

    return _change(code, "officer_posted", write, say("organisation.posted"))


@blueprint.post("/desk/organisation/postings/<int:posting_id>/end")
@allow("admin")
def end(posting_id: int) -> ResponseReturnValue:
    """Let a posting end with a day."""
    until_on = _day("until_on")
    if until_on is None:
        return _refused(posting_id, "no_day"), 422
    return _change(
        posting_id, "posting_ended", lambda rows: end_posting(rows, posting_id, until_on), say("organisation.ended")
    )


def _day(field: str) -> date | None:
    return typed_day(request.form.get(field, ""))


def _change(faulty: str | int, action: str, write: Callable[[Session], Posting], words: str) -> ResponseReturnValue:
    by = By(me().actor, now())
    try:
        department = store().transact(lambda rows: _written(rows, write, action, by))
    except Refused as error:
        return _refused(faulty, error.code), 409
    flash(words, "done")
    anchor = f"office-{faulty}" if isinstance(faulty, str) else None
    return redirect(url_for("organisation.page", department=department, _anchor=anchor))


def _refused(faulty: str | int, why: str) -> str:
    """The page with all that was typed: `faulty` is the code of the office, or the id of the posting."""
    return _draw(fault=say(f"refused.posting.{why}"), faulty=faulty, typed=request.form)


def _written(rows: Session, write: Callable[[Session], Posting], action: str, by: By) -> str:
    """Write it, note who did it, and give the department of the office."""
    posting = write(rows)
    office = rows.get_one(Office, posting.office_code)
    until = posting.until_on.isoformat() if posting.until_on else ""
    data = {"office": office.code, "duty": posting.duty, "from": posting.from_on.isoformat(), "until": until}
    account(rows.connection(), by.actor, action, f"staff:{posting.staff_id}", by.at, data)
    return office.department_code


def _draw(**shown: object) -> str:
    today = read_day(None, now())
    with store().session() as rows:
        every = rows.scalars(select(Department).order_by(Department.code))
        departments = [(one.code, name_in(one.names)) for one in every]
        counts = dict(rows.execute(select(Office.department_code, func.count()).group_by(Office.department_code)).all())
        chosen = _chosen(rows, departments)
        return render_template(
            "desk/organisation.html",
            **bar(rows),
            departments=[(code, name, counts.get(code, 0)) for code, name in departments],
            chosen=chosen,
            offices=_offices(rows, chosen, today),
            officers=_officers(rows),
            duties=DUTIES,
            today=today.isoformat(),
            **({"fault": "", "faulty": "", "typed": {}} | shown),
        )


def _chosen(rows: Session, departments: list[tuple[str, str]]) -> str:
    """The department asked for, or that of the office that is changed; else the first."""
    asked, changed = request.args.get("department", ""), request.view_args or {}
    posting = rows.get(Posting, changed.get("posting_id", 0))
    office = rows.get(Office, posting.office_code if posting else changed.get("code", ""))
    known = [one for one, _ in departments]
    wanted = office.department_code if office is not None else asked
    return wanted if wanted in known else next(iter(known), "")


def _offices(rows: Session, department: str, today: date) -> list[OfficeLine]:
    mine = select(Office).where(Office.department_code == department, Office.active)
    offices = list(rows.scalars(mine.order_by(Office.level.desc(), Office.code)))
    codes = {one.place_code for one in offices if one.place_code}
    places = names_of(rows, PlaceRow, codes)
    names = {one.code: name_in(one.names) for one in offices}
    lines = {
        one.code: OfficeLine(
            one.code, names[one.code], one.level, places.get(one.place_code or "", ""), names.get(one.parent or "", "")
        )
        for one in offices
    }
    coming = served_on(today) | (Posting.from_on > today)
    posted = (
        select(Posting, Staff.name)
        .join(Staff, Staff.id == Posting.staff_id)
        .where(Posting.office_code.in_(lines), coming)
        .order_by(Posting.from_on, Posting.id)
    )
    for posting, name in rows.execute(posted):
        if posting.until_on is not None and posting.until_on < posting.from_on:
            continue
        is_now = posting.from_on <= today
        line = PostingLine(posting.id, name, posting.duty, posting.from_on, posting.until_on, is_now)
        lines[posting.office_code].postings.append(line)
    return list(lines.values())


def _officers(rows: Session) -> list[tuple[int, str]]:
    people = rows.scalars(select(Staff).where(Staff.active).order_by(Staff.name))
    return [(one.id, one.name) for one in people if one.has_role("officer")]
