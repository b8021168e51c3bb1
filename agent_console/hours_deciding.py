"""What is said to other hours of the week that somebody has proposed: agreed, refused with a reason, withdrawn."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import read_reason, refused_at
from agent_console.guard import allow
from agent_console.hours_shown import newest_change
from agent_console.names import actors_of
from agent_console.surroundings import me, now, store
from agent_console.words import say
from flows.calendar_file import BrokenCalendars
from flows.editing.text_tree import CannotEdit
from ivr.hours_proposals import (
    DecidedAlready,
    NotYours,
    OwnProposal,
    WeekChanged,
    agree,
    refuse,
    withdraw,
)
from models.hours_proposal import HoursProposal

blueprint = Blueprint("hours_deciding", __name__)


@blueprint.post("/desk/hours/proposals/<int:number>/agree")
@allow("supervisor", "approver")
def say_yes(number: int) -> ResponseReturnValue:
    """The proposed week counts from the next call on."""
    return _decide(number, partial(agree, store(), number, by=me().actor, now=now()), "hours.agreed")


@blueprint.post("/desk/hours/proposals/<int:number>/refuse")
@allow("supervisor", "approver")
def say_no(number: int) -> ResponseReturnValue:
    """The hours stay, and whoever has proposed others reads why."""
    reason = read_reason()
    if not reason:
        return refused_at(_address(_calendar(number)), say("hours.why_not"))
    return _decide(number, partial(refuse, store(), number, reason=reason, by=me().actor, now=now()), "hours.refused")


@blueprint.post("/desk/hours/proposals/<int:number>/withdraw")
@allow("supervisor")
def take_back(number: int) -> ResponseReturnValue:
    """Whoever has proposed other hours wants them no more."""
    return _decide(number, partial(withdraw, store(), number, by=me().actor, now=now()), "hours.withdrawn")


def _decide(number: int, decide: Callable[[], str], words: str) -> ResponseReturnValue:
    name = _calendar(number)
    address = _address(name)
    try:
        decide()
    except OwnProposal:
        return refused_at(address, say("hours.own_proposal"), 403)
    except NotYours:
        return refused_at(address, say("hours.not_yours"), 403)
    except DecidedAlready:
        return refused_at(address, say("hours.decided_already"), 409)
    except WeekChanged:
        return refused_at(address, _week_changed(name), 409)
    except (BrokenCalendars, CannotEdit):
        return refused_at(address, say("hours.not_so"), 409)
    flash(say(words), "done")
    return redirect(address)


def _week_changed(name: str) -> str:
    """Names who has changed the calendar since it was looked at."""
    with store().session() as session:
        newest = newest_change(session, name)
        who = newest.actor if newest else ""
        return say("hours.week_changed", who=actors_of(session, {who}).get(who, who))


def _calendar(number: int) -> str:
    """The name of the calendar that a proposal is for."""
    with store().session() as session:
        proposal = session.get(HoursProposal, number)
        if proposal is None:
            abort(404)
        return proposal.calendar


def _address(name: str) -> str:
    return url_for("opening_hours.page", name=name)
