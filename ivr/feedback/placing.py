"""Ringing citizens: in opening hours, a few at a time, each number once at a time, each attempt placed once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.commands import CALL_FOR_FEEDBACK, CHECK_FEEDBACK, add_command
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.feedback.tries import settle_call
from ivr.gateway_errors import BAD_NUMBER, UNKNOWN_PHONE
from ivr.hang_up import end_call
from ivr.opening import UnknownCalendar, calendar_of, find_hours
from ivr.pinned import FLOW, NoFlow
from ivr.placing_once import place_once
from ivr.statuses import is_over
from ivr.telephone import Telephone
from ivr.working_days import working_calendar
from models.decent_time import is_decent_day, is_decent_hour
from models.feedback_call import FeedbackCall
from models.services.feedback import ask_for, begin_try, call_off, due, end_needless, needless, unasked

AT_ONCE = 5  # ringing at a time: networks let one number place about one call a second
_LOST_AFTER = timedelta(minutes=2)  # placed, and nothing heard of it: the network is asked
_GIVEN_UP_AFTER = timedelta(minutes=15)  # never placed: longer than a command is tried for
_UNREACHABLE = (BAD_NUMBER.reason, UNKNOWN_PHONE.reason)  # what the citizen's number is to blame for, and nobody else
_MOST = 50

log = structlog.get_logger()


class _Lost(NamedTuple):
    id: int
    attempts: int
    call_sid: str | None
    placed_at: datetime | None


def plan_feedback(telephone: Telephone) -> None:
    """See who is to be rung, end what is needless, ask after lost calls, and begin the tries that are due.

    A try whose command is gone, and which the network was never asked for, is taken back.

    Every step may be taken by two routers at once, or again after a crash: rows decide, by conditional updates.
    """
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        new, over, lost = unasked(connection, _MOST), needless(connection), _lost(connection, now)
        stuck = connection.scalar(select(func.count()).where(_is_stuck(now))) or 0
        free = AT_ONCE - _ringing(connection)
        wanted = due(connection, now, free) if free > 0 else []
        if wanted and not _is_open(telephone, connection, now):
            wanted = []
    if new or over or lost or stuck:
        telephone.store.write(lambda connection: _tidy(connection, new, over, lost, now))
        telephone.wake.desk()
    for feedback_id in wanted:
        _begin(telephone, feedback_id, now)


def place_call(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask the network to ring, once for each attempt."""
    feedback_id, attempt = payload["feedback_id"], payload["attempt"]
    mine = (FeedbackCall.id == feedback_id) & (FeedbackCall.attempts == attempt) & (FeedbackCall.state == "ringing")
    base = f"{telephone.config.public_url}/voice/feedback/{feedback_id}/{attempt}"
    place_once(
        telephone,
        FeedbackCall,
        mine,
        FeedbackCall.number,
        base,
        hopeless=lambda error: error.reason in _UNREACHABLE,
        give_up=lambda: settle_call(telephone, feedback_id, attempt, None, "failed"),
    )


def call_off_try(connection: Connection, payload: Mapping[str, Any], now: datetime) -> None:
    """The command of this try was given up, and nobody was rung: our account, its money, or the network is to blame."""
    _call_off(
        connection, (FeedbackCall.id == payload["feedback_id"]) & (FeedbackCall.attempts == payload["attempt"]), now
    )


def check_call(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask the network where a call is of whose end nothing was heard. Raises GatewayError."""
    feedback_id, attempt, sid = payload["feedback_id"], payload["attempt"], payload["sid"]
    status = telephone.gateway.call_status(sid) if sid else "failed"
    if is_over(status):
        if sid:
            end_call(telephone, sid, status)
        settle_call(telephone, feedback_id, attempt, sid, status)


def _tidy(connection: Connection, new: list[dict[str, Any]], over: list[int], lost: list[_Lost], now: datetime) -> None:
    ask_for(connection, new, now)
    end_needless(connection, over, now)
    _call_off(connection, _is_stuck(now), now)
    if new or over:
        tell_desk(connection, CALL_BACK, "feedback", EVERYBODY, now)
    slot = int(now.timestamp() // _LOST_AFTER.total_seconds())
    for row in lost:
        key = f"feedback:{row.id}:{row.attempts}:check:{slot}"
        payload = {"feedback_id": row.id, "attempt": row.attempts, "sid": row.call_sid}
        add_command(connection, key, CHECK_FEEDBACK, payload, now)


def _call_off(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    for feedback_id in call_off(connection, which, now):
        log.warning("feedback_call_not_placed", feedback_id=feedback_id)
        tell_desk(connection, CALL_BACK, f"feedback-{feedback_id}", EVERYBODY, now)


def _begin(telephone: Telephone, feedback_id: int, now: datetime) -> None:
    def begin(connection: Connection) -> None:
        attempt = begin_try(connection, feedback_id, now)
        if attempt is not None:
            payload = {"feedback_id": feedback_id, "attempt": attempt}
            # An attempt that was called off begins anew, under the same number.
            key = f"feedback:{feedback_id}:{attempt}:{now.timestamp():.0f}"
            add_command(connection, key, CALL_FOR_FEEDBACK, payload, now)

    try:
        telephone.store.write(begin)
    except IntegrityError:
        # Another router has begun to ring the same number in this very moment.
        log.info("feedback_number_busy", feedback_id=feedback_id)


def _is_open(telephone: Telephone, connection: Connection, now: datetime) -> bool:
    """That callers are put through now; where they hear no hours, that it is a day on which offices work.

    A line that answers round the clock rings nobody at night, unless it is one for trying, whose telephones are pages.
    What is not set up yet counts as closed, and keeps no other work waiting.
    """
    if telephone.config.environment != "development" and not is_decent_hour(now):
        return False
    try:
        name = calendar_of(telephone.flows.live(connection, FLOW).flow)
        if name is None:
            return is_decent_hour(now) and is_decent_day(now, working_calendar(Session(connection)))
        return find_hours(connection, name, now).at(now).outcome == "open"
    except (NoFlow, UnknownCalendar) as error:
        log.warning("feedback_calls_wait", reason=str(error))
        return False


def _ringing(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(FeedbackCall.state == "ringing")) or 0


def _is_stuck(now: datetime) -> ColumnElement[bool]:
    begun = FeedbackCall.last_try_at < now - _GIVEN_UP_AFTER
    return (FeedbackCall.state == "ringing") & FeedbackCall.placed_at.is_(None) & begun


def _lost(connection: Connection, now: datetime) -> list[_Lost]:
    old = FeedbackCall.placed_at < now - _LOST_AFTER
    wanted = select(FeedbackCall.id, FeedbackCall.attempts, FeedbackCall.call_sid, FeedbackCall.placed_at)
    return [_Lost(*row) for row in connection.execute(wanted.where(FeedbackCall.state == "ringing", old).limit(_MOST))]
