"""Conferences."""

from aiohttp import web

from ivr.emulator.conference import ENDED_BY_API, Conference
from ivr.emulator.errors import RestError
from ivr.emulator.listening import announce
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.wire import answer_json, exchange_of

_PATH = "/2010-04-01/Accounts/{account}/Conferences"


async def list_conferences(request: web.Request) -> web.Response:
    """GET Conferences.json, newest first, by FriendlyName and Status."""
    ex, query = exchange_of(request), request.query
    rows = [conference.as_json() for conference in reversed(ex.conferences.values())]
    names = {"FriendlyName": "friendly_name", "Status": "status"}
    wanted = {names[name]: value for name, value in query.items() if name in names}
    return answer_page(
        request, "conferences", [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    )


async def fetch_conference(request: web.Request) -> web.Response:
    """GET Conferences/{sid}.json."""
    return answer_json(named_conference(request).as_json())


async def update_conference(request: web.Request) -> web.Response:
    """POST Conferences/{sid}.json: end it, or say something to all."""
    ex, conference, form = exchange_of(request), named_conference(request), await Form.read(request)
    if form.text("Status") not in ("", "completed"):
        raise RestError(400, 20001, "Status must be completed")
    if form.text("Status"):
        conference.end(ENDED_BY_API, "conference_ended_via_api")
    elif url := form.url("AnnounceUrl"):
        all_of_them = list(conference.participants)
        ex.spawn(announce(ex, conference, all_of_them, url, form.method("AnnounceMethod")))
    return answer_json(conference.as_json())


def named_conference(request: web.Request) -> Conference:
    """The one in the path. Raises Twilio's 404."""
    conference: Conference = found(exchange_of(request).conferences.get(request.match_info["sid"]))
    return conference


ROUTES = [
    web.get(f"{_PATH}.json", list_conferences),
    web.get(_PATH + "/{sid}.json", fetch_conference),
    web.post(_PATH + "/{sid}.json", update_conference),
]
