"""A page for everybody: how many complaints there were, about what, where, and what became of them."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.guard import open_to_all
from agent_console.periods import begin_of, read_day
from agent_console.safety import limiter
from agent_console.surroundings import now, store
from agent_console.words import LANGUAGES, name_in, say, screen_language
from models.category import Category
from models.open_data import FEW, read_counts, read_district_names

blueprint = Blueprint("open_counts", __name__)

_MONTH = 30  # days
_KEPT_S = 300  # how long others may keep what is the same for everybody


@blueprint.get("/open")
@open_to_all
@limiter.limit("60/minute")
def page() -> ResponseReturnValue:
    """The last thirty days that are over."""
    language = request.args.get("lang", "")
    language = language if language in LANGUAGES else screen_language()
    last = read_day(None, now(), days_ago=1)
    first = last - timedelta(days=_MONTH - 1)
    with store().read() as connection:
        counts = read_counts(connection, begin_of(first), begin_of(last + timedelta(days=1)))
        kinds = {row.code: row.names for row in connection.execute(select(Category.code, Category.names))}
        places = {code: name_in(names, language) for code, names in read_district_names(connection).items()}
    nowhere = say("patterns.nowhere", language)
    return kept(
        render_template(
            "open/counts.html",
            language=language,
            first=first,
            last=last,
            counts=counts,
            few=FEW,
            tables={
                "kind": _told(
                    {name_in(kinds.get(code, {}), language) or code: n for code, n in counts.by_category.items()}
                ),
                "district": _told({places.get(code, nowhere): n for code, n in counts.by_district.items()}),
                "state": _told({say(f"complaint.{state}", language): n for state, n in counts.by_state.items()}),
            },
        )
    )


def _told(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """The counts, the largest first; None for what is too few to be told.

    Where only one would be hidden, it could be reckoned from the total: then the next smallest is hidden with it.
    """
    rows = sorted(counts.items(), key=lambda one: -one[1])
    hidden = sum(number < FEW for _, number in rows)
    if hidden == 1:
        hidden = 2
    shown = len(rows) - hidden
    return [(name, number if place < shown else None) for place, (name, number) in enumerate(rows)]


def kept(body: str, mimetype: str = "text/html") -> Response:
    """An answer that is the same for everybody, so that it may be kept on the way for some minutes."""
    answer = make_response(body)
    answer.mimetype = mimetype
    answer.cache_control.public = True
    answer.cache_control.max_age = _KEPT_S
    answer.vary.update(("Accept-Language", "Cookie"))
    return answer
