"""When a call is made that somebody thinks up: in working hours, on a holiday, in closed hours."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flows.calendar import Calendar
from flows.flow import Flow, Hours
from flows.world import INDIA

_NOON, _NIGHT = time(12), time(23)


def first_calendar(flow: Flow, calendars: Mapping[str, Calendar]) -> Calendar | None:
    """The calendar that the flow asks first."""
    asked = (step.calendar for step in flow.steps.values() if isinstance(step, Hours))
    return next((calendars[name] for name in asked if name in calendars), None)


def next_moment(calendar: Calendar | None, today: date, outcome: str) -> datetime:
    """The next moment at which the calendar answers so; noon today where there is none."""
    noon = datetime.combine(today, _NOON, calendar.zone if calendar else INDIA)
    if calendar is None:
        return noon
    days = [today + timedelta(days=ahead) for ahead in range(400)]
    match outcome:
        case "holiday":
            coming = [day for day in days if day in calendar.holidays]
            return datetime.combine(coming[0], _NOON, calendar.zone) if coming else noon
        case "closed":
            nights = [datetime.combine(day, _NIGHT, calendar.zone) for day in days if calendar.is_working(day)]
            hours = [nights[0] + timedelta(hours=ahead) for ahead in range(7 * 24)] if nights else []
            return next((hour for hour in hours if calendar.at(hour).outcome == "closed"), noon)
        case _:
            opens = calendar.next_open(datetime.combine(today, time(0), calendar.zone))
            return opens + timedelta(hours=1) if opens else noon
