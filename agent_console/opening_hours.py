"""Opening hours and holidays: the week, days that differ, what a caller would hear when, and going back.

Another week is proposed, and a second person decides: see `hours_deciding`. All else counts from the next call on.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import by_script, done, refused
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.hours_proposed import read_hours_proposals
from agent_console.hours_shown import newest_change, office_calendar, read_calendar, spoken_holidays
from agent_console.periods import typed_day, typed_moment
from agent_console.showing import INDIA
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from flows.calendar_file import DAYS, END_OF_DAY, BrokenCalendars
from flows.editing.calendar_acts import CLOSED, remove_day, set_day
from flows.editing.text_tree import CannotEdit
from ivr.calendars import BEFORE, CalendarChanged, edit_calendar
from ivr.hours_proposals import OneWaits, propose_week
from ivr.opening import UnknownCalendar, find_calendar
from ivr.pinned import FLOW

blueprint = Blueprint("opening_hours", __name__)

_HOURS = re.compile(r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(\s*,\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})*")
_FAR = timedelta(days=3650)


class BadHours(ValueError):
    """What was typed is no opening hours or no day. The message is in words of the screen."""


@blueprint.get("/desk/hours")
@allow("supervisor", "approver")
def home() -> ResponseReturnValue:
    with store().read() as connection:
        return redirect(url_for("opening_hours.page", name=office_calendar(connection)))


@blueprint.get("/desk/hours/<name>")
@allow("supervisor", "approver")
def page(name: str) -> ResponseReturnValue:
    return _page(name)


@blueprint.post("/desk/hours/<name>/week")
@allow("supervisor")
def week(name: str) -> ResponseReturnValue:
    """Propose other hours of the week; a day left empty is closed. One that was not sent at all is a fault."""
    if any(day not in request.form for day in DAYS):
        abort(422)
    try:
        hours = {day: _hours(request.form[day]) for day in DAYS}
    except BadHours as error:
        return _refused(name, str(error))
    seen = request.form.get("seen", "")
    by, at = me().actor, now()
    return _change(name, lambda: propose_week(store(), name, hours, seen=seen, by=by, now=at), "hours.was_proposed")


@blueprint.post("/desk/hours/<name>/special")
@allow("supervisor")
def special(name: str) -> ResponseReturnValue:
    """Other hours on one day."""
    try:
        day, hours = _day(request.form.get("day", "")), _hours(request.form.get("hours", ""))
    except BadHours as error:
        return _refused(name, str(error))
    return _edit(name, lambda text: set_day(text, name, "special", day, hours), f"{day} {hours}")


@blueprint.post("/desk/hours/<name>/holidays")
@allow("supervisor")
def holidays(name: str) -> ResponseReturnValue:
    """Holidays more: one that was typed, or those that were ticked among the proposed ones."""
    try:
        days = _holidays()
    except BadHours as error:
        return _refused(name, str(error))

    def add(text: str) -> str:
        for day, holiday in days.items():
            text = set_day(text, name, "holidays", day, holiday)
        return text

    return _edit(name, add, ", ".join(f"{day} {holiday}" for day, holiday in days.items()))


@blueprint.post("/desk/hours/<name>/remove")
@allow("supervisor")
def remove(name: str) -> ResponseReturnValue:
    """One day less in a list."""
    section, day = request.form.get("section", ""), request.form.get("day", "")
    return _edit(name, lambda text: remove_day(text, name, section, day), f"- {day}")


@blueprint.post("/desk/hours/<name>/back")
@allow("supervisor")
def back(name: str) -> ResponseReturnValue:
    """Have the calendar say again what it said before the newest change."""
    with store().session() as session:
        newest = newest_change(session, name)
    if newest is None or newest.id != request.form.get("change", type=int) or BEFORE not in newest.data:
        return _refused(name, say("hours.changed_meanwhile"), 409)
    before = str(newest.data[BEFORE])
    return _edit(name, lambda text: before, f"< {newest.data.get('change', '')}")


def _edit(name: str, edit: Callable[[str], str], change: str) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    by, at = me().actor, now()
    return _change(
        name, lambda: edit_calendar(store(), name, edit, seen=seen, change=change, by=by, now=at), "hours.changed"
    )


def _change(name: str, act: Callable[[], bool], words: str) -> ResponseReturnValue:
    try:
        changed = act()
    except UnknownCalendar:
        abort(404)
    except CalendarChanged:
        return _refused(name, say("hours.changed_meanwhile"), 409)
    except OneWaits:
        return _refused(name, say("hours.one_waits"), 409)
    except (BrokenCalendars, CannotEdit):
        return _refused(name, say("hours.not_so"))
    flash(say(words if changed else "hours.as_it_was"), "done")
    return done(go=url_for("opening_hours.page", name=name))


def _refused(name: str, words: str, status: int = 422) -> ResponseReturnValue:
    """It cannot be done: told to the page's script, or on the page with all that was typed and ticked."""
    return refused(words, status) if by_script() else (_page(name, fault=words), status)


def _page(name: str, *, fault: str = "") -> str:
    asked = _near(request.args.get("at", ""))
    with store().session() as session:
        shown = read_calendar(session, name, now(), asked)
        if shown is None:
            abort(404)
        return render_template(
            "desk/hours.html",
            **bar(session),
            shown=shown,
            proposals=read_hours_proposals(session, name, find_calendar(session.connection(), name)),
            may_change=me().has_role("supervisor"),
            asked_at=asked,
            is_asked_badly="at" in request.args and asked is None,
            clock=(asked or now()).astimezone(INDIA).strftime("%Y-%m-%dT%H:%M"),
            fault=fault,
            typed=request.form,
        )


def _holidays() -> dict[str, str]:
    with store().read() as connection:
        spoken = spoken_holidays(telephone().flows.live(connection, FLOW).flow)
    if "ticked" in request.form:
        days = {day: request.form.get(f"name_{day}", "") for day in request.form.getlist("ticked")}
    else:
        days = {request.form.get("day", ""): request.form.get("holiday", "")}
    days = {_day(day): holiday for day, holiday in days.items()}
    unspoken = next((day for day, holiday in days.items() if holiday not in spoken), None)
    if unspoken is not None:
        raise BadHours(say("hours.no_name", day=unspoken))
    return days


def _day(typed: str) -> str:
    day = typed_day(typed)
    if day is None:
        raise BadHours(say("hours.no_day"))
    return day.isoformat()


def _hours(typed: str) -> str:
    """Hours as the calendar writes them. A day without any is closed."""
    hours = latin_digits(typed).strip().replace("–", "-")
    if not hours or hours.lower() in (CLOSED, say("hours.closed").lower()):
        return CLOSED
    if not _HOURS.fullmatch(hours):
        raise BadHours(say("hours.no_hours", typed=typed, midnight=END_OF_DAY))
    return hours


def _near(typed: str) -> datetime | None:
    """A moment in India. None where it is none, or too far away for any calendar."""
    asked = typed_moment(typed)
    return asked if asked and abs(asked - now()) < _FAR else None
