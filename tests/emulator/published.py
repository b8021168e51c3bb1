"""Holds the emulator's REST side to Twilio's own published description."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import MultiDict

FOLDER = Path(__file__).parents[2] / "node_modules" / "@twilio" / "cli-core" / "src" / "services" / "twilio-api"
_SERVER = "https://api.twilio.com"
_PARTS = (
    "/Accounts/{Sid}.json", "/Calls", "/Conferences", "/Queues", "/Messages", "/Recordings", "/IncomingPhoneNumbers",
    "/Applications", "/Notifications",
)  # fmt: skip


@cache
def read_description(name: str = "twilio_api_v2010.json") -> dict[str, Any]:
    """Twilio's document with its two mends. Raises FileNotFoundError where `make setup` has not installed it."""
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: Twilio's descriptions come with npm. Run `make setup`.")
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    _mend(document)
    return document


@cache
def _openapi() -> OpenAPI:
    document = dict(read_description())
    document["paths"] = {path: item for path, item in document["paths"].items() if any(part in path for part in _PARTS)}
    # Twilio's document is taken as it is: checking it, too, would take seconds.
    config = Config(spec_validator_cls=None)  # type: ignore[arg-type]  # None is how the library is told so
    return OpenAPI.from_dict(document, config=config)


def _mend(node: Any) -> None:
    """Repeated form fields are written as such, and addresses in replies may be relative."""
    if isinstance(node, list):
        for each in node:
            _mend(each)
        return
    if not isinstance(node, dict):
        return
    if node.get("format") == "uri":
        node["format"] = "uri-reference"
    form = node.get("application/x-www-form-urlencoded")
    if isinstance(form, dict):
        encoding = form.setdefault("encoding", {})
        for name, schema in form.get("schema", {}).get("properties", {}).items():
            if schema.get("type") == "array":
                encoding[name] = {"style": "form", "explode": True}
    for each in node.values():
        _mend(each)


def check_exchange(method: str, url: str, form: list[tuple[str, str]], status: int, body: str) -> None:
    """Raise where a request or its good reply is not as published; an error must have Twilio's four fields."""
    parts = urlsplit(url)
    if status >= 400:
        assert set(json.loads(body)) == {"code", "message", "more_info", "status"}, body
        return
    known = _form_fields(method, parts.path)
    assert {name for name, _ in form} <= known, f"{method} {parts.path} takes {sorted(known)}, not {form}"
    fields: MultiDict[str, str] = MultiDict(form)
    request = MockRequest(
        _SERVER,
        method.lower(),
        parts.path,
        args=dict(parse_qsl(parts.query)),
        data=_encode(fields),
        content_type="application/x-www-form-urlencoded" if form else "",
        headers={"Authorization": "Basic eDp5"},
    )
    reply = MockResponse(body.encode(), status_code=status, content_type="application/json" if body else "")
    openapi = _openapi()
    openapi.validate_request(request)
    if body:
        openapi.validate_response(request, reply)


def _encode(fields: "MultiDict[str, str]") -> bytes:
    return urlencode(list(fields.items(multi=True))).encode()


def _form_fields(method: str, path: str) -> set[str]:
    for template, item in read_description()["paths"].items():
        if _fits(template, path):
            content = item.get(method.lower(), {}).get("requestBody", {}).get("content", {})
            return set(content.get("application/x-www-form-urlencoded", {}).get("schema", {}).get("properties", {}))
    raise AssertionError(f"Twilio has published no path like {path}")


def _fits(template: str, path: str) -> bool:
    ours, theirs = path.removesuffix(".json").split("/"), template.removesuffix(".json").split("/")
    return (
        len(ours) == len(theirs)
        and all(a == b or b.startswith("{") for a, b in zip(ours, theirs, strict=True))
        and path.endswith(".json") == template.endswith(".json")
    )
