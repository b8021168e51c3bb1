"""The parts of the pages that are fetched anew when something happens."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_console.form_choices import places_like
from agent_console.goes_to import read_goes_to
from agent_console.guard import allow
from agent_console.nearby import read_nearby
from agent_console.surroundings import me, now, store
from agent_console.view_of_desk import bar, desk_view, messages_of

blueprint = Blueprint("parts", __name__, url_prefix="/desk/parts")


@blueprint.get("/facts")
@allow("representative", "supervisor")
def facts() -> ResponseReturnValue:
    return _with_bar("facts")


@blueprint.get("/nav")
@allow("representative", "supervisor")
def nav() -> ResponseReturnValue:
    """With the counts of their lists. Nobody else's navigation ever changes."""
    return _with_bar("nav")


@blueprint.get("/call")
@allow("representative")
def call() -> ResponseReturnValue:
    return _of_desk("call")


@blueprint.get("/work")
@allow("representative")
def work() -> ResponseReturnValue:
    return _of_desk("work")


@blueprint.get("/caller")
@allow("representative")
def caller() -> ResponseReturnValue:
    return _of_desk("caller")


@blueprint.get("/message/<int:complaint_id>")
@allow("representative", "supervisor")
def message(complaint_id: int) -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/message.html", messages=messages_of(session, complaint_id))


@blueprint.get("/goes-to")
@allow("representative")
def goes_to() -> ResponseReturnValue:
    """Where a complaint of this kind and place would go, and by when it is promised."""
    asked = {"category": request.args.get("category", ""), "place": request.args.get("place", "")}
    with store().session() as session:
        goes, nearby = read_goes_to(session, asked, now()), read_nearby(session, asked, now())
        return render_template("desk/parts/goes_to.html", goes=goes, nearby=nearby)


@blueprint.get("/places")
@allow("representative")
def places() -> ResponseReturnValue:
    """Codes of the places that may be meant by what was typed, the likeliest first."""
    with store().session() as session:
        return {"codes": places_like(session, request.args.get("q", "")[:100])}


def _with_bar(name: str) -> str:
    with store().session() as session:
        return render_template(f"desk/parts/{name}.html", **bar(session))


def _of_desk(name: str) -> str:
    asked = request.args.get("draft", type=int)
    with store().session() as session:
        return render_template(f"desk/parts/{name}.html", **desk_view(session, me().id, now(), asked))
