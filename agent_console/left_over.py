"""Words typed after the line to the server was lost: the page kept them, and asks here where they can still go."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.beside_form import put_beside, settle_beside, words_beside
from agent_console.draft_form import (
    ABOUT,
    cleaned,
    data_of,
    open_drafts,
    own_open_draft,
    sent_form,
    start_draft,
)
from agent_console.guard import allow
from agent_console.reassigning import DRAFT
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.desk_events import for_staff, tell_desk
from models.base import composed
from models.call import Call
from models.complaint import Complaint
from models.draft import Draft
from models.services.earlier import find_earlier
from models.staff import Staff
from models.talk import Talk

blueprint = Blueprint("left_over", __name__)

KEPT_FOR = timedelta(hours=12)  # by the browser (kept.js): a shift, and the way home
_TOLD = ("text", "complainant_name", "place_detail", "contact_number")


@dataclass(frozen=True, slots=True)
class Home:
    """What has become of the form. `kind`: mine or colleague where it is open, registered, or gone.

    `who` has it, `number` is the caller's; whoever never had the caller learns neither.
    """

    kind: str
    draft: Draft | None = None
    who: str = ""
    reference: str = ""
    number: str | None = None


@blueprint.post("/desk/drafts/<int:draft_id>/left-over/look")
@allow("representative")
def look(draft_id: int) -> ResponseReturnValue:
    """What the page shows of them; empty where form or complaint hold every word by now."""
    sent, typed_at = sent_form(), _typed_at()
    with store().session() as session:
        home = _find_home(session, me().id, draft_id)
        words = _lacking(home, sent)
        shown = {"draft_id": draft_id, "home": home, "typed_at": typed_at, "words": words}
        return done(html=render_template("desk/parts/left_over.html", **shown) if words else "")


@blueprint.post("/desk/drafts/<int:draft_id>/left-over")
@allow("representative")
def put(draft_id: int) -> ResponseReturnValue:
    """Beside the form of whoever has it; where there is none any more, into a new one of one's own."""
    staff_id, language, at, typed_at, sent = me().id, me().screen_language, now(), _typed_at(), sent_form()

    def write(session: Session) -> str:
        home = _find_home(session, staff_id, draft_id)
        words = _lacking(home, sent)
        if words and home.kind in ("mine", "colleague") and home.draft is not None:
            put_beside(session, home.draft, words, by=staff_id, typed_at=typed_at, now=at)
            tell_desk(session.connection(), DRAFT, draft_id, for_staff(home.draft.staff_id), at)
        elif words and not _has_begun(session, staff_id, sent):
            _begin_anew(session, home, sent, staff_id, language, at)
        return home.kind

    kind = store().transact(write)
    telephone().wake.desk()
    return done(said=say(f"left_over.done.{kind}"))


@blueprint.post("/desk/drafts/<int:draft_id>/beside/<int:n>/settle")
@allow("representative")
def settle(draft_id: int, n: int) -> ResponseReturnValue:
    """Whoever has the form has taken the words in, or needs them not."""
    staff_id, at = me().id, now()

    def write(session: Session) -> int | None:
        draft = own_open_draft(session, staff_id, draft_id)
        return None if draft is None else settle_beside(session, draft, n, at)

    version = store().transact(write)
    if version is None:
        return refused(say("refused.draft_gone"))
    return done(version=version)


def _typed_at() -> datetime:
    """As the browser's clock has it; never later than now, nor longer ago than it keeps words."""
    latest = now().timestamp()
    told_ms = request.form.get("at", type=int)
    told = latest if told_ms is None else max(latest - KEPT_FOR.total_seconds(), min(latest, told_ms / 1000))
    return datetime.fromtimestamp(told, UTC)


def _find_home(session: Session, staff_id: int, draft_id: int) -> Home:
    draft = session.get(Draft, draft_id)
    if draft is None or not _has_had(session, staff_id, draft):
        return Home("gone")
    call = session.get(Call, draft.call_sid) if draft.call_sid else None
    number = call.citizen_number if call else None
    if draft.complaint_id is not None:
        return Home(
            "registered", draft, reference=session.get_one(Complaint, draft.complaint_id).reference, number=number
        )
    if draft.discarded_at is not None:
        return Home("gone", draft, number=number)
    if draft.staff_id == staff_id:
        return Home("mine", draft, number=number)
    return Home("colleague", draft, who=session.get_one(Staff, draft.staff_id).name, number=number)


def _has_had(session: Session, staff_id: int, draft: Draft) -> bool:
    theirs = select(exists().where(Talk.call_sid == draft.call_sid, Talk.staff_id == staff_id))
    return draft.staff_id == staff_id or (draft.call_sid is not None and bool(session.scalar(theirs)))


def _lacking(home: Home, sent: dict[str, object]) -> str:
    """Each field whose words are not in the same field of the form as it is now, nor beside it already."""
    known = home.draft if home.kind != "gone" else None
    kept, beside = (data_of(known), _bare(words_beside(known))) if known is not None else ({}, "")
    told = {name: str(sent.get(name) or "").strip() for name in _TOLD}
    return "\n".join(
        words
        for name, words in told.items()
        if _bare(words) not in _bare(kept.get(name, "")) and _bare(words) not in beside
    )


def _bare(words: str) -> str:
    return "".join(composed(words).split())


def _has_begun(session: Session, staff_id: int, sent: dict[str, object]) -> bool:
    """True where the same press has come before, and its answer was lost."""
    fields = cleaned(sent, {}).items()  # another caller may have told the same story in the same words
    return any(fields <= data_of(draft).items() for draft in open_drafts(session, staff_id))


def _begin_anew(
    session: Session, home: Home, sent: dict[str, object], staff_id: int, language: str, now: datetime
) -> None:
    """A form with the same words. Of a complaint in the register it is about that one, and can be added to it."""
    new = start_draft(session, staff_id, now, language=language)
    data = {**data_of(new), **cleaned(sent, {})}
    if find_earlier(session, home.reference) is not None:
        data[ABOUT] = home.reference
    elif home.draft is not None:
        new.call_sid = home.draft.call_sid  # whoever is told all that is kept of them is told this, too
    new.data, new.version = json.dumps(data, ensure_ascii=False), 1
