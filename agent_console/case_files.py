"""What is kept with a case, for whoever may read the case: files of proof, and what the caller has said aloud."""

import hashlib
import io

import structlog
from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.events_shown import REGISTERED
from agent_console.guard import allow
from agent_console.officer_here import READERS, find_case, who
from agent_console.proof_files import ENDINGS, read_record_of
from agent_console.surroundings import store, telephone
from agent_console.voice_messages import sound_of
from agent_console.words import say
from audio.shelf import ShelfAway
from ivr.proofs import proofs_of
from models.complaint_event import ComplaintEvent
from models.voice_message import VoiceMessage

blueprint = Blueprint("case_files", __name__)

log = structlog.get_logger()

_SHOWN_HERE = ("image/jpeg", "image/png")  # the others are saved: a document may carry scripts of its own


@blueprint.get("/desk/cases/<reference>/proof/<int:n>")
@allow(*READERS)
def proof(reference: str, n: int) -> ResponseReturnValue:
    """The file of event `n`. One whose bytes are not what the record says is not given out.

    The citizen's own paper names them, so that of a hidden one is given to nobody here.
    """
    with store().session() as session:
        case = find_case(session, who().officer(session), reference)
        if case is None or (case.name_hidden and n == REGISTERED):
            abort(404)
        mine = (ComplaintEvent.complaint_id == case.id) & (ComplaintEvent.n == n)
        data = session.scalar(select(ComplaintEvent.data).where(mine)) or {}
    kept = read_record_of(data.get("proof"))
    if kept is None:
        abort(404)
    try:
        content = proofs_of(telephone().config).read(kept.digest)
    except ShelfAway:
        return Response(say("refused.proof_away"), 424, content_type="text/plain; charset=utf-8")
    if content is None or hashlib.sha256(content).hexdigest() != kept.digest:
        log.error("proof_changed_in_store", reference=reference, event_n=n)
        return Response(say("refused.proof_gone"), 410, content_type="text/plain; charset=utf-8")
    name = f"{reference}-{n}.{ENDINGS[kept.kind]}"
    answer = send_file(
        io.BytesIO(content),
        mimetype=kept.kind,
        as_attachment=kept.kind not in _SHOWN_HERE,
        download_name=name,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/desk/cases/<reference>/voice/<int:message_id>")
@allow(*READERS)
def voice(reference: str, message_id: int) -> ResponseReturnValue:
    """What the caller has left as a message. A voice names its owner, so a hidden caller is not heard."""
    with store().session() as session:
        case = find_case(session, who().officer(session), reference)
        message = session.get(VoiceMessage, message_id)
        if (
            case is None
            or case.name_hidden
            or message is None
            or not case.call_sid
            or message.call_sid != case.call_sid
        ):
            abort(404)
        address = message.recording_url
    return sound_of(address)
