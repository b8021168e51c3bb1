"""Queues and the callers in them."""

from aiohttp import web

from ivr.emulator.errors import RestError
from ivr.emulator.queue import GREATEST_SIZE, Queue
from ivr.emulator.rest.form import Form
from ivr.emulator.rest.guard import found
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.wire import answer_json, exchange_of

_PATH = "/2010-04-01/Accounts/{account}/Queues"


async def list_queues(request: web.Request) -> web.Response:
    """GET Queues.json."""
    return answer_page(request, "queues", [queue.as_json() for queue in exchange_of(request).queues.values()])


async def create_queue(request: web.Request) -> web.Response:
    """POST Queues.json."""
    ex, form = exchange_of(request), await Form.read(request)
    name = form.text("FriendlyName")
    if not 1 <= len(name) <= 64:
        raise RestError(400, 20001, "FriendlyName must be 1 to 64 characters")
    if name in ex.queues:
        raise RestError(400, 20001, "A queue of this FriendlyName exists")
    queue = ex.queue(name)
    queue.max_size = form.whole("MaxSize", queue.max_size, 1, GREATEST_SIZE)
    return answer_json(queue.as_json(), 201)


async def fetch_queue(request: web.Request) -> web.Response:
    """GET Queues/{sid}.json."""
    return answer_json(_named(request).as_json())


async def update_queue(request: web.Request) -> web.Response:
    """POST Queues/{sid}.json."""
    queue, form = _named(request), await Form.read(request)
    queue.max_size = form.whole("MaxSize", queue.max_size, 1, GREATEST_SIZE)
    return answer_json(queue.as_json())


async def delete_queue(request: web.Request) -> web.Response:
    """DELETE Queues/{sid}.json: only an empty one."""
    queue = _named(request)
    if queue.members:
        raise RestError(400, 20001, "A queue with callers in it cannot be deleted")
    del exchange_of(request).queues[queue.name]
    return web.Response(status=204)


async def list_members(request: web.Request) -> web.Response:
    """GET Queues/{queue}/Members.json."""
    queue = _named(request)
    return answer_page(request, "queue_members", [queue.member_json(member) for member in queue.members])


async def fetch_member(request: web.Request) -> web.Response:
    """GET Queues/{queue}/Members/{CallSid|Front}.json."""
    queue = _named(request)
    return answer_json(queue.member_json(found(queue.find(request.match_info["call"]))))


async def update_member(request: web.Request) -> web.Response:
    """POST Queues/{queue}/Members/{CallSid|Front}.json: take the caller out and on to another document."""
    ex, queue, form = exchange_of(request), _named(request), await Form.read(request)
    member = found(queue.find(request.match_info["call"]))
    url, method = form.url("Url"), form.method("Method")
    if not url:
        raise RestError(400, 21205)
    shown = queue.member_json(member)
    queue.leave(member)
    member.call.take_over(lambda: ex.document(member.call, url, method))
    return answer_json(shown)


def _named(request: web.Request) -> Queue:
    wanted = request.match_info["sid"]
    queues = exchange_of(request).queues.values()
    queue: Queue = found(next((each for each in queues if each.sid == wanted), None))
    return queue


ROUTES = [
    web.get(f"{_PATH}.json", list_queues),
    web.post(f"{_PATH}.json", create_queue),
    web.get(_PATH + "/{sid}.json", fetch_queue),
    web.post(_PATH + "/{sid}.json", update_queue),
    web.delete(_PATH + "/{sid}.json", delete_queue),
    web.get(_PATH + "/{sid}/Members.json", list_members),
    web.get(_PATH + "/{sid}/Members/{call}.json", fetch_member),
    web.post(_PATH + "/{sid}/Members/{call}.json", update_member),
]
