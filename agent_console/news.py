"""News by plain asking, for pages whose event stream is away."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from agent_console.guard import STAFF, allow
from agent_console.heard_by import audiences_of
from agent_console.news_rows import read_news
from agent_console.surroundings import me, store

blueprint = Blueprint("news", __name__)


@blueprint.get("/desk/events")
@allow(*STAFF)
def events() -> ResponseReturnValue:
    """Everything for this person after the given id, oldest first."""
    after = request.args.get("after", 0, type=int)
    with store().read() as connection:
        rows = read_news(connection, after, audiences_of(me().id, me().roles))
    return {"events": [row.as_told() for row in rows]}
