"""Recordings of talks: a list, and one of them. Its sound is opened with a reason, which is kept among the acts."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Blueprint, Response, abort, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agent_console.answering import done_at, read_reason, refused_at
from agent_console.digits import only_digits
from agent_console.guard import allow
from agent_console.names import people_of
from agent_console.periods import read_days
from agent_console.recording_rows import SHOWN, find_recording, find_recordings, in_reach, sees_all
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from audio.shelf import ShelfAway
from ivr.accounting import account
from ivr.recorded.shelf import recordings_of
from ivr.recorded.sweeping import keep_until
from models.queue_entry import QueueEntry
from models.recording_pause import RecordingPause
from models.staff import Staff
from models.talk_recording import TalkRecording

blueprint = Blueprint("recordings", __name__)

log = structlog.get_logger()

MAY_LISTEN = ("representative", "supervisor", "admin")
OPEN_FOR_S = 15 * 60  # one reason lets the sound be heard for so long
_OPEN = "recording_open"


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A stretch that is silent, in seconds from the start of the sound."""

    begin: float
    end: float
    reason: str


@blueprint.get("/desk/recordings")
@allow(*MAY_LISTEN)
def page() -> ResponseReturnValue:
    """By day, representative, queue or complaint, the newest first; older ones page by page."""
    asked = request.args
    since, until = read_days(asked, now(), days_ago=6)
    who, queue = asked.get("who", type=int), asked.get("queue", "")
    reference = only_digits(asked.get("reference", ""))
    with store().session() as rows:
        found = find_recordings(
            rows, since, until, who=who, queue=queue, reference=reference, before=asked.get("before", type=int)
        )
        return render_template(
            "desk/recordings.html",
            **bar(rows),
            rows=found[:SHOWN],
            more=found[SHOWN - 1].id if len(found) > SHOWN else None,
            people=list(people_of(rows).items()) if sees_all() else [],
            queues=list(rows.scalars(select(QueueEntry.queue).distinct().order_by(QueueEntry.queue))),
            chosen={"since": since, "until": until, "who": who, "queue": queue, "reference": reference},
            sees_all=sees_all(),
            days=telephone().config.recording_keep_days,
        )


@blueprint.get("/desk/recordings/<int:recording_id>")
@allow(*MAY_LISTEN)
def one(recording_id: int) -> ResponseReturnValue:
    reach = in_reach()
    with store().session() as rows:
        found = find_recording(rows, recording_id, reach)
        if found is None:
            abort(404)
        kept, shown = found
        pauses = _pauses(rows, kept)
        return render_template(
            "desk/recording.html",
            **bar(rows),
            kept=kept,
            shown=shown,
            pauses=pauses,
            spans=[(pause.begin, pause.end) for pause in pauses],
            is_open=_is_open(recording_id),
            held_by=rows.get_one(Staff, kept.held_by).name if kept.held_by else "",
            kept_until=keep_until(kept.created_at, telephone().config.recording_keep_days),
            may_hold=sees_all(),
        )


@blueprint.post("/desk/recordings/<int:recording_id>/open")
@allow(*MAY_LISTEN)
def open_sound(recording_id: int) -> ResponseReturnValue:
    """Note who listens and why, then let them for a quarter of an hour."""
    back = url_for("recordings.one", recording_id=recording_id)
    reason = read_reason()
    if not reason:
        return refused_at(back, say("refused.recording_reason"))
    by, at, reach = me().id, now(), in_reach()

    def note(rows: Session) -> bool | None:
        found = find_recording(rows, recording_id, reach)
        if found is None:
            return None
        if found[0].state != "stored":
            return False
        subject = f"recording:{recording_id}"
        account(rows.connection(), f"staff:{by}", "recording_played", subject, at, {"reason": reason})
        return True

    noted = store().transact(note)
    if noted is None:
        abort(404)
    if not noted:
        return refused_at(back, say("refused.recording_gone"), 410)
    session[_OPEN] = [recording_id, now().timestamp() + OPEN_FOR_S]
    return done_at(back)


@blueprint.get("/desk/recordings/<int:recording_id>/sound")
@allow(*MAY_LISTEN)
def sound(recording_id: int) -> ResponseReturnValue:
    """The sound itself, while it is open. No database session is held while it is fetched from the store."""
    if not _is_open(recording_id):
        abort(403)
    reach = in_reach()
    with store().session() as rows:
        found = find_recording(rows, recording_id, reach)
        if found is None:
            abort(404)
        name, digest = found[0].name, found[0].digest
    try:
        content = recordings_of(telephone().config).read(name) if name else None
    except ShelfAway:
        return Response(say("js.recording_fault"), 424, content_type="text/plain; charset=utf-8")
    if content is None:
        return Response(say("refused.recording_gone"), 410, content_type="text/plain; charset=utf-8")
    if hashlib.sha256(content).hexdigest() != digest:
        log.error("recording_changed_in_store", recording_id=recording_id)
        return Response(say("refused.recording_changed"), 409, content_type="text/plain; charset=utf-8")
    answer = send_file(io.BytesIO(content), mimetype="audio/wav", conditional=True, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/desk/recordings/<int:recording_id>/hold")
@allow("supervisor", "admin")
def hold(recording_id: int) -> ResponseReturnValue:
    """Keep it beyond its time. Whoever comes after its deletion has begun is too late."""
    back = url_for("recordings.one", recording_id=recording_id)
    reason = read_reason()
    if not reason:
        return refused_at(back, say("refused.recording_hold_reason"))
    by, at = me().id, now()

    def keep(rows: Session) -> bool:
        still = (TalkRecording.id == recording_id) & TalkRecording.held_at.is_(None)
        values = {"held_at": at, "held_by": by, "held_reason": reason}
        live = TalkRecording.state.in_(("expected", "recording", "waiting", "stored", "failed"))
        held = rows.connection().execute(update(TalkRecording).where(still, live).values(**values))
        if held.rowcount != 1:
            return False
        subject = f"recording:{recording_id}"
        account(rows.connection(), f"staff:{by}", "recording_held", subject, at, {"reason": reason})
        return True

    if not store().transact(keep):
        return refused_at(back, say("refused.recording_gone"), 409)
    return done_at(back, say("recording.done_held"))


@blueprint.post("/desk/recordings/<int:recording_id>/release")
@allow("supervisor", "admin")
def release(recording_id: int) -> ResponseReturnValue:
    by, at = me().id, now()

    def let_go(rows: Session) -> None:
        held = (TalkRecording.id == recording_id) & TalkRecording.held_at.is_not(None)
        values = {"held_at": None, "held_by": None, "held_reason": None}
        if rows.connection().execute(update(TalkRecording).where(held).values(**values)).rowcount == 1:
            account(rows.connection(), f"staff:{by}", "recording_released", f"recording:{recording_id}", at)

    store().transact(let_go)
    return done_at(url_for("recordings.one", recording_id=recording_id), say("recording.done_released"))


def _is_open(recording_id: int) -> bool:
    opened, until = session.get(_OPEN, (0, 0.0))
    return bool(opened == recording_id and now().timestamp() < until)


def _pauses(rows: Session, kept: TalkRecording) -> list[PauseLine]:
    began = kept.began_at or kept.created_at
    of_it = select(RecordingPause).where(RecordingPause.recording_id == kept.id).order_by(RecordingPause.began_at)
    return [
        PauseLine(_seconds(began, pause.began_at), _seconds(began, pause.ended_at or now()), pause.reason)
        for pause in rows.scalars(of_it)
    ]


def _seconds(began: datetime, at: datetime) -> float:
    return max(0.0, round((at - began).total_seconds(), 1))
