"""Bringing the studio to the callers: what would change, which wordings are stale, and the button that does it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import refused_at
from agent_console.guard import allow
from agent_console.studio import STUDIO
from agent_console.studio_words import finding_words
from agent_console.surroundings import me, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.pinned import FLOW
from ivr.publishing import Refused, SeenOtherwise, list_versions, wanted_sounds
from ivr.studio.going_live import publish_changes, read_going_live

blueprint = Blueprint("studio_publish", __name__)

_VERSIONS_SHOWN = 5


@blueprint.get("/desk/studio/publish")
@allow(*STUDIO)
def page() -> ResponseReturnValue:
    going = read_going_live(telephone())
    sounds = telephone().sounds
    silent = sum(sounds.find(text, language) is None for language, text in set(wanted_sounds(going.working.flow)))
    with store().session() as session:
        versions = list_versions(session.connection(), FLOW)
        return render_template(
            "desk/studio/publish.html",
            **bar(session),
            going=going,
            errors=[(finding_words(finding), str(finding)) for finding in going.errors],
            silent=silent,
            versions=versions[:_VERSIONS_SHOWN],
        )


@blueprint.post("/desk/studio/publish")
@allow("supervisor")
def publish() -> ResponseReturnValue:
    """Have new calls hear what the page has shown. Calls under way keep what they began with."""
    address = url_for("studio_publish.page")
    note = " ".join(request.form.get("note", "").split())[:500]
    seen = request.form.get("seen", "")
    try:
        version = publish_changes(telephone(), seen=seen, note=note, by=me().login, actor=me().actor)
    except SeenOtherwise:
        return refused_at(address, say("studio.publish.meanwhile"), 409)
    except Refused:
        return refused_at(address, say("studio.publish.refused"), 409)
    flash(say("studio.publish.done", n=version.number), "done")
    return redirect(address)
