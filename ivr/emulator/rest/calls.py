"""Calls: the application dials out, reads, redirects and ends them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from ivr.emulator import session
from ivr.emulator.call import FINAL, Call, Callback
from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.placing import is_e164, ring
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.twiml import Document, apology, read_twiml
from ivr.emulator.wire import answer_json, exchange_of

MOST_INLINE = 4000  # characters of a Twiml field
_PATH = "/2010-04-01/Accounts/{account}/Calls"
Load = Callable[[], Awaitable[Document]]


async def create_call(request: web.Request) -> web.Response:
    """POST Calls.json."""
    ex, form = exchange_of(request), await Form.read(request)
    call = ex.add_call(*read_parties(ex, form), "outbound-api")
    try:
        load = read_instructions(ex, call, form)
        if load is None:
            raise RestError(400, 21205, "Url, Twiml or ApplicationSid is required")
        call.progress = form.callback("StatusCallback")
        seconds = form.whole("Timeout", 60, 1, 600)
    except RestError:
        del ex.calls[call.sid]
        raise
    await hold_to_rate(ex)
    call.task = ex.spawn(session.live(ex, call, lambda: _begin(ex, call, seconds, load)))
    return answer_json(call.as_json(), 201)


async def _begin(ex: Exchange, call: Call, seconds: float, load: Load) -> Document | None:
    return await load() if await ring(ex, call, seconds) else None


def read_parties(ex: Exchange, form: Form) -> tuple[str, str]:
    """From and To of a call that the application makes. Raises RestError."""
    to, from_ = form.text("To"), form.text("From")
    if not to:
        raise RestError(400, 21201)
    if not to.startswith("client:") and not is_e164(to):
        raise RestError(400, 21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if not from_.startswith("client:") and ex.own_number(from_) is None:
        raise RestError(400, 21210 if is_e164(from_) else 21212)
    return from_, to


async def hold_to_rate(ex: Exchange) -> None:
    """In the test mode of one call a second. Raises RestError."""
    now = ex.clock.now()
    if ex.settings.one_call_a_second and now - ex.last_outbound < timedelta(seconds=1):
        raise RestError(429, 20429)
    ex.last_outbound = now


def read_instructions(ex: Exchange, call: Call, form: Form) -> Load | None:
    """The document that a form gives a call: Twiml, Url or ApplicationSid; None where it names none."""
    if form.text("Twiml"):
        if form.text("Url"):
            raise RestError(400, 20001, "Url and Twiml are exclusive: give one of them")
        return _read_inline(ex, call, form.text("Twiml"))
    url, method = form.url("Url"), form.method("Method")
    fallback = Callback(form.url("FallbackUrl"), form.method("FallbackMethod")) if form.text("FallbackUrl") else None
    if not url and form.text("ApplicationSid"):
        app = ex.applications.get(form.text("ApplicationSid"))
        if app is None:
            raise RestError(400, 21218)
        url, method, fallback = app.voice.voice_url, app.voice.voice_method, app.voice.fallback
    if not url:
        return None
    if fallback is not None:
        call.fallback = fallback
    return lambda: ex.document(call, url, method)


def _read_inline(ex: Exchange, call: Call, twiml: str) -> Load:
    if len(twiml) > MOST_INLINE:
        raise RestError(400, 20001, f"Twiml must be at most {MOST_INLINE} characters")

    async def load() -> Document:
        try:
            document = read_twiml(twiml, "", "POST")
        except ValueError as error:
            ex.alerts.note(12100, call.sid, detail=str(error))
            return apology()
        ex.warn(call, document)
        return document

    return load


async def list_calls(request: web.Request) -> web.Response:
    """GET Calls.json, newest first, by To, From, Status, ParentCallSid."""
    ex, query = exchange_of(request), request.query
    names = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}
    rows = [call.as_json() for call in reversed(ex.calls.values())]
    wanted = {names[name]: value for name, value in query.items() if name in names}
    return answer_page(
        request, "calls", [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    )


async def fetch_call(request: web.Request) -> web.Response:
    """GET Calls/{sid}.json."""
    return answer_json(_named(request).as_json())


async def update_call(request: web.Request) -> web.Response:
    """POST Calls/{sid}.json: a new document, or the end."""
    ex, call, form = exchange_of(request), _named(request), await Form.read(request)
    if call.status in FINAL:
        raise RestError(400, 21220)
    status = form.text("Status")
    if status not in ("", "canceled", "completed"):
        raise RestError(400, 20001, "Status must be canceled or completed")
    load = read_instructions(ex, call, form)
    if "StatusCallback" in form:
        call.progress = form.callback("StatusCallback")
    if status == "canceled" and call.answered:
        raise RestError(400, 21220, "Call is already in progress. It cannot be canceled.")
    if status:
        cancel_or_complete(call)
    elif load is not None:
        if not call.answered:
            raise RestError(400, 21220)
        call.take_over(load)
    return answer_json(call.as_json())


def cancel_or_complete(call: Call) -> None:
    """The application ends it; a call that still waited to be dialled tells nobody."""
    if call.status == "queued":
        call.progress = None
    session.hang_up(call)


async def delete_call(request: web.Request) -> web.Response:
    """DELETE Calls/{sid}.json."""
    call = _named(request)
    if call.live:
        raise RestError(400, 20001, "A call that is going on cannot be deleted")
    del exchange_of(request).calls[call.sid]
    return web.Response(status=204)


def _named(request: web.Request) -> Call:
    call: Call = found(exchange_of(request).calls.get(request.match_info["sid"]))
    return call


ROUTES = [
    web.post(f"{_PATH}.json", create_call),
    web.get(f"{_PATH}.json", list_calls),
    web.get(_PATH + "/{sid}.json", fetch_call),
    web.post(_PATH + "/{sid}.json", update_call),
    web.delete(_PATH + "/{sid}.json", delete_call),
]
