"""Doing something with a case: what was typed is looked at, the citizen's text is shown, then it is done. No scripts.

Whatever is refused comes back with every word in it, and with what changed if somebody else was quicker.
"""

from functools import partial

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.case_asked import Asked, ChangedMeanwhile, Gone, Unfit, act_on, fields_typed, read_asked
from agent_console.case_forms import ACTS, Act
from agent_console.case_page import Answer, draw_case
from agent_console.case_preview import Preview, rehearse
from agent_console.guard import allow
from agent_console.officer_here import READERS, who
from agent_console.proof_files import UnusableProof, keep_proof, read_proof
from agent_console.reveal import show_name_once
from agent_console.surroundings import store, telephone
from agent_console.words import say
from audio.shelf import ShelfAway
from models.errors import Refused

blueprint = Blueprint("case_acts", __name__)


@blueprint.post("/desk/cases/<reference>/<act>")
@allow(*READERS)
def do(reference: str, act: str) -> ResponseReturnValue:
    """First the text to the citizen is shown, if there will be one; a second press does it."""
    if act not in ACTS:
        abort(404)
    typed = fields_typed(ACTS[act], request.form)
    seen = request.form.get("seen", 0, type=int)
    answer = partial(Answer, act, typed, seen)
    go = request.form.get("go")
    if go == "change":
        return draw_case(reference, answer())
    try:
        typed |= _file(ACTS[act])
        asked = read_asked(ACTS[act], reference, seen, typed, who(), telephone())
        texts = [] if go == "do" else _look(asked)
        if go != "do" and (texts or ACTS[act].hurts):
            return draw_case(reference, answer(preview=texts))
        message_ids = store().transact(partial(act_on, asked=asked))
    except Gone:
        abort(404)
    except Unfit as error:
        return draw_case(reference, answer(fault=say(error.key), wrong=error.wrong)), 422
    except UnusableProof as error:
        return draw_case(reference, answer(fault=say(error.key), wrong="file")), 422
    except ShelfAway:
        return draw_case(reference, answer(fault=say("refused.proof_away"), wrong="file")), 424
    except Refused as error:
        return draw_case(reference, answer(fault=say(f"refused.case.{error.code}"))), 409
    except ChangedMeanwhile:
        return draw_case(reference, answer(is_stale=True)), 409
    for message_id in message_ids:
        telephone().wake.text(message_id)
    if act == "reveal_name":
        show_name_once(reference)
    flash(say(f"act_of_case.done.{act}"), "done")
    return redirect(url_for("case.page", reference=reference))


def _look(asked: Asked) -> list[Preview]:
    """The very texts that it would send: it is done, and taken back."""
    return rehearse(store(), partial(act_on, asked=asked))


def _file(act: Act) -> dict[str, str]:
    """The file that was sent, kept at once: what is shown for agreement must be there when it is agreed to."""
    proof = read_proof(request.files.get("file")) if "file" in act.fields else None
    if proof is None:
        return {}
    keep_proof(telephone().config, proof)
    return {"proof": proof.kept.on_record(), "proof_name": proof.kept.name}
