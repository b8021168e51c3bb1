"""Offices and postings from a spreadsheet: what would change, and which rows are bad, is shown before it is written."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import refused_at
from agent_console.guard import allow
from agent_console.safety import SHEET_BYTES
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from audio.shelf import ShelfAway
from ivr.proofs import proofs_of
from models.organisation_import.checking import Checked, Fault, check_sheets, lines_of
from models.organisation_import.sheets import Sheets, UnreadableSheet, read_sheets
from models.organisation_import.taking_in import Change, changes_of, read_known, take_in
from models.posting import DUTIES

blueprint = Blueprint("organisation_import", __name__)

SHOWN = 100  # changes and bad rows on the page
_WORKBOOK = b"PK"  # a workbook is an archive, whatever its name says


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A bad row in words."""

    where: str
    why: str


@blueprint.post("/desk/organisation/import")
@allow("admin")
def look() -> ResponseReturnValue:
    """Show what taking the file in would change. It is kept meanwhile: a page without scripts cannot send it again."""
    file = request.files.get("file")
    content = file.stream.read(SHEET_BYTES + 1) if file is not None else b""
    back = url_for("organisation.page")
    if not content:
        return refused_at(back, say("refused.sheet_none"))
    if len(content) > SHEET_BYTES:
        return refused_at(back, say("refused.sheet_too_big"))
    digest = hashlib.sha256(content).hexdigest()
    try:
        sheets = _read(content)
        proofs_of(telephone().config).put(_name(digest), content)
    except UnreadableSheet:
        return refused_at(back, say("refused.sheet_unreadable"))
    except ShelfAway:
        return refused_at(back, say("refused.proof_away"), 424)
    return _draw(digest, sheets)


@blueprint.post("/desk/organisation/import/<digest>")
@allow("admin")
def take(digest: str) -> ResponseReturnValue:
    """Take the file in: all of its rows, or only the good ones where that is asked for."""
    by, at, only_good = me().actor, now(), request.form.get("only_good") == "yes"
    back, shelf = url_for("organisation.page"), proofs_of(telephone().config)
    try:
        content = shelf.read(_name(digest))
    except ShelfAway:
        return refused_at(back, say("refused.proof_away"), 424)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        abort(404)
    sheets = _read(content)

    def write(session: Session) -> list[Change] | None:
        checked = check_sheets(sheets, read_known(session))
        if checked.faults and not only_good:
            return None
        return take_in(session, checked, by=by, now=at)

    changes = store().transact(write)
    if changes is None:
        return _draw(digest, sheets), 409  # the register has changed since it was shown
    with suppress(ShelfAway):  # it is taken in all the same, and the file is swept away later
        shelf.remove(_name(digest))
    flash(say("organisation.taken_in", n=len(changes)), "done")
    return redirect(back)


def _draw(digest: str, sheets: Sheets) -> str:
    with store().session() as session:
        checked = check_sheets(sheets, read_known(session))
        changes = changes_of(session, checked)
        new = sum(change.kind == "new" for change in changes)
        return render_template(
            "desk/organisation_import.html",
            **bar(session),
            digest=digest,
            bad=lines_of(checked.faults),
            faults=[_in_words(fault) for fault in checked.faults[:SHOWN]],
            changes=changes[:SHOWN],
            shown=SHOWN,
            counts={"new": new, "changed": len(changes) - new, "same": _good(checked) - len(changes)},
            is_cut=len(changes) > SHOWN or len(checked.faults) > SHOWN,
        )


def _in_words(fault: Fault) -> FaultLine:
    where = say(
        "organisation.row", sheet=say(f"organisation.sheet.{fault.sheet}"), line=fault.line, column=fault.column
    )
    return FaultLine(where, say(f"organisation.fault.{fault.code}", value=fault.value, duties=", ".join(DUTIES)))


def _good(checked: Checked) -> int:
    return len(checked.offices) + len(checked.postings)


def _read(content: bytes) -> Sheets:
    return read_sheets(content, is_xlsx=content.startswith(_WORKBOOK))


def _name(digest: str) -> str:
    if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
        abort(404)
    return f"sheet-{digest}"
