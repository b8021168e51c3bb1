"""The complaint being written: found, begun, shown. `data` holds the fields of the form, and the talk it belongs to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.told import category_name
from agent_console.words import say
from models.call import Call
from models.category import Category
from models.draft import Draft
from models.services.drafting import TALK
from models.talk import Talk

FIELDS = (
    "category",
    "kind",
    "place",
    "place_detail",
    "text",
    "complainant_name",
    "name_hidden",
    "contact_number",
    "number_check",
)
# Kept beside the fields: which talk the draft belongs to, and in which language the caller speaks.
LANGUAGE = "language"
ABOUT = "about"  # the reference of an earlier complaint that this one is about
BESIDE = "beside"  # JSON text: words of this form that stayed in somebody's browser (agent_console/beside_form.py)
_LONGEST = 20_000  # characters of one field
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Matter:
    """One of several complaints of the same talk."""

    id: int
    index: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the form shows it."""

    id: int
    version: int
    data: dict[str, str]
    updated_at: datetime
    complaint_id: int | None
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as a list shows it."""

    id: int
    heading: str
    updated_at: datetime


def open_drafts(session: Session, staff_id: int) -> list[Draft]:
    """This person's drafts that hold any words, the newest first."""
    mine = select(Draft).where(
        Draft.staff_id == staff_id, Draft.complaint_id.is_(None), Draft.discarded_at.is_(None), Draft.version > 0
    )
    return list(session.scalars(mine.order_by(Draft.updated_at.desc(), Draft.id.desc())))


def draft_lines(session: Session, staff_id: int) -> list[DraftLine]:
    return [
        DraftLine(draft.id, heading_of(session, draft), draft.updated_at) for draft in open_drafts(session, staff_id)
    ]


def find_draft(session: Session, staff_id: int, talk_id: int | None, asked: int | None) -> DraftView | None:
    """The draft to show: the one asked for, else the newest of the talk."""
    matters = _of_talk(session, staff_id, talk_id) if talk_id is not None else []
    shown = next((draft for draft in matters if draft.id == asked), None) or _own(session, staff_id, asked)
    if shown is None and matters:
        shown = next((draft for draft in reversed(matters) if draft.complaint_id is None), matters[-1])
    return None if shown is None else _view(shown, matters)


def own_open_draft(session: Session, staff_id: int, draft_id: int) -> Draft | None:
    """A draft of this person that is neither registered nor discarded."""
    draft = _own(session, staff_id, draft_id)
    return draft if draft is not None and draft.complaint_id is None else None


def start_draft(
    session: Session,
    staff_id: int,
    now: datetime,
    *,
    talk_id: int | None = None,
    tell: Mapping[str, str] | None = None,
    number: str | None = None,
    like: Mapping[str, str] | None = None,
    language: str = "",
) -> Draft:
    """Lay out a form: with what the menus were told, or with the caller's particulars of another matter of theirs."""
    data = {**_particulars(like or {}), **_from_menus(session, tell or {}, number)}
    talk = session.get(Talk, talk_id) if talk_id is not None else None
    spoken = (_language(session, talk) if talk else "") or language
    if spoken:
        data[LANGUAGE] = spoken
    if talk is not None:
        data[TALK] = str(talk.id)
    draft = Draft(
        call_sid=talk.call_sid if talk else None,
        staff_id=staff_id,
        data=json.dumps(data, ensure_ascii=False),
        version=0,
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def cleaned(sent: Mapping[str, object], kept: Mapping[str, str]) -> dict[str, str]:
    """The fields a page sent, and nothing else of what it sent; what the server keeps beside them stays."""
    fields = {name: str(sent[name])[:_LONGEST] for name in FIELDS if sent.get(name)}
    return fields | {name: kept[name] for name in (TALK, LANGUAGE, ABOUT, BESIDE) if name in kept}


def sent_form() -> dict[str, object]:
    """The fields that a page sends as JSON; none where it is junk."""
    try:
        sent = json.loads(request.form.get("data", "{}"))
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def data_of(draft: Draft) -> dict[str, str]:
    return dict(json.loads(draft.data))


def _own(session: Session, staff_id: int, draft_id: int | None) -> Draft | None:
    draft = session.get(Draft, draft_id) if draft_id is not None else None
    return draft if draft is not None and draft.staff_id == staff_id and draft.discarded_at is None else None


def _of_talk(session: Session, staff_id: int, talk_id: int) -> list[Draft]:
    talk = session.get(Talk, talk_id)
    if talk is None:
        return []
    # By its last change: what a colleague began before this talk is changed when it comes here with its caller.
    recent = select(Draft).where(
        Draft.staff_id == staff_id, Draft.discarded_at.is_(None), Draft.updated_at >= talk.created_at
    )
    found = session.scalars(recent.order_by(Draft.id))
    return [draft for draft in found if data_of(draft).get(TALK) == str(talk_id)]


def _view(draft: Draft, matters: list[Draft]) -> DraftView:
    listed = tuple(Matter(one.id, place, one.id == draft.id) for place, one in enumerate(matters, 1))
    return DraftView(draft.id, draft.version, data_of(draft), draft.updated_at, draft.complaint_id, listed)


def heading_of(session: Session, draft: Draft) -> str:
    data = data_of(draft)
    words = " ".join(data.get("text", "").split())
    short = words if len(words) <= _TITLE else f"{words[:_TITLE]}…"
    return " · ".join(part for part in (category_name(session, data.get("category")), short) if part) or say(
        "drafts.untitled"
    )


def _from_menus(session: Session, tell: Mapping[str, str], number: str | None) -> dict[str, str]:
    category = tell.get("category")
    data = {
        "category": category if category and session.get(Category, category) is not None else "",
        "name_hidden": "yes" if tell.get("name_hidden") in ("yes", "true") else "",
        "contact_number": tell.get("contact_number") or number or "",
        "number_check": tell.get("number_check") or ("same_as_caller" if number else ""),
    }
    return {name: value for name, value in data.items() if value}


def _particulars(like: Mapping[str, str]) -> dict[str, str]:
    kept = ("place", "place_detail", "complainant_name", "name_hidden", "contact_number", "number_check")
    return {name: like[name] for name in kept if like.get(name)}


def _language(session: Session, talk: Talk) -> str:
    call = session.get(Call, talk.call_sid) if talk.call_sid else None
    return call.language if call else ""
