"""Participants: those in a conference, and those whom the application dials into it."""

from aiohttp import web

from ivr.emulator import session
from ivr.emulator.call import Call
from ivr.emulator.conference import Conference
from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.frame import Frame
from ivr.emulator.listening import announce
from ivr.emulator.participant import Participant
from ivr.emulator.placing import ring
from ivr.emulator.rest.calls import hold_to_rate, read_parties
from ivr.emulator.rest.conferences import named_conference
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.twiml import Document, Node
from ivr.emulator.verbs.dial_conference import stay
from ivr.emulator.wire import answer_json, exchange_of

_PATH = "/2010-04-01/Accounts/{account}/Conferences/{sid}/Participants"


async def list_participants(request: web.Request) -> web.Response:
    """GET Participants.json, by Muted, Hold and Coaching; a completed conference lists none."""
    conference, query = named_conference(request), request.query
    rows = [each.as_json(conference.sid) for each in conference.participants]
    wanted = {name.lower(): value == "true" for name, value in query.items() if name in ("Muted", "Hold", "Coaching")}
    return answer_page(
        request, "participants", [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    )


async def create_participant(request: web.Request) -> web.Response:
    """POST Participants.json: dial someone in. The conference goes by SID or name; it is made if need be."""
    ex, form = exchange_of(request), await Form.read(request)
    parties = read_parties(ex, form)
    seconds = form.whole("Timeout", 60, 1, 600)
    wanted = request.match_info["sid"]
    known = ex.conferences.get(wanted)
    if known is None and wanted.startswith("CF") and len(wanted) == 34:
        raise RestError(404, 20404)
    if known is not None and not known.live:
        raise RestError(400, 20001, "The conference is over")
    conference = known or ex.open_conference(wanted)
    label = form.text("Label")
    if label and conference.find(label):
        raise RestError(400, 16025)
    coached = form.text("CallSidToCoach")
    if form.flag("Coaching") and not (coached and conference.find(coached)):
        raise RestError(400, 13240)
    await hold_to_rate(ex)
    call = ex.add_call(*parties, "outbound-api")
    call.progress = form.callback("StatusCallback")
    conference.fix_callback(form.callback("ConferenceStatusCallback", "start end"))
    participant = Participant(
        call,
        label=label,
        muted=form.flag("Muted"),
        start_on_enter=form.flag("StartConferenceOnEnter", True),
        end_on_exit=form.flag("EndConferenceOnExit"),
        coaching=form.flag("Coaching"),
        coached_sid=coached,
        wait_url=form.text("WaitUrl") if "WaitUrl" in form else None,
        wait_method=form.method("WaitMethod"),
        beep=form.text("Beep") or "true",
    )
    call.task = ex.spawn(session.live(ex, call, lambda: _begin(ex, call, seconds, conference, participant)))
    return answer_json(participant.as_json(conference.sid), 201)


async def _begin(
    ex: Exchange, call: Call, seconds: float, conference: Conference, participant: Participant
) -> Document | None:
    if await ring(ex, call, seconds) and conference.live:
        await stay(Frame(ex, call, Document("", "POST", ())), Node("Dial"), conference, participant)
    elif not conference.participants:
        conference.end("last-participant-left", "participant_add_failed", participant)
    return None


async def fetch_participant(request: web.Request) -> web.Response:
    """GET Participants/{CallSid or label}.json."""
    conference = named_conference(request)
    return answer_json(_named(request, conference).as_json(conference.sid))


async def update_participant(request: web.Request) -> web.Response:
    """POST Participants/{CallSid or label}.json: hold, mute, coach, announce."""
    ex, conference, form = exchange_of(request), named_conference(request), await Form.read(request)
    participant = _named(request, conference)
    _change_coaching(conference, participant, form)
    _change_mute(conference, participant, form)
    # Twilio answers 200 and ignores this while the participant is held.
    if "EndConferenceOnExit" in form and not participant.hold:
        participant.end_on_exit = form.flag("EndConferenceOnExit")
        conference.tell("participant-modify", participant)
    _change_hold(conference, participant, form)
    if url := form.url("AnnounceUrl"):
        ex.spawn(announce(ex, conference, [participant], url, form.method("AnnounceMethod")))
    return answer_json(participant.as_json(conference.sid))


def _change_mute(conference: Conference, participant: Participant, form: Form) -> None:
    if "Muted" in form and form.flag("Muted") != participant.muted:
        participant.muted = form.flag("Muted")
        conference.tell("participant-mute" if participant.muted else "participant-unmute", participant)
        participant.call.events.add("muted" if participant.muted else "unmuted")


def _change_hold(conference: Conference, participant: Participant, form: Form) -> None:
    if "Hold" not in form:
        return
    held = form.flag("Hold")
    participant.hold_url = form.url("HoldUrl")
    participant.hold_method = form.method("HoldMethod", "GET")
    if held != participant.hold:
        participant.hold = held
        participant.changed.set()
        conference.tell("participant-hold" if held else "participant-unhold", participant)


def _change_coaching(conference: Conference, participant: Participant, form: Form) -> None:
    if "Coaching" not in form:
        return
    coached = form.text("CallSidToCoach")
    if form.flag("Coaching") and not (coached and conference.find(coached)):
        raise RestError(400, 13240)
    participant.coaching = form.flag("Coaching")
    participant.coached_sid = coached if participant.coaching else ""
    conference.tell("participant-modify", participant)


async def delete_participant(request: web.Request) -> web.Response:
    """DELETE Participants/{CallSid or label}.json: that leg ends."""
    conference = named_conference(request)
    participant = _named(request, conference)
    conference.leave(participant, "participant_updated_via_api", kicked=True)
    session.hang_up(participant.call)
    return web.Response(status=204)


def _named(request: web.Request, conference: Conference) -> Participant:
    participant: Participant = found(conference.find(request.match_info["who"]))
    return participant


ROUTES = [
    web.get(f"{_PATH}.json", list_participants),
    web.post(f"{_PATH}.json", create_participant),
    web.get(_PATH + "/{who}.json", fetch_participant),
    web.post(_PATH + "/{who}.json", update_participant),
    web.delete(_PATH + "/{who}.json", delete_participant),
]
