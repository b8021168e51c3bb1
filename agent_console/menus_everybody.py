"""What a draft means for everybody who may call. It takes seconds, so the page of the proof asks for it by itself."""

import structlog
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from agent_console.guard import allow
from agent_console.menus import MENUS
from agent_console.menus_editor import find_open_draft
from agent_console.surroundings import telephone
from agent_console.words import screen_language
from flows.loader import BrokenFlow
from ivr.menus.everybody import LAST_CALLS, NotExplored, explore_draft, replay_draft

blueprint = Blueprint("menus_everybody", __name__)

log = structlog.get_logger()

_SHOWN = 20  # recorded calls that end elsewhere


@blueprint.get("/desk/flows/<int:draft_id>/everybody")
@allow(*MENUS)
def part(draft_id: int) -> ResponseReturnValue:
    """The proof over every situation, and the last calls played on the draft."""
    draft = find_open_draft(draft_id)
    try:
        explored, replayed = explore_draft(draft.files), replay_draft(telephone(), draft.files)
    except BrokenFlow:
        abort(409)
    except NotExplored as error:
        log.warning("draft_not_explored", draft_id=draft_id, reason=str(error))
        abort(424)  # not 503: a page takes that for a server that is away
    language = screen_language()
    return render_template(
        "desk/menus/everybody.html",
        explored=explored,
        language=language,
        last=LAST_CALLS,
        replayed=replayed,
        told=replayed.tell(language),
        partings=[one.tell(language) for one in replayed.partings[:_SHOWN]],
    )
