"""A keypad on a draft: it is heard as a call would hear it, at any hour, and can be kept as a rehearsal."""

import json
import re
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from agent_console.answering import refused
from agent_console.guard import allow
from agent_console.menus import MENUS, WRITERS
from agent_console.menus_editor import find_open_draft, keep_files
from agent_console.surroundings import now, store, telephone
from agent_console.words import LANGUAGES, say
from audio.joining import Clip, NotTelephoneSound, join_clips, read_clip
from audio.render import render_missing
from audio.shelf import ShelfAway
from audio.store import UnknownSound
from audio.synthesizer import CannotRender
from audio.voices import UnknownLanguage, slowly
from flows.flow import Flow
from flows.loader import BrokenFlow, load_flow
from flows.rehearse import FOLDER
from flows.saying import phrase, written
from flows.trying import CALLERS, QUEUES, BadMove, Setting, Tried, try_call, write_tried
from flows.values import Line
from flows.world import INDIA
from ivr.calendars import live_calendars
from ivr.menus.drafts import MenuDraft
from ivr.pinned import FLOW

blueprint = Blueprint("menus_try", __name__)

_MOST_UNITS = 60
_MOST_LETTERS = 400  # of one unit: more is no prompt
_MOST_TITLE = 100
_NO_NAME = re.compile(r"[^a-z0-9]+")


class BadTry(ValueError):
    """What was sent is no call that can be tried. The message is in words of the screen."""


@blueprint.post("/desk/flows/<int:draft_id>/try")
@allow(*MENUS)
def play(draft_id: int) -> ResponseReturnValue:
    """The call as far as it has come, with all that was heard since the caller last did something."""
    draft = find_open_draft(draft_id)
    try:
        _, _, tried = _try(draft, request.form)
    except BadTry as error:
        return refused(str(error), 422)
    last = tried.turns[-1]
    return {
        "lines": [_told(line) for line in last.lines],
        "step": tried.step,
        "waits": tried.waits_for,
        "seconds": round(tried.seconds),
    }


@blueprint.get("/desk/flows/<int:draft_id>/sound")
@allow(*MENUS)
def sound(draft_id: int) -> ResponseReturnValue:
    """One line as a call joins it. What nobody speaks yet is spoken by the offline voice."""
    find_open_draft(draft_id)
    units = [(text, slow, pause) for text, slow, pause in _units() if len(text) <= _MOST_LETTERS]
    language = request.args.get("language", "")
    if language not in LANGUAGES or not units or len(units) > _MOST_UNITS:
        abort(404)
    try:
        clips = [(_clip(slowly(language) if slow else language, text), pause) for text, slow, pause in units]
    except (CannotRender, ShelfAway, UnknownSound, UnknownLanguage, NotTelephoneSound):
        abort(404)
    response = Response(join_clips(clips), content_type="audio/wav")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.post("/desk/flows/<int:draft_id>/rehearsal")
@allow(*WRITERS)
def keep(draft_id: int) -> ResponseReturnValue:
    """Have this call played before every publishing from now on."""
    draft = find_open_draft(draft_id)
    title = " ".join(request.form.get("title", "").split())[:_MOST_TITLE]
    if not title:
        return refused(say("flows.try.needs_title"), 422, field="title")
    try:
        flow, setting, tried = _try(draft, request.form)
    except BadTry as error:
        return refused(str(error), 422)
    name = f"{FOLDER}/{_file_name(title, draft)}.yaml"
    return keep_files(draft_id, {name: write_tried(title, setting, tried, flow.look_ups)})


def _try(draft: MenuDraft, form: MultiDict[str, str]) -> tuple[Flow, Setting, Tried]:
    try:
        flow = load_flow(FLOW, draft.files)
    except BrokenFlow as broken:
        raise BadTry(say("flows.try.broken", n=len(broken.findings))) from broken
    with store().read() as connection:
        calendars = live_calendars(connection)
    setting = _setting(form)
    try:
        return flow, setting, try_call(flow, calendars, setting, _moves(form.get("moves", "[]")))
    except (BadMove, ValueError) as error:
        raise BadTry(say("flows.try.bad_move")) from error


def _setting(form: MultiDict[str, str]) -> Setting:
    typed = form.get("clock", "")
    try:
        # The field of a browser, in India's time.
        clock = datetime.strptime(typed, "%Y-%m-%dT%H:%M").replace(tzinfo=INDIA) if typed else now().astimezone(INDIA)
    except ValueError as error:
        raise BadTry(say("flows.try.bad_clock")) from error
    caller, queue = form.get("caller", ""), form.get("queue", "")
    return Setting(
        clock.replace(second=0, microsecond=0),
        caller if caller in CALLERS else CALLERS[0],
        form.get("language", ""),
        queue if queue in QUEUES else QUEUES[0],
        "look_ups_down" in form,
    )


def _moves(text: str) -> list[tuple[str, str]]:
    sent: Any = json.loads(text)
    if not isinstance(sent, list):
        raise BadMove(text)
    return [(str(move[0]), str(move[1])) for move in sent if isinstance(move, list) and len(move) == 2]


def _told(line: Line) -> dict[str, Any]:
    units = [[unit.text, unit.slow, unit.pause] for unit in phrase(line)]
    return {"language": line.language, "prompt": line.prompt, "words": written(line), "units": json.dumps(units)}


def _units() -> list[tuple[str, bool, int]]:
    try:
        sent = json.loads(request.args.get("units", ""))
        return [(str(text), bool(slow), min(int(pause), 100)) for text, slow, pause in sent]
    except (ValueError, TypeError):
        abort(404)


def _clip(language: str, text: str) -> Clip:
    sounds = telephone().sounds
    name = sounds.find(text, language)
    if name is None:
        render_missing(sounds, [(language, text)])
        name = sounds.find(text, language)
    if name is None:
        abort(404)
    with sounds.open(name) as file:
        return read_clip(file.read())


def _file_name(title: str, draft: MenuDraft) -> str:
    name = _NO_NAME.sub("_", title.lower()).strip("_")[:40] or "call"
    taken = [n for n in range(1, 1000) if f"{FOLDER}/{name}{'' if n == 1 else f'_{n}'}.yaml" not in draft.files]
    return name if taken[0] == 1 else f"{name}_{taken[0]}"
