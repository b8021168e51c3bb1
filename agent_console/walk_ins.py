"""Complaints that come on paper or in person: entered by a clerk, with a scan, into the same register and clock."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session

from agent_console.complaint_rows import complaint_rows
from agent_console.form_choices import read_choices
from agent_console.goes_to import place_of
from agent_console.guard import allow
from agent_console.periods import typed_day
from agent_console.proof_files import ENDINGS, Proof, UnusableProof, keep_proof, read_proof
from agent_console.registering import KINDS, Unfit, read_number, text_of
from agent_console.showing import INDIA, grouped
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, name_in, say
from audio.shelf import ShelfAway
from ivr.opening import UnknownCalendar
from ivr.wording import words_in_force
from ivr.working_days import working_calendar
from models.actor import Actor
from models.base import composed
from models.category import Category
from models.complaint import CHANNELS, Complaint
from models.department import Department
from models.errors import IncompleteComplaint
from models.message import Message
from models.services import NewComplaint, register_complaint

blueprint = Blueprint("walk_ins", __name__)

CLERKS = ("clerk", "supervisor")
WAYS = tuple(channel for channel in CHANNELS if channel != "call")
LONGEST = 20_000  # letters of a story
_SHOWN = 50
_LONGEST_KEY, _LONGEST_LINE = 40, 200


class KeyUsed(Exception):
    """This form has made a complaint already, with other words."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen takes home, in their own language."""

    reference: str
    language: str
    category: str
    department: str
    due_on: date
    registered_at: datetime


@blueprint.get("/desk/walk-ins")
@allow(*CLERKS)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/walk-ins")
@allow(*CLERKS)
def register() -> ResponseReturnValue:
    """Register what stands in the form. The same form sent twice is one complaint."""
    at, staff_id, roles = now(), me().id, me().roles
    try:
        scan = read_proof(request.files.get("scan"))
        new = _read(scan, at)
        if scan is not None:
            keep_proof(telephone().config, scan)
    except Unfit as error:
        return _page(fault=_words_of(error.field), wrong=error.field), 422
    except UnusableProof as error:
        return _page(fault=say(error.key), wrong="scan"), 422
    except ShelfAway:
        return _page(fault=say("refused.proof_away"), wrong="scan"), 424
    words = words_in_force(telephone())

    def write(session: Session) -> tuple[str, list[int]]:
        _check_key(session, new)
        complaint = register_complaint(
            session,
            replace(new, place_code=place_of(session, new.place_code or "")),
            by=Actor.staff(staff_id, *roles),
            now=at,
            calendar=working_calendar(session),
            compose=lambda made: text_of(session, words, made),
        )
        waiting = select(Message.id).where(Message.complaint_id == complaint.id, Message.status == "queued")
        return complaint.reference, list(session.scalars(waiting))

    try:
        reference, message_ids = store().transact(write)
    except KeyUsed as error:
        return _page(fault=say("walk_ins.key_used", reference=grouped(error.reference)), is_new=True), 409
    except IncompleteComplaint as error:
        return _page(fault=_words_of(error.fields[0]), wrong=error.fields[0]), 422
    except UnknownCalendar:
        return _page(fault=say("refused.calendar")), 424
    for message_id in message_ids:
        telephone().wake.text(message_id)
    flash(say("walk_ins.registered"), "done")
    return redirect(url_for("walk_ins.receipt", reference=reference))


@blueprint.get("/desk/walk-ins/<reference>/receipt")
@allow(*CLERKS)
def receipt(reference: str) -> ResponseReturnValue:
    """A sheet for the citizen, in the language of the complaint."""
    with store().session() as session:
        mine = select(Complaint).where(Complaint.reference == reference, Complaint.channel.in_(WAYS))
        complaint = session.scalars(mine).one_or_none()
        if complaint is None or not _is_theirs(complaint):
            abort(404)
        language = complaint.language if complaint.language in LANGUAGES else "en"
        shown = Receipt(
            reference=complaint.reference,
            language=language,
            category=name_in(session.get_one(Category, complaint.category).names, language),
            department=name_in(session.get_one(Department, complaint.department_code).names, language),
            due_on=complaint.due_on,
            registered_at=complaint.registered_at,
        )
        return render_template("desk/receipt.html", **bar(session), receipt=shown)


def _page(*, fault: str = "", wrong: str = "", is_new: bool = False) -> str:
    """The form with what was typed; with a key of its own where it `is_new`."""
    typed = request.form
    with store().session() as session:
        # Supervisors see the entries of all.
        mine = true() if me().has_role("supervisor") else Complaint.registered_by == me().id
        return render_template(
            "desk/walk_ins.html",
            **bar(session),
            choices=read_choices(session),
            ways=WAYS,
            kinds=KINDS,
            typed=typed,
            fault=fault,
            wrong=wrong,
            key=uuid4().hex if is_new else typed.get("key") or uuid4().hex,
            today=now().astimezone(INDIA).date().isoformat(),
            longest=LONGEST,
            lost_scan=bool(fault and request.files.get("scan")),
            entered=complaint_rows(session, and_(Complaint.channel.in_(WAYS), mine), limit=_SHOWN),
        )


def _read(scan: Proof | None, at: datetime) -> NewComplaint:
    """What stands in the form. `place_code` is still the form's own word. Raises Unfit, naming the first field."""
    form = request.form
    channel, kind, language = (form.get(name, "") for name in ("channel", "kind", "language"))
    received = typed_day(form.get("received_on", ""))
    for field, fits in (
        ("channel", channel in WAYS),
        ("received_on", received is not None and received <= at.astimezone(INDIA).date()),
        ("category", bool(form.get("category"))),
        ("place", bool(form.get("place"))),
        ("text", bool(form.get("text", "").strip())),
        ("language", language in LANGUAGES),
    ):
        if not fits:
            raise Unfit(field)
    number = read_number(form.get("contact_number", ""))
    return NewComplaint(
        category=form["category"],
        kind=kind if kind in KINDS else "complaint",
        place_code=form["place"],
        place_detail=form.get("place_detail", "").strip()[:_LONGEST_LINE],
        text=form["text"].strip()[:LONGEST],
        complainant_name=form.get("complainant_name", "").strip()[:_LONGEST_LINE] or None,
        name_hidden=form.get("name_hidden") == "yes",
        contact_number=number,
        number_check="typed" if number else None,
        language=language,
        channel=channel,
        received_on=received,
        entry_key=form.get("key", "")[:_LONGEST_KEY] or None,
        scan=replace(scan.kept, name=f"{channel}.{ENDINGS[scan.kept.kind]}").on_record() if scan else None,
    )


def _check_key(session: Session, new: NewComplaint) -> None:
    """A form that somebody came back to still has its old key: other words in it are another complaint."""
    mine = select(Complaint).where(Complaint.entry_key == new.entry_key, Complaint.entry_key.is_not(None))
    entered = session.scalars(mine).one_or_none()
    if entered is not None and (entered.text, entered.category) != (composed(new.text), new.category):
        raise KeyUsed(entered.reference)


def _words_of(field: str) -> str:
    return say(f"walk_ins.wrong.{field}" if field in ("channel", "received_on") else f"refused.{field}")


def _is_theirs(complaint: Complaint) -> bool:
    return me().has_role("supervisor") or complaint.registered_by == me().id
