"""People's takes in the studio: sent from the microphone or a file, listened to, approved, withdrawn."""

import re
from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.http import quote_etag

from agent_console.answering import done_at, refused_at
from agent_console.guard import allow
from agent_console.studio import STUDIO
from agent_console.studio_words import take_fault
from agent_console.surroundings import me, store, telephone
from agent_console.words import LANGUAGES, say
from audio.joining import NotTelephoneSound, join_clips, read_clip
from audio.shelf import ShelfAway
from audio.store import UnknownSound
from audio.take import UnusableTake, clip_seconds, telephone_clip
from flows.saying import phrase
from ivr.publishing import wanted_sounds
from ivr.studio.changes import read_working
from ivr.studio.prompts import lines_of_prompts
from ivr.studio.sheet import Voices
from ivr.studio.takes import Sent, TakeGone, approve, discard, send_take, take_sound, withdraw

blueprint = Blueprint("studio_takes", __name__)

_PROMPT = re.compile(r"[a-z0-9_]+")
_MOST_NAME = 100
_FOR_EVER = "private, max-age=31536000, immutable"


@blueprint.post("/desk/studio/takes")
@allow(*STUDIO)
def send() -> ResponseReturnValue:
    """A recording of some words: judged and kept until somebody approves it, or refused and forgotten."""
    address = _address()
    language, text = request.form.get("language", ""), " ".join(request.form.get("text", "").split())
    file = request.files.get("file")
    if file is None or not file.filename:
        return refused_at(address, say("studio.no_file"))
    if not is_said(language, text):
        return refused_at(address, say("studio.not_said"), 409)
    try:
        sent = keep_take(file, language, text)
    except UnusableTake as error:
        return refused_at(address, take_fault(error))
    return done_at(address, say("studio.take_kept") if sent.is_new else say("studio.take_known"))


@blueprint.post("/desk/studio/takes/<int:take_id>/approve")
@allow("supervisor")
def let_in(take_id: int) -> ResponseReturnValue:
    """Have the next publishing speak with it."""
    return _decide(take_id, "approve")


@blueprint.post("/desk/studio/takes/<int:take_id>/withdraw")
@allow("supervisor")
def take_back(take_id: int) -> ResponseReturnValue:
    """Have the next publishing go back to the voice before."""
    return _decide(take_id, "withdraw")


@blueprint.post("/desk/studio/takes/<int:take_id>/discard")
@allow(*STUDIO)
def throw_away(take_id: int) -> ResponseReturnValue:
    """A take that nobody wants."""
    return _decide(take_id, "discard")


@blueprint.get("/desk/studio/takes/<int:take_id>.wav")
@allow(*STUDIO)
def listen(take_id: int) -> ResponseReturnValue:
    """A take that waits, as callers would hear it."""
    with store().read() as connection:
        sound = take_sound(connection, take_id)
    if sound is None:
        abort(404)
    return _wav(sound, f"take-{take_id}-{len(sound)}", "private, no-cache")


@blueprint.get("/desk/studio/sounds/<name>.wav")
@allow(*STUDIO)
def sound(name: str) -> ResponseReturnValue:
    """A sound of the store: the very file that calls play."""
    return _wav(_read(name), name, _FOR_EVER)


@blueprint.get("/desk/studio/prompts/<prompt>/<language>.wav")
@allow(*STUDIO)
def whole(prompt: str, language: str) -> ResponseReturnValue:
    """The whole line as a call joins it, with an example in each blank."""
    with store().read() as connection:
        working = read_working(telephone(), connection)
    if language not in working.flow.catalogues:
        abort(404)
    lines = lines_of_prompts(working.flow, language).get(prompt)
    if not lines:
        abort(404)
    voices = Voices(telephone(), working)
    units = phrase(lines[0])
    sounds = [voices.piece(language, unit.text).sound for unit in units]
    try:
        clips = [(read_clip(_read(sound)), unit.pause) for sound, unit in zip(sounds, units, strict=True) if sound]
    except NotTelephoneSound:
        abort(404)
    if not clips:
        abort(404)
    return _wav(join_clips(clips), "", "private, no-cache")


def is_said(language: str, text: str) -> bool:
    """Whether the menus, as they would be published, say these words in this language."""
    if language not in LANGUAGES:
        return False
    with store().read() as connection:
        flow = read_working(telephone(), connection).flow
    return any(spoken == language and " ".join(said.split()) == text for spoken, said in wanted_sounds(flow))


def keep_take(file: FileStorage, language: str, text: str) -> Sent:
    """Judge a recording and keep it for approval. Raises UnusableTake, and then nothing of it is left."""
    clip = telephone_clip(cast(BinaryIO, file.stream))
    speaker = " ".join(request.form.get("speaker", "").split())[:_MOST_NAME]
    if speaker:
        session["voice_artist"] = speaker
    seconds = clip_seconds(clip)
    return send_take(telephone(), language, text, clip, seconds, speaker=speaker or me().name, by=me().name)


def _decide(take_id: int, act: str) -> ResponseReturnValue:
    address = _address()
    try:
        if act == "approve":
            approve(telephone(), take_id, by=me().name, actor=me().actor)
        elif act == "withdraw":
            withdraw(telephone(), take_id, by=me().name, actor=me().actor)
        else:
            discard(telephone(), take_id, by=me().name, actor=me().actor)
    except TakeGone:
        return refused_at(address, say("studio.take_gone"), 409)
    except ShelfAway:
        return refused_at(address, say("studio.shelf_away"), 424)
    return done_at(address, say(f"studio.done.{act}"))


def _address() -> str:
    """The page that the form stands on."""
    prompt = request.form.get("prompt", "")
    if _PROMPT.fullmatch(prompt):
        return url_for("studio_prompt.page", prompt=prompt)
    language = request.form.get("script", "")
    if language in LANGUAGES:
        return url_for("studio_script.page", language=language)
    return url_for("studio.page")


def _read(name: str) -> bytes:
    try:
        with telephone().sounds.open(name) as file:
            return file.read()
    except UnknownSound:
        abort(404)
    except ShelfAway:
        abort(503)


def _wav(body: bytes, etag: str, keep: str) -> ResponseReturnValue:
    response = Response(body, content_type="audio/wav")
    response.headers["Cache-Control"] = keep
    if etag:
        response.headers["ETag"] = quote_etag(etag)
    return response.make_conditional(request, accept_ranges=True, complete_length=len(body))
