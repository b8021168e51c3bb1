"""Text messages."""

from aiohttp import web

from ivr.emulator.call import Callback
from ivr.emulator.errors import RestError
from ivr.emulator.message import FINAL, Message
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.texting import carry, check_text
from ivr.emulator.wire import answer_json, exchange_of

MOST_CHARACTERS = 1600
_LONGEST_VALIDITY = 36_000  # seconds
_PATH = "/2010-04-01/Accounts/{account}/Messages"


async def create_message(request: web.Request) -> web.Response:
    """POST Messages.json."""
    ex, form = exchange_of(request), await Form.read(request)
    to, sender, service = form.text("To"), form.text("From"), form.text("MessagingServiceSid")
    if not to:
        raise RestError(400, 21604)
    if not sender and not service:
        raise RestError(400, 21603)
    if not form.text("Body"):
        raise RestError(400, 21602)
    if len(form.text("Body")) > MOST_CHARACTERS:
        raise RestError(400, 21617)
    form.whole("ValidityPeriod", _LONGEST_VALIDITY, 1, _LONGEST_VALIDITY)
    check_text(ex, to, sender)
    url = form.url("StatusCallback")
    message = Message(
        ex.settings.account_sid,
        to,
        sender,
        form.text("Body"),
        ex.clock.now(),
        status="accepted" if service else "queued",
        service_sid=service,
        callback=Callback(url) if url else None,
    )
    ex.messages[message.sid] = message
    ex.spawn(carry(ex, message))
    return answer_json(message.as_json(), 201)


async def list_messages(request: web.Request) -> web.Response:
    """GET Messages.json, newest first, by To and From."""
    ex, query = exchange_of(request), request.query
    rows = [message.as_json() for message in reversed(ex.messages.values())]
    wanted = {name.lower(): value for name, value in query.items() if name in ("To", "From")}
    return answer_page(
        request, "messages", [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    )


async def fetch_message(request: web.Request) -> web.Response:
    """GET Messages/{sid}.json."""
    return answer_json(_named(request).as_json())


async def update_message(request: web.Request) -> web.Response:
    """POST Messages/{sid}.json: cancel it, or wipe its words."""
    message, form = _named(request), await Form.read(request)
    if form.text("Status") == "canceled" and message.status not in FINAL:
        message.move("canceled", exchange_of(request).clock.now())
    if "Body" in form and not form.text("Body"):
        message.body = ""
    return answer_json(message.as_json())


async def delete_message(request: web.Request) -> web.Response:
    """DELETE Messages/{sid}.json."""
    del exchange_of(request).messages[_named(request).sid]
    return web.Response(status=204)


def _named(request: web.Request) -> Message:
    message: Message = found(exchange_of(request).messages.get(request.match_info["sid"]))
    return message


ROUTES = [
    web.post(f"{_PATH}.json", create_message),
    web.get(f"{_PATH}.json", list_messages),
    web.get(_PATH + "/{sid}.json", fetch_message),
    web.post(_PATH + "/{sid}.json", update_message),
    web.delete(_PATH + "/{sid}.json", delete_message),
]
