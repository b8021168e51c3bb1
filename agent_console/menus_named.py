"""Named callers of a draft: they hear it on the real line for some hours, and everybody else what is live."""

from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import done_at, refused_at
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.menus import MENUS, WRITERS
from agent_console.menus_editor import find_errors, find_open_draft, let_named_hear
from agent_console.surroundings import me, now, store
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.menus.drafts import DraftGone
from ivr.menus.named_callers import MOST, TooManyNamed, end_naming, heard_at, list_named, name_caller
from ivr.numbers import to_e164

blueprint = Blueprint("menus_named", __name__)

HOURS = (1, 2, 4, 8, 24)
_USUAL = 2


@blueprint.get("/desk/flows/<int:draft_id>/named")
@allow(*MENUS)
def page(draft_id: int) -> ResponseReturnValue:
    draft = find_open_draft(draft_id)
    with store().session() as session:
        connection = session.connection()
        return render_template(
            "desk/menus/named.html",
            **bar(session),
            draft=draft,
            named=list_named(connection, draft_id, now()),
            heard_at=heard_at(connection, draft_id),
            errors=len(find_errors(draft)),
            hours=HOURS,
            usual=_USUAL,
            most=MOST,
        )


@blueprint.post("/desk/flows/<int:draft_id>/named")
@allow(*WRITERS)
def name(draft_id: int) -> ResponseReturnValue:
    """Have one number hear the draft, if it has no errors, or once it has none."""
    address = url_for("menus_named.page", draft_id=draft_id)
    number = to_e164(latin_digits(request.form.get("number", "")))
    hours = request.form.get("hours", _USUAL, type=int)
    if number is None:
        return refused_at(address, say("flows.named.bad_number"))
    if hours not in HOURS:
        return refused_at(address, say("flows.named.bad_hours"))
    lasts = timedelta(hours=hours)
    try:
        name_caller(store(), draft_id, number, lasts=lasts, by=me().login, actor=me().actor, now=now())
    except DraftGone:
        return refused_at(url_for("menus.page"), say("flows.gone"), 409)
    except TooManyNamed:
        return refused_at(address, say("flows.named.too_many", n=MOST), 409)
    draft = find_open_draft(draft_id)
    if not let_named_hear(draft, find_errors(draft)):
        flash(say("studio.not_rendered"), "error")
    return done_at(address, say("flows.named.done"))


@blueprint.post("/desk/flows/<int:draft_id>/named/end")
@allow(*WRITERS)
def end(draft_id: int) -> ResponseReturnValue:
    """Have everybody hear the live menus again."""
    end_naming(store(), draft_id, actor=me().actor, now=now())
    return done_at(url_for("menus_named.page", draft_id=draft_id), say("flows.named.ended"))
