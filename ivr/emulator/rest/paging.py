"""Lists in pages."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from ivr.emulator.wire import answer_json

_USUAL = 50
_MOST = 1000


def answer_page(request: web.Request, name: str, rows: Sequence[dict[str, Any]]) -> web.Response:
    """One page of `rows` under `name`, with relative addresses of its neighbours."""
    size = max(1, min(_number(request, "PageSize", _USUAL), _MOST))
    page = max(0, _number(request, "Page", 0))
    start = page * size
    shown = list(rows[start : start + size])
    kept = {key: value for key, value in request.query.items() if key not in ("Page", "PageSize", "PageToken")}

    def uri(number: int) -> str:
        token = {"PageToken": f"PA{number}"} if number else {}
        return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': number, **token})}"

    more = start + size < len(rows)
    facts = {
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + len(shown) - 1 if shown else start,
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if more else None,
        "previous_page_uri": uri(page - 1) if page else None,
        "uri": uri(page),
    }
    return answer_json({name: shown, **facts})


def _number(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return int(value) if value.isdecimal() else default
