"""The wall: a page for a big screen that everybody in the room reads. No names, no numbers of callers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_console.floor import STATES, read_floor
from agent_console.guard import allow
from agent_console.surroundings import now, store
from agent_console.view_of_desk import stream_facts

blueprint = Blueprint("wall", __name__)


@blueprint.get("/desk/wall")
@allow("supervisor", "admin")
def page() -> ResponseReturnValue:
    with store().session() as session:
        return render_template(
            "desk/wall.html", floor=read_floor(session, now()), states=STATES, **stream_facts(session)
        )


@blueprint.get("/desk/wall/figures")
@allow("supervisor", "admin")
def figures() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/wall.html", floor=read_floor(session, now()), states=STATES)
