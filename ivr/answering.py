"""The documents that steer a citizen's call. There is one for every request, whatever happens on our side."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from flows.values import State
from ivr import leaving, twiml
from ivr.conference import conference_document
from ivr.events import Form, read_event
from ivr.hang_up import end_call
from ivr.last_resort import apologise
from ivr.leg_phrases import RECORDED
from ivr.numbers import identify
from ivr.phrases import in_all_languages, in_language
from ivr.recorded.notice import notice_heard
from ivr.speech import say_units
from ivr.statuses import is_over
from ivr.talks import begin_talk
from ivr.telephone import Telephone
from ivr.turn import Heard, LostCall, answer_arrival, answer_turn
from ivr.voice import Voice
from models.turns import load_call

log = structlog.get_logger()


def speak(telephone: Telephone, voice: Voice, form: Form, route: str, work: Callable[[], str]) -> str:
    """The document of `work`; when it cannot be had, the last resort. `route` tells the log who asked."""
    call_sid = form.get("CallSid", "")
    try:
        return work()
    except LostCall:
        # Another database has been restored beneath the call: it begins anew.
        log.warning("lost_call", call_sid=call_sid)
        return twiml.redirect(voice.addresses.incoming())
    except Exception:
        log.exception("webhook_failed", call_sid=call_sid, path=route)
        return last_resort(telephone, voice, form)


def last_resort(telephone: Telephone, voice: Voice, form: Form) -> str:
    """An apology, and a promise to ring back that needs no store."""
    spool, now = telephone.config.spool_dir, telephone.clock.now()
    # Of a call that we have placed, the citizen is on the other side.
    citizen = form.get("To" if form.get("Direction", "").startswith("outbound") else "From", "")
    return apologise(spool, form.get("CallSid", ""), citizen, now, voice.sound_of)


def arrive(telephone: Telephone, voice: Voice, form: Form) -> str:
    """A call has come in."""
    caller = identify(form.get("From", ""))
    return answer_arrival(telephone, voice, form.get("CallSid", ""), caller, form.get("To", ""))


def take_turn(telephone: Telephone, voice: Voice, call_sid: str, n: int, form: Form, resume: Mapping[str, str]) -> str:
    """The caller has pressed a key, kept silent or recorded something; or is out of a talk."""
    if "DialCallStatus" in form:
        return _leave_talk(telephone, voice, call_sid, n, form)
    now = telephone.clock.now()

    def hear(state: State) -> Heard | None:
        event = read_event(form, state, now.timestamp())
        return Heard(event) if event is not None else None

    document = answer_turn(telephone, voice, call_sid, n, hear, resume)
    if is_over(form.get("CallStatus", "")):
        end_call(telephone, call_sid, form["CallStatus"])
    return document


def enter_talk(telephone: Telephone, voice: Voice, call_sid: str, talk_id: int) -> str:
    """The router has moved the caller: into the conference, or back in line if the talk is over by now."""
    now = telephone.clock.now()
    records = telephone.config.record_talks
    name = telephone.store.write(lambda connection: begin_talk(connection, talk_id, call_sid, now, records=records))
    telephone.wake.desk()
    with telephone.store.read() as connection:
        call = load_call(connection, call_sid)
        if call is None or not call.state:
            return twiml.HANG_UP
        n = call.turn + 1
        stay = leaving.find_stay(connection, call_sid, n)
        heard = name is None or not records or notice_heard(telephone, connection, call_sid)
    if name is not None:
        # Whoever has chosen no language yet hears it in all.
        units = in_language(call.language, RECORDED) if call.language else in_all_languages(RECORDED)
        notice = "" if heard else say_units(units, voice.sound_of)
        return conference_document(telephone.config, name, voice.addresses.turn(call_sid, n), notice)
    return twiml.HANG_UP if stay is None else go_on(telephone, voice, call_sid, n, stay, leaving.after_talk)


def go_on(
    telephone: Telephone,
    voice: Voice,
    call_sid: str,
    n: int,
    stay: leaving.LastStay,
    read: Callable[[leaving.LastStay, State, datetime], Heard],
) -> str:
    """Back in line, if we let the caller down and kept their place; else on with the flow."""
    if stay.entry_state in leaving.IN_LINE:
        return twiml.enqueue(stay.queue, twiml.Place(voice.addresses, call_sid, n, voice.sound_of))
    now = telephone.clock.now()
    return answer_turn(telephone, voice, call_sid, n, lambda state: read(stay, state, now))


def _leave_talk(telephone: Telephone, voice: Voice, call_sid: str, n: int, form: Form) -> str:
    if is_over(form.get("CallStatus", "")):
        end_call(telephone, call_sid, form["CallStatus"])
        return twiml.EMPTY
    with telephone.store.read() as connection:
        stay = leaving.find_stay(connection, call_sid, n)
    return twiml.HANG_UP if stay is None else go_on(telephone, voice, call_sid, n, stay, leaving.after_talk)
