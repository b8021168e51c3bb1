"""Before a draft goes live: errors, rehearsals, a few usual callers, what differs, who agrees, publishing."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused_at
from agent_console.guard import allow
from agent_console.menus import MENUS, WRITERS
from agent_console.menus_editor import check_draft, find_errors, find_open_draft, let_named_hear
from agent_console.menus_lines import read_difference
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from flows.calendar_file import BrokenCalendars
from flows.difference import Change, compare_sources
from flows.finding import Finding
from flows.flow import Flow
from flows.flow_folder import rehearsals_in
from flows.loader import BrokenFlow, Source, load_flow
from flows.rehearse import Outcome, rehearse_all
from flows.walks import Walk, walk_flow
from ivr.calendars import live_calendars
from ivr.menus.drafts import DraftGone, MenuDraft, WrittenMeanwhile
from ivr.menus.everybody import NotExplored
from ivr.menus.going_live import (
    Behind,
    NotAgreed,
    NotProven,
    OwnWork,
    Standing,
    StrandsCallers,
    agree,
    catch_up,
    publish_draft,
    read_standing,
)
from ivr.pinned import FLOW
from ivr.publishing import ZONE, Refused, SeenOtherwise, version_source

blueprint = Blueprint("menus_proof", __name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for a draft, and what against it. Rehearsals and walks need a flow without errors."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    rehearsals: tuple[Outcome, ...] = ()
    walks: tuple[Walk, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not self.errors and not any(one.differences for one in self.rehearsals)


@blueprint.get("/desk/flows/<int:draft_id>/proof")
@allow(*MENUS)
def page(draft_id: int) -> ResponseReturnValue:
    draft = find_open_draft(draft_id)
    proof = _prove(draft)
    with store().session() as session:
        connection = session.connection()
        standing = read_standing(connection, draft)
        base = version_source(connection, draft.base_version_id)
        return render_template(
            "desk/menus/proof.html",
            **bar(session),
            draft=draft,
            proof=proof,
            standing=standing,
            difference=read_difference(base, draft.files),
            changes=() if proof.errors else _changes(base, draft.files),
            may=_acts(draft, proof, standing),
        )


@blueprint.post("/desk/flows/<int:draft_id>/agree")
@allow("approver")
def approve(draft_id: int) -> ResponseReturnValue:
    """A second person agrees to the text that the page has shown."""
    address = url_for("menus_proof.page", draft_id=draft_id)
    seen = request.form.get("seen", "")
    try:
        agree(store(), draft_id, seen=seen, by=me().login, actor=me().actor, now=now())
    except DraftGone:
        return refused_at(url_for("menus.page"), say("flows.gone"), 409)
    except OwnWork:
        return refused_at(address, say("flows.own_work"), 403)
    except SeenOtherwise:
        return refused_at(address, say("studio.publish.meanwhile"), 409)
    flash(say("flows.agreed"), "done")
    return redirect(address)


@blueprint.post("/desk/flows/<int:draft_id>/publish")
@allow("supervisor")
def publish(draft_id: int) -> ResponseReturnValue:
    """Have new calls hear what the page has shown."""
    address = url_for("menus_proof.page", draft_id=draft_id)
    note = " ".join(request.form.get("note", "").split())[:500]
    try:
        published = publish_draft(
            telephone(), draft_id, seen=request.form.get("seen", ""), note=note, by=me().login, actor=me().actor
        )
    except DraftGone:
        return refused_at(url_for("menus.page"), say("flows.gone"), 409)
    except SeenOtherwise:
        return refused_at(address, say("studio.publish.meanwhile"), 409)
    except NotAgreed:
        return refused_at(address, say("flows.needs_agreement"), 403)
    except Behind:
        return refused_at(address, say("flows.is_behind"), 409)
    except StrandsCallers:
        return refused_at(address, say("flows.strands"), 409)
    except NotProven:
        return refused_at(address, say("flows.not_proven"), 409)
    except NotExplored:
        return refused_at(address, say("flows.everybody_failed"), 424)
    except (Refused, BrokenFlow):
        return refused_at(address, say("flows.refused"), 409)
    flash(say("studio.publish.done", n=published.version.number), "done")
    if not published.is_spoken:
        flash(say("studio.not_rendered"), "error")
    return redirect(url_for("menus.page"))


@blueprint.post("/desk/flows/<int:draft_id>/catch-up")
@allow(*WRITERS)
def take_over(draft_id: int) -> ResponseReturnValue:
    """Put the draft on top of what was published meanwhile."""
    address = url_for("menus_proof.page", draft_id=draft_id)
    version = request.form.get("version", -1, type=int)
    try:
        taken = catch_up(telephone(), draft_id, version=version, by=me().login)
    except DraftGone:
        return refused_at(url_for("menus.page"), say("flows.gone"), 409)
    except WrittenMeanwhile as error:
        return refused_at(address, say("flows.overtaken", who=error.draft.saved_by), 409)
    draft = find_open_draft(draft_id)
    let_named_hear(draft, find_errors(draft))
    flash(say("flows.caught_up"), "done")
    if taken.both:
        flash(say("flows.both_changed", what=", ".join(taken.both)), "error")
    return done(go=address)


def _changes(before: Source, after: Source) -> list[Change]:
    """What callers meet otherwise, in sentences; none where the older version can no longer be read."""
    try:
        return compare_sources(FLOW, before, after)
    except (BrokenFlow, BrokenCalendars):
        return []


def _prove(draft: MenuDraft) -> Proof:
    findings = check_draft(draft)
    errors = tuple(one for one in findings if one.severity == "error")
    warnings = tuple(one for one in findings if one.severity == "warning")
    if errors:
        return Proof(errors, warnings)
    return _play(draft, load_flow(FLOW, draft.files), warnings)


def _play(draft: MenuDraft, flow: Flow, warnings: tuple[Finding, ...]) -> Proof:
    with store().read() as connection:
        calendars = live_calendars(connection)
    outcomes = tuple(rehearse_all(flow, rehearsals_in(draft.files), calendars))
    walks = tuple(walk_flow(flow, calendars, now().astimezone(ZONE).date()))
    return Proof((), warnings, outcomes, walks)


@dataclass(frozen=True, slots=True)
class Acts:
    """What this person may do with the draft now."""

    agree: bool
    publish: bool
    is_own: bool


def _acts(draft: MenuDraft, proof: Proof, standing: Standing) -> Acts:
    is_own = me().login in draft.writers
    open_question = proof.is_good and standing.kinds and standing.lacks_agreement(draft)
    may_publish = proof.is_good and bool(standing.kinds) and not standing.is_behind
    return Acts(
        agree=bool(open_question) and me().has_role("approver") and not is_own,
        publish=may_publish and not standing.lacks_agreement(draft) and me().has_role("supervisor"),
        is_own=is_own,
    )
