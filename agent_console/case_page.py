"""One case as its officers see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.bridge import has_telephone, read_bridge
from agent_console.case_asked import news_of
from agent_console.case_forms import ActForm, begin_reply, forms_for, missing_form
from agent_console.case_preview import Preview
from agent_console.case_view import read_case, voices_of
from agent_console.events_shown import EventLine, read_timeline
from agent_console.guard import allow
from agent_console.officer_here import READERS, find_case, who
from agent_console.reveal import may_see_name, may_see_number
from agent_console.surroundings import me, now, store
from agent_console.view_of_desk import bar, messages_of
from ivr.answer_links import said_by_link
from models.complaint import Complaint
from models.officer import Officer
from models.services.withdrawing import pressures_on

blueprint = Blueprint("case", __name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an act that was not done yet: it goes back into its form, word for word."""

    act: str
    typed: Mapping[str, str]
    seen: int
    fault: str = ""
    wrong: str = ""
    preview: Sequence[Preview] | None = None
    is_stale: bool = False


@blueprint.get("/desk/cases/<reference>")
@allow(*READERS)
def page(reference: str) -> ResponseReturnValue:
    return draw_case(reference)


@blueprint.get("/desk/cases/<reference>/news")
@allow(*READERS)
def news(reference: str) -> ResponseReturnValue:
    """What has happened since the page was drawn: it is told beside what is being typed, and redraws none of it."""
    with store().session() as session:
        complaint = find_case(session, who().officer(session), reference)
        if complaint is None:
            abort(404)
        numbers = set(news_of(session, complaint, request.args.get("after", 0, type=int), me().id))
        events = [event for event in read_timeline(session, complaint.id) if event.n in numbers] if numbers else []
        return render_template("desk/parts/case_news.html", news=events, reference=reference)


def draw_case(reference: str, answer: Answer | None = None) -> str:
    """The page, with the answer to an act in its form. A case that this person may not read is missing."""
    with store().session() as session:
        officer = who().officer(session)
        complaint = find_case(session, officer, reference)
        if complaint is None:
            abort(404)
        shown = read_case(session, complaint, now())
        forms = _forms(session, officer, complaint, answer)
        return render_template(
            "desk/cases/case.html",
            **bar(session),
            officer=officer,
            case=shown,
            forms=forms,
            seen=complaint.events if answer is None or answer.is_stale else answer.seen,
            drawn=complaint.events,
            changed=_changed(shown.events, answer),
            bridge=read_bridge(session, complaint, me().id, now()),
            has_telephone=has_telephone(session, me().id),
            voices=voices_of(session, complaint),
            pressures=pressures_on(session, complaint.id) if officer.is_cell else (),
            said_by_link=said_by_link(session, complaint.id),
            messages=messages_of(session, complaint.id),
            hidden_name=complaint.complainant_name if may_see_name(reference) else "",
            full_number=shown.contact_number if may_see_number(reference) else None,
        )


def _forms(session: Session, officer: Officer, complaint: Complaint, answer: Answer | None) -> list[ActForm]:
    forms = forms_for(session, officer, complaint)
    if answer is None:
        begin_reply(forms, request.args.get("act", ""), request.args.get("reply", ""), complaint.language)
        return forms
    form = next((one for one in forms if one.act == answer.act), None)
    if form is None:
        # It cannot be done any more: what was typed is shown all the same, to be kept elsewhere.
        form = missing_form(session, complaint, answer.act)
        forms.insert(0, form)
    form.typed.update(answer.typed)
    form.fault, form.wrong, form.is_open = answer.fault, answer.wrong, True
    form.preview = list(answer.preview) if answer.preview is not None else None
    return forms


def _changed(events: Sequence[EventLine], answer: Answer | None) -> list[EventLine]:
    return [event for event in events if event.n > answer.seen] if answer is not None and answer.is_stale else []
