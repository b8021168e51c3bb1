"""A page for everybody: how many complaints there were, about what, where, and what became of them."""

from collections import Counter
from collections.abc import Callable, Mapping
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
                    _by_name(counts.by_category, lambda code: name_in(kinds.get(code, {}), language) or code)
                ),
                "district": _told(_by_name(counts.by_district, lambda code: places.get(code, nowhere))),
                "state": _told(_by_name(counts.by_state, lambda state: say(f"complaint.{state}", language))),
            },
        )
    )


def _by_name(counts: Mapping[str, int], name: Callable[[str], str]) -> Counter[str]:
    """What bears one name is one line: two kinds may be called the same."""
    found = Counter[str]()
    for code, number in counts.items():
        found[name(code)] += number
    return found


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
