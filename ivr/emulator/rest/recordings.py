"""Recordings and their files."""

import io

from aiohttp import web

from ivr.emulator.conference import Conference
from ivr.emulator.errors import RestError
from ivr.emulator.recorder import stop_recording
from ivr.emulator.recording import RATE, SILENCE, SKIP, Recording
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.wire import answer_json, exchange_of

_ACCOUNT = "/2010-04-01/Accounts/{account}"
_PATH = f"{_ACCOUNT}/Recordings"


async def list_recordings(request: web.Request) -> web.Response:
    """GET Recordings.json, of the account, a call or a conference."""
    ex, info = exchange_of(request), request.match_info
    call = info.get("call") or request.query.get("CallSid")
    conference = info.get("conference") or request.query.get("ConferenceSid")
    rows = [
        each.as_json()
        for each in reversed(ex.recordings.values())
        if (not call or each.call_sid == call) and (not conference or each.conference_sid == conference)
    ]
    return answer_page(request, "recordings", rows)


async def fetch_recording(request: web.Request) -> web.Response:
    """GET Recordings/{sid}.json."""
    return answer_json(_named(request).as_json())


async def update_recording(request: web.Request) -> web.Response:
    """POST Conferences/{conference}/Recordings/{sid or Twilio.CURRENT}.json: pause, go on, stop."""
    ex, form = exchange_of(request), await Form.read(request)
    conference: Conference = found(ex.conferences.get(request.match_info["conference"]))
    running = conference.recording
    wanted = request.match_info["sid"]
    recording: Recording = found(running if wanted == CURRENT else ex.recordings.get(wanted))
    if recording is not running:
        raise RestError(400, 21220, "The recording is over")
    behavior = form.text("PauseBehavior")
    if behavior not in ("", SILENCE, SKIP):
        raise RestError(400, 20001, "PauseBehavior must be silence or skip")
    match form.text("Status"):
        case "paused":
            recording.pause(behavior, ex.clock.now())
        case "in-progress":
            recording.resume(ex.clock.now())
        case "stopped":
            stop_recording(ex, conference)
            return answer_json({**recording.as_json(), "status": "stopped"})
        case _:
            raise RestError(400, 20001, "Status must be paused, in-progress or stopped")
    return answer_json(recording.as_json())


async def delete_recording(request: web.Request) -> web.Response:
    """DELETE Recordings/{sid}.json."""
    del exchange_of(request).recordings[_named(request).sid]
    return web.Response(status=204)


async def fetch_media(request: web.Request) -> web.Response:
    """GET Recordings/{sid}, .wav or .mp3: the sound itself, once it is there; for anybody, unless guarded."""
    recording = _named(request)
    found(recording if recording.status == "completed" else None)
    if request.match_info["form"] == ".mp3":
        return web.Response(body=_as_mp3(recording), content_type="audio/mpeg")
    return web.Response(body=recording.wav(), content_type="audio/x-wav")


def _as_mp3(recording: Recording) -> bytes:
    # Loaded only here: most emulators never see this request, and the library is large.
    import soundfile

    samples, _ = soundfile.read(io.BytesIO(recording.wav()), dtype="int16")
    out = io.BytesIO()
    soundfile.write(out, samples, RATE, format="MP3")
    return out.getvalue()


def _named(request: web.Request) -> Recording:
    recording: Recording = found(exchange_of(request).recordings.get(request.match_info["sid"]))
    return recording


CURRENT = "Twilio.CURRENT"
_SID = "{sid:RE[0-9a-f]{32}}"
_OF_ROOM = _ACCOUNT + "/Conferences/{conference}/Recordings"
ROUTES = [
    web.get(f"{_PATH}.json", list_recordings),
    web.get(_ACCOUNT + "/Calls/{call}/Recordings.json", list_recordings),
    web.get(f"{_OF_ROOM}.json", list_recordings),
    web.get(f"{_OF_ROOM}/{_SID}.json", fetch_recording),
    web.post(_OF_ROOM + r"/{sid:RE[0-9a-f]{32}|Twilio\.CURRENT}.json", update_recording),
    web.delete(f"{_OF_ROOM}/{_SID}.json", delete_recording),
    web.get(f"{_PATH}/{_SID}.json", fetch_recording),
    web.delete(f"{_PATH}/{_SID}.json", delete_recording),
    web.get(f"{_PATH}/{_SID}" + r"{form:(\.wav|\.mp3)?}", fetch_media, name="recording_media"),
]
