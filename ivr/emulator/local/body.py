"""Reads the JSON of a local request."""

import json
from typing import Any

from aiohttp import web


class BadBody(ValueError):
    """The body is no JSON object."""


async def read_body(request: web.Request) -> dict[str, Any]:
    """An object; an empty body is an empty one. Raises BadBody."""
    text = await request.text()
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadBody(f"The body is not JSON: {error.msg}.") from error
    if not isinstance(body, dict):
        raise BadBody("The body must be a JSON object.")
    return body
