"""Asking the network to ring, once: who cannot know whether it rings must not ring a second time."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import InstrumentedAttribute

from ivr.gateway import GatewayError
from ivr.gateway_errors import NO_ANSWER
from ivr.telephone import Telephone
from models.bridge import Bridge
from models.feedback_call import FeedbackCall

RING_SECONDS = 30


def place_once(
    telephone: Telephone,
    table: type[FeedbackCall] | type[Bridge],
    mine: ColumnElement[bool],
    number: InstrumentedAttribute[str],
    base: str,
    *,
    hopeless: Callable[[GatewayError], bool],
    give_up: Callable[[], object],
) -> None:
    """Ring the `number` of the row that `mine` finds, at most once; its document is at `base`, its end goes to /status.

    `give_up` at an error that is `hopeless`. Raises any other GatewayError: the command comes again, and rings where it
    did not.
    """
    now = telephone.clock.now()
    claim = update(table).where(mine, table.placed_at.is_(None)).values(placed_at=now).returning(number)
    to = telephone.store.write(lambda connection: connection.execute(claim).scalar())
    if to is None:
        return
    try:
        sid = telephone.gateway.create_call(to, base, status_url=f"{base}/status", ring_seconds=RING_SECONDS)
    except GatewayError as error:
        if hopeless(error):
            give_up()
            return
        if error.reason != NO_ANSWER.reason:  # certainly not rung: the command comes again
            refused = update(table).where(mine).values(placed_at=None)
            telephone.store.write(lambda connection: connection.execute(refused))
        raise
    placed = update(table).where(mine, table.call_sid.is_(None)).values(call_sid=sid)
    telephone.store.write(lambda connection: connection.execute(placed))
