"""What all web routes of the emulator share: the exchange, and JSON answers."""

import json
from typing import Any

from aiohttp import web

from ivr.emulator.exchange import Exchange

EXCHANGE: web.AppKey[Exchange] = web.AppKey("exchange", Exchange)


def exchange_of(request: web.Request) -> Exchange:
    return request.app[EXCHANGE]


def answer_json(data: Any, status: int = 200) -> web.Response:
    body = json.dumps(data, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def refuse(status: int, text: str) -> web.Response:
    """An answer of the local API that says in a sentence what to mend."""
    return answer_json({"error": text}, status)
