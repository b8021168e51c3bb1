"""Open311 GeoReport v2, for reading: kinds of complaint, and single requests without personal data.

http://wiki.open311.org/GeoReport_v2/ . Complaints come in by telephone, so nothing can be posted here.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.guard import open_to_all
from agent_console.open_counts import kept
from agent_console.periods import YEARS, begin_of
from agent_console.safety import limiter
from agent_console.surroundings import now, store, telephone
from agent_console.words import LANGUAGES, name_in, say
from models.category import Category
from models.deadline import INDIA
from models.department import Department
from models.open_data import OpenRequest, read_district_names, read_requests

blueprint = Blueprint("open311", __name__)

LONGEST_SPAN = timedelta(days=90)  # what the standard lets a server hold to
_MIMETYPES = {"json": "application/json", "xml": "text/xml"}
_LIMIT = "60/minute"

Row = dict[str, str | None]


class BadQuery(ValueError):
    """A parameter that means nothing. The message goes to whoever asked."""


@blueprint.get("/open311/v2/services.<ending>")
@open_to_all
@limiter.limit(_LIMIT)
def services(ending: str) -> ResponseReturnValue:
    """The kinds of complaint, guarded ones too: they can be made, by telephone."""
    language = _language()
    with store().read() as connection:
        rows = connection.execute(
            select(Category.code, Category.names, Department.names.label("department"))
            .join(Department, Department.code == Category.department_code)
            .order_by(Category.position)
        ).all()
    found: list[Row] = [
        {
            "service_code": row.code,
            "service_name": name_in(row.names, language),
            "description": "",
            "metadata": "false",
            "type": "batch",  # the number comes later than the answer: the complaint is made by telephone
            "keywords": "",
            "group": name_in(row.department, language),
        }
        for row in rows
    ]
    return _answer(ending, "services", "service", found)


@blueprint.get("/open311/v2/services/<code>.<ending>")
@open_to_all
@limiter.limit(_LIMIT)
def service(code: str, ending: str) -> ResponseReturnValue:
    """No kind has questions of its own."""
    return _fault(ending, 404, "No service has metadata here.")


@blueprint.get("/open311/v2/requests.<ending>")
@open_to_all
@limiter.limit(_LIMIT)
def requests(ending: str) -> ResponseReturnValue:
    """The newest requests, at most 1,000 of at most 90 days."""
    try:
        since, until = _span()
        status = _one_of("status", ("open", "closed"))
        asked = request.args.get("service_request_id")
        ids = [number for text in asked.split(",") if (number := _number(text)) is not None] if asked else None
    except BadQuery as error:
        return _fault(ending, 400, str(error))
    codes = [code for code in request.args.get("service_code", "").split(",") if code]
    with store().read() as connection:
        found = read_requests(
            connection,
            since=since,
            until=until,
            categories=codes,
            is_open=None if len(status) != 1 else status == ["open"],
            ids=ids,
        )
        places = read_district_names(connection)
    return _answer(ending, "service_requests", "request", [_row(one, places) for one in found])


@blueprint.get("/open311/v2/requests/<name>.<ending>")
@open_to_all
@limiter.limit(_LIMIT)
def one_request(name: str, ending: str) -> ResponseReturnValue:
    number, at = _number(name), now()
    with store().read() as connection:
        found = read_requests(connection, since=at, until=at, ids=[number]) if number is not None else []
        places = read_district_names(connection)
    if not found:
        return _fault(ending, 404, "There is no such request, or it is not told to the public.")
    return _answer(ending, "service_requests", "request", [_row(one, places) for one in found])


def _row(one: OpenRequest, places: Mapping[str, dict[str, str]]) -> Row:
    language = _language()
    return {
        "service_request_id": _name_of(one.id),
        "status": "open" if one.is_open else "closed",
        "status_notes": say(f"complaint.{one.state}", language),
        "service_name": name_in(one.category_names, language),
        "service_code": one.category,
        "description": None,  # the citizen's words stay with those who work on them
        "agency_responsible": name_in(one.department_names, language),
        "service_notice": None,
        "requested_datetime": begin_of(one.registered_on).astimezone(INDIA).isoformat(),  # the day, never the minute
        "updated_datetime": begin_of(one.closed_on).astimezone(INDIA).isoformat() if one.closed_on else None,
        "expected_datetime": begin_of(one.due_on + timedelta(days=1)).astimezone(INDIA).isoformat(),
        "address": name_in(places[one.district], language) if one.district in places else None,
        "address_id": one.district or None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _span() -> tuple[datetime, datetime]:
    """The stretch asked for; the last 90 days without any. Raises BadQuery."""
    start, end = (_moment(name) for name in ("start_date", "end_date"))
    if start is None and end is None:
        return now() - LONGEST_SPAN, now()
    end = end or min(now(), start + LONGEST_SPAN if start else now())
    start = start or end - LONGEST_SPAN
    if not timedelta(0) <= end - start <= LONGEST_SPAN:
        raise BadQuery("end_date is to be after start_date, and at most 90 days later.")
    return start, end


def _moment(name: str) -> datetime | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise BadQuery(f"{name} is no W3C date and time, such as 2026-03-02T00:00:00+05:30.") from error
    if moment.year not in YEARS:
        raise BadQuery(f"{name} lies in no year from {YEARS[0]} to {YEARS[-1]}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _one_of(name: str, known: Sequence[str]) -> list[str]:
    values = sorted({value for value in request.args.get(name, "").split(",") if value})
    if any(value not in known for value in values):
        raise BadQuery(f"{name} is one of: {', '.join(known)}.")
    return values


def _language() -> str:
    """That of the parameter `locale`, else of the reader."""
    asked = request.args.get("locale", "").partition("-")[0]
    return asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _name_of(request_id: int) -> str:
    """Names a request for the public: always the same, and telling nothing, not even which came first."""
    return urlsafe_b64encode(_cipher().encrypt(str(request_id).encode(), None)).decode().rstrip("=")


def _number(name: str) -> int | None:
    """The request of this name; None for one that we have not given."""
    try:
        sealed = urlsafe_b64decode(name + "=" * (-len(name) % 4))
        return int(_cipher().decrypt(sealed, None))
    except (InvalidTag, ValueError):
        return None


def _cipher() -> AESSIV:
    """A key of its own, made of the installation's."""
    return AESSIV(hashlib.sha512(b"open311:" + telephone().config.secret_key.encode()).digest())


def _answer(ending: str, root: str, name: str, rows: Sequence[Row]) -> Response:
    if ending == "json":
        return kept(json.dumps(rows, ensure_ascii=False), _MIMETYPES["json"])
    if ending == "xml":
        return kept(_xml(root, name, rows), _MIMETYPES["xml"])
    return _fault("json", 404, "Ask for .json or .xml.")


def _fault(ending: str, status: int, words: str) -> Response:
    """An error as the standard writes it."""
    rows: list[dict[str, Any]] = [{"code": status, "description": words}]
    if ending == "xml":
        body = _xml("errors", "error", [{"code": str(status), "description": words}])
        return Response(body, status, mimetype=_MIMETYPES["xml"])
    return Response(json.dumps(rows), status, mimetype=_MIMETYPES["json"])


def _xml(root: str, name: str, rows: Sequence[Row]) -> str:
    top = ElementTree.Element(root)
    for row in rows:
        one = ElementTree.SubElement(top, name)
        for key, value in row.items():
            ElementTree.SubElement(one, key).text = value
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=True)
