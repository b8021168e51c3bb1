"""What the telephone provider asks of a citizen's call. Every answer is TwiML, whatever happens on our side."""

from collections.abc import Callable

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Connection, update

from ivr import at_hand, leaving, twiml
from ivr.answering import enter_talk, go_on, last_resort, speak
from ivr.at_hand import twiml_response
from ivr.hang_up import end_call
from ivr.recordings import note_recording
from ivr.signed_form import read_signed_form
from ivr.statuses import is_over, rank_of
from ivr.telephone import Telephone
from ivr.turn import answer_turn
from ivr.voice import Voice
from ivr.waiting import press_key, wait_document
from models.call import Call
from models.insert import InsertOnce
from models.late_event import LateEvent

voice = Blueprint("voice", __name__, url_prefix="/voice")

log = structlog.get_logger()

Form = dict[str, str]
_LEFT = ("redirected", "redirected-from-bridged", "bridged", "bridging-in-process")

_insert_late = InsertOnce(LateEvent)


@voice.post("/calls/<call_sid>/left/<int:n>")
def leave_queue(call_sid: str, n: int) -> Response:
    """The caller is out of the queue. Only `leave`, `queue-full` and `error` may move the flow."""
    telephone, speech = at_hand.telephone(), at_hand.voice()
    form = read_signed_form(telephone.config)
    return _speak(form, lambda: _leave_queue(telephone, speech, call_sid, n, form))


@voice.post("/calls/<call_sid>/waiting/<int:n>")
def wait(call_sid: str, n: int) -> Response:
    """What is heard in the queue: asked for again for ever, and never stored."""
    telephone, speech = at_hand.telephone(), at_hand.voice()
    form = read_signed_form(telephone.config)
    return _wait(call_sid, n, form, lambda: wait_document(telephone, speech, call_sid, n, _part()))


@voice.post("/calls/<call_sid>/waiting/<int:n>/key")
def press(call_sid: str, n: int) -> Response:
    """A key pressed in the queue."""
    telephone, speech = at_hand.telephone(), at_hand.voice()
    form = read_signed_form(telephone.config)
    key = form.get("Digits", "")
    return _wait(call_sid, n, form, lambda: press_key(telephone, speech, call_sid, n, _part(), key))


@voice.post("/calls/<call_sid>/talk/<int:talk_id>")
def join_talk(call_sid: str, talk_id: int) -> Response:
    """The router has moved the caller: into the conference, or back in line if the talk is over by now."""
    telephone, speech = at_hand.telephone(), at_hand.voice()
    form = read_signed_form(telephone.config)
    return _speak(form, lambda: enter_talk(telephone, speech, call_sid, talk_id))


@voice.post("/calls/status")
def hear_status() -> Response:
    """The state of a call, told by the number. It only moves forward; the end closes the call."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    call_sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
    return _note(lambda: _take_status(telephone, call_sid, status))


@voice.post("/calls/<call_sid>/recording")
def hear_recording(call_sid: str) -> Response:
    """The state of a caller's recording: its sound is there, or never will be."""
    telephone = at_hand.telephone()
    form = read_signed_form(telephone.config)
    recording, status = form.get("RecordingSid", ""), form.get("RecordingStatus", "")
    now = telephone.clock.now()
    return _note(lambda: telephone.store.write(lambda connection: note_recording(connection, recording, status, now)))


@voice.route("/<path:anything>", methods=["GET", "POST"])
def refuse(anything: str) -> Response:
    """No address of ours. A page of HTML would be an error to the telephone, and say nothing to a person."""
    return Response("There is no such address.\n", 404, content_type="text/plain; charset=utf-8")


def _leave_queue(telephone: Telephone, speech: Voice, call_sid: str, n: int, form: Form) -> str:
    result, now = form.get("QueueResult", ""), telephone.clock.now()
    if result == "hangup" or is_over(form.get("CallStatus", "")):
        end_call(telephone, call_sid, "completed")
        return twiml.EMPTY
    if result in _LEFT:
        log.info("queue_left", call_sid=call_sid, result=result)
        return twiml.EMPTY
    if result != "leave":
        full = result == "queue-full"
        return answer_turn(
            telephone, speech, call_sid, n, lambda state: leaving.refused(call_sid, state, now, full=full)
        )
    with telephone.store.read() as connection:
        stay = leaving.find_stay(connection, call_sid, n)
    if stay is None:
        return twiml.HANG_UP
    if stay.talk_id is not None:
        return enter_talk(telephone, speech, call_sid, stay.talk_id)
    return go_on(telephone, speech, call_sid, n, stay, leaving.after_leaving)


def _take_status(telephone: Telephone, call_sid: str, status: str) -> None:
    if is_over(status):
        moved = end_call(telephone, call_sid, status)
    else:
        moved = telephone.store.write(lambda connection: _move_status(connection, call_sid, status))
    if not moved:
        late = {
            "kind": "call",
            "subject": call_sid,
            "status": status,
            "data": {},
            "why": "the call is further on, or nobody knows it",
            "at": telephone.clock.now(),
        }
        telephone.store.write(lambda connection: _insert_late.add(connection, late))


def _move_status(connection: Connection, call_sid: str, status: str) -> bool:
    rank = rank_of(status)
    forward = (Call.sid == call_sid) & (Call.status_rank < rank) & Call.ended_at.is_(None)
    return connection.execute(update(Call).where(forward).values(status=status, status_rank=rank)).rowcount == 1


def _speak(form: Form, work: Callable[[], str]) -> Response:
    return twiml_response(speak(at_hand.telephone(), at_hand.voice(), form, str(request.endpoint), work))


def _wait(call_sid: str, n: int, form: Form, work: Callable[[], str]) -> Response:
    """The document of `work`. In the queue a first failure is waited out; the caller loses nothing by it."""
    try:
        return twiml_response(work())
    except Exception:
        log.exception("waiting_failed", call_sid=call_sid)
        if "again" in request.args:
            return twiml_response(last_resort(at_hand.telephone(), at_hand.voice(), form))
        return twiml_response(twiml.pause(f"{at_hand.voice().addresses.waiting(call_sid, n)}?again=1"))


def _note(work: Callable[[], object]) -> Response:
    """Take in a report that needs no answer. One that cannot be kept is found out by the sweep."""
    try:
        work()
    except Exception:
        log.exception("report_failed", path=request.endpoint)
        return Response("The report could not be kept.\n", 503, content_type="text/plain; charset=utf-8")
    return Response(status=204)


def _part() -> int:
    part = request.args.get("part", "")
    return int(part) if part.isdecimal() and len(part) < 6 else 0
