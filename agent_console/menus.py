"""The menus: who is writing at them, which versions there were, going back, and what differs between any two."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.answering import done, refused_at
from agent_console.guard import allow
from agent_console.menus_lines import read_difference
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.menus.drafts import DraftGone, begin_draft, list_drafts, throw_away
from ivr.pinned import FLOW, NoFlow, live_version
from ivr.publishing import Refused, list_versions, numbered_version, roll_back, version_source, withdraw
from models.call import Call

blueprint = Blueprint("menus", __name__)

MENUS = ("translator", "supervisor", "approver")
WRITERS = ("translator", "supervisor")
_COUNTED = timedelta(days=30)


@blueprint.get("/desk/flows")
@allow(*MENUS)
def page() -> ResponseReturnValue:
    with store().session() as session:
        versions = list_versions(session.connection(), FLOW)
        return render_template(
            "desk/menus/list.html",
            **bar(session),
            drafts=list_drafts(session.connection()),
            versions=versions,
            numbers={version.id: version.number for version in versions},
            live=next((version for version in versions if version.is_live), None),
            calls=_calls(session),
        )


@blueprint.post("/desk/flows")
@allow(*WRITERS)
def begin() -> ResponseReturnValue:
    """A draft of what callers have now."""
    with store().read() as connection:
        live = live_version(connection, FLOW)
    if live is None:
        raise NoFlow(f'No version of "{FLOW}" is published. Run: helpline flows publish {FLOW}')
    title = " ".join(request.form.get("title", "").split())
    draft_id = begin_draft(store(), live, by=me().login, actor=me().actor, now=now(), title=title)
    return redirect(url_for("menus_editor.page", draft_id=draft_id))


@blueprint.post("/desk/flows/<int:draft_id>/discard")
@allow("supervisor")
def discard(draft_id: int) -> ResponseReturnValue:
    """Nobody goes on with a draft."""
    try:
        throw_away(store(), draft_id, by=me().actor, now=now())
    except DraftGone:
        return refused_at(url_for("menus.page"), say("flows.gone"), 409)
    flash(say("flows.discarded"), "done")
    return done(go=url_for("menus.page"))


@blueprint.post("/desk/flows/versions/<int:number>/again")
@allow("supervisor")
def again(number: int) -> ResponseReturnValue:
    """Have new calls use an older version again."""
    note = " ".join(request.form.get("note", "").split())[:500]
    try:
        version = roll_back(store(), FLOW, by=me().login, actor=me().actor, note=note, now=now(), to=number)
    except Refused:
        return refused_at(url_for("menus.page"), say("flows.not_again"), 409)
    flash(say("flows.live_again", n=version.number), "done")
    return done(go=url_for("menus.page"))


@blueprint.post("/desk/flows/versions/<int:number>/withdraw")
@allow("supervisor")
def take_away(number: int) -> ResponseReturnValue:
    """Lead the calls of a version to a person, and never publish it again."""
    try:
        withdraw(store(), FLOW, number, by=me().actor, now=now())
    except Refused:
        return refused_at(url_for("menus.page"), say("flows.not_withdrawn"), 409)
    telephone().flows.look_again()
    flash(say("flows.withdrawn_now", n=number), "done")
    return done(go=url_for("menus.page"))


@blueprint.get("/desk/flows/versions/<int:before>/<int:after>")
@allow(*MENUS)
def compare(before: int, after: int) -> ResponseReturnValue:
    """What differs between two versions."""
    with store().session() as session:
        connection = session.connection()
        try:
            pair = [numbered_version(connection, FLOW, number) for number in (before, after)]
        except Refused:
            abort(404)
        sources = [version_source(connection, version.id) for version in pair]
        return render_template(
            "desk/menus/compare.html",
            **bar(session),
            pair=pair,
            difference=read_difference(*sources),
        )


@blueprint.get("/desk/flows/compare")
@allow(*MENUS)
def choose() -> ResponseReturnValue:
    """Any two versions, chosen in a form."""
    before, after = (request.args.get(name, 1, type=int) for name in ("before", "after"))
    return redirect(url_for("menus.compare", before=before, after=after))


def _calls(session: Session) -> Mapping[int | None, int]:
    """How many calls of the last thirty days heard each version."""
    recent = select(Call.flow_version_id, func.count()).where(Call.started_at >= now() - _COUNTED)
    return {row[0]: row[1] for row in session.execute(recent.group_by(Call.flow_version_id))}
