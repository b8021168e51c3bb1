"""Who did what that must be accounted for: read by supervisors, changed by nobody."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.guard import allow
from agent_console.names import people_of
from agent_console.periods import begin_of, read_days
from agent_console.showing import masked
from agent_console.surroundings import now, store
from agent_console.view_of_desk import bar
from agent_console.words import catalogue, say, screen_language
from ivr.calendars import BEFORE
from models.audit_entry import AuditEntry

blueprint = Blueprint("audit", __name__)

SHOWN = 100


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act, in words."""

    id: int
    who: str
    act: str
    subject: str
    details: str
    at: datetime


@blueprint.get("/desk/audit")
@allow("supervisor", "admin")
def page() -> ResponseReturnValue:
    """The acts of a stretch of days, the newest first, by person and kind of act; older ones page by page."""
    since, until = read_days(request.args, now(), days_ago=6)
    who, act = request.args.get("who", ""), request.args.get("act", "")
    before = request.args.get("before", type=int)
    with store().session() as session:
        names = {f"staff:{person}": name for person, name in people_of(session).items()}
        lines = _lines(session, names, _wanted(since, until, who, act, before))
        return render_template(
            "desk/audit.html",
            **bar(session),
            lines=lines[:SHOWN],
            more=lines[SHOWN - 1].id if len(lines) > SHOWN else None,
            people=list(names.items()),
            acts=known_acts(),
            chosen={"since": since, "until": until, "who": who, "act": act},
        )


def known_acts() -> list[tuple[str, str]]:
    """Every kind of act with its words on this screen."""
    words = catalogue(screen_language())
    return sorted(
        ((key.removeprefix("act."), text) for key, text in words.items() if key.startswith("act.")),
        key=lambda one: one[1],
    )


def _wanted(since: date, until: date, who: str, act: str, before: int | None) -> list[object]:
    wanted: list[object] = [
        AuditEntry.at >= begin_of(since),
        AuditEntry.at < begin_of(until + timedelta(days=1)),
        # The telephone's own notes of wrong numbers have a page of their own in the path of a call.
        AuditEntry.action.not_in(("reference_unknown", "reference_mistyped")),
    ]
    if who:
        wanted.append(AuditEntry.actor == who)
    if act:
        wanted.append(AuditEntry.action == act)
    if before is not None:
        wanted.append(AuditEntry.id < before)
    return wanted


def _lines(session: Session, names: dict[str, str], wanted: list[object]) -> list[AuditLine]:
    rows = session.scalars(
        select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc()).limit(SHOWN + 1)  # type: ignore[arg-type]  # conditions
    )
    words = catalogue(screen_language())
    return [
        AuditLine(
            row.id,
            names.get(row.actor) or (masked(row.actor) if row.actor.startswith("+") else row.actor),
            words.get(f"act.{row.action}", row.action),
            _subject(row.subject, names),
            _details(row.data, names),
            row.at,
        )
        for row in rows
    ]


def _subject(subject: str, names: dict[str, str]) -> str:
    if subject in names:
        return names[subject]
    kind, _, number = subject.partition(":")
    known = catalogue(screen_language())
    return f"{known[f'subject.{kind}']} {number}".strip() if f"subject.{kind}" in known else subject


def _details(data: dict[str, object], names: dict[str, str]) -> str:
    """The data in words where there are words: reason, states, people; the rest as it was written down."""
    told = []
    for name, value in data.items():
        if value in (None, "", {}, []) or name == BEFORE:
            continue
        if name in ("from", "to", "staff") and f"staff:{value}" in names:
            value = names[f"staff:{value}"]
        elif name in ("from", "to") and f"state.{value}" in catalogue(screen_language()):
            value = say(f"state.{value}")
        elif name == "result" and f"bridge.outcome.{value}" in catalogue(screen_language()):
            value = say(f"bridge.outcome.{value}")
        elif not isinstance(value, str | int):
            value = json.dumps(value, ensure_ascii=False)
        told.append(f"{catalogue(screen_language()).get(f'detail.{name}', name)}: {value}")
    return " · ".join(told)
