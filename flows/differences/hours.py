"""What is different between two sets of calendars."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from flows.calendar import Calendar, Span
from flows.differences.change import Change, compare_named

_MIDNIGHT = "24:00"


def compare_hours(before: Mapping[str, Calendar], after: Mapping[str, Calendar]) -> list[Change]:
    """Opening hours, holidays and special days that are new, gone or other ones."""
    return list(chain.from_iterable(_compare(name, before, after) for name in dict.fromkeys((*before, *after))))


def _compare(name: str, before: Mapping[str, Calendar], after: Mapping[str, Calendar]) -> Iterator[Change]:
    if name not in before:
        yield Change("hours", "", name, "calendar_new", "", name)
    if name not in after:
        yield Change("hours", "", name, "calendar_gone", name, "")
        return
    was, now = before.get(name), after[name]
    hours = Change("hours", "", name, "hours", "", "")
    yield from compare_named(hours, _week(was), _week(now), names_detail=True)
    yield from compare_named(hours, _special(was), _special(now), names_detail=True)
    holiday = Change("hours", "", name, "holiday", "", "")
    yield from compare_named(holiday, _holidays(was), _holidays(now), names_detail=True)
    zone = Change("hours", "", name, "queue", "", "")
    zones = ({"timezone": str(calendar.zone)} if calendar else {} for calendar in (was, now))
    yield from compare_named(zone, *zones, names_detail=True) if was else ()


def _week(calendar: Calendar | None) -> dict[str, str]:
    return {str(day): _write(spans) for day, spans in calendar.week.items() if spans} if calendar else {}


def _special(calendar: Calendar | None) -> dict[str, str]:
    """A special day on which it stays shut is one that is not open, which is a difference too."""
    return _by_day({day: _write(spans) or "–" for day, spans in calendar.special.items()}) if calendar else {}


def _holidays(calendar: Calendar | None) -> dict[str, str]:
    return _by_day(calendar.holidays) if calendar else {}


def _by_day(values: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): value for day, value in sorted(values.items())}


def _write(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{span.opens:%H:%M}-{_closing(span)}" for span in sorted(spans))


def _closing(span: Span) -> str:
    return f"{span.closes:%H:%M}" if span.closes.hour or span.closes.minute else _MIDNIGHT
