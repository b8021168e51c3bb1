"""The representative's desk as a whole page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.guard import STAFF, allow, open_to_all
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar, desk_view
from ivr.access_token import TOKEN_SECONDS, issue_access_token

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@open_to_all
def front_door() -> ResponseReturnValue:
    return redirect(url_for("desk.home"))


@blueprint.get("/desk")
@allow(*STAFF)
def home() -> ResponseReturnValue:
    """Lead each person to the page where their work is."""
    if me().has_role("representative"):
        return redirect(url_for("desk.page"))
    if me().has_role("supervisor"):
        return redirect(url_for("board.page"))
    if me().has_role("translator"):
        return redirect(url_for("studio.page"))
    if me().has_role("approver"):
        return redirect(url_for("menus.page"))
    if me().has_role("officer"):
        return redirect(url_for("cases.inbox"))
    if me().has_role("clerk"):
        return redirect(url_for("walk_ins.page"))
    return redirect(url_for("staff_pages.page"))


@blueprint.get("/desk/calls")
@allow("representative")
def page() -> ResponseReturnValue:
    with store().session() as session:
        asked = request.args.get("draft", type=int)
        return render_template("desk/desk.html", **bar(session), **desk_view(session, me().id, now(), asked))


@blueprint.get("/desk/voice-token")
@allow("representative", "supervisor")
def voice_token() -> ResponseReturnValue:
    """A short pass to the telephone network for this person's softphone.

    `url` and `voice` are there with the local network only: its doors for calls, and the host and port of its voices.
    """
    config = telephone().config
    return {
        "token": issue_access_token(config, me().id),
        "url": config.emulator_url or "",
        "voice": (config.local_voice_url or "").removeprefix("https://"),
        "seconds": TOKEN_SECONDS,
    }
