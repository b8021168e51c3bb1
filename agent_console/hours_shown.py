"""One calendar as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import Session

from agent_console.names import actors_of
from agent_console.showing import INDIA
from agent_console.surroundings import telephone
from agent_console.words import catalogue, screen_language
from flows.calendar import Calendar, Span
from flows.calendar_file import write_hours
from flows.flow import Flow
from ivr.calendars import BEFORE, calendar_texts, fingerprint, live_calendars
from ivr.closing import calendar_of_office
from ivr.holiday_proposals import Proposal, propose_holidays
from ivr.hours_heard import Heard, hear_hours
from ivr.hours_proposals import week_of
from ivr.opening import calendar_in
from ivr.pinned import FLOW
from models.audit_entry import AuditEntry

_SPOKEN = "holiday_"  # begins the name of a prompt that says a holiday
_YEARS_AHEAD = 2
_CHANGES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a calendar. `can_go_back` where it is known what stood there before."""

    id: int
    who: str
    at: datetime
    change: str
    can_go_back: bool


@dataclass(frozen=True, slots=True)
class CalendarShown:
    """`week`, `holidays` and `special` are written as a person types them; days that are over are left out.

    `ends_in` is how many days the list of holidays still has, where that is to be worried about. `seen` names the text.
    """

    name: str
    title: str
    calendars: Sequence[tuple[str, str]]
    is_office: bool
    week: Sequence[tuple[str, str]]
    holidays: Sequence[tuple[date, str]]
    special: Sequence[tuple[date, str]]
    spoken: Sequence[tuple[str, str]]
    proposals: Sequence[Proposal]
    ends_in: int | None
    heard_now: Heard
    heard: Heard | None
    changes: Sequence[ChangeLine]
    seen: str


def read_calendar(session: Session, name: str, at: datetime, asked: datetime | None) -> CalendarShown | None:
    """The calendar of this name, with what a caller would hear at `asked`. None where there is none."""
    connection = session.connection()
    texts = calendar_texts(connection)
    if name not in texts:
        return None
    office, flow = office_calendar(connection), telephone().flows.live(connection, FLOW).flow
    calendar, spoken, today = calendar_in(name, texts[name]), spoken_holidays(flow), at.astimezone(INDIA).date()
    return CalendarShown(
        name=name,
        title=calendar_title(name),
        calendars=[(one, calendar_title(one)) for one in sorted(texts, key=lambda one: (one != office, one))],
        is_office=name == office,
        week=list(week_of(calendar).items()),
        holidays=[(day, spoken.get(one, one)) for day, one in sorted(calendar.holidays.items()) if day >= today],
        special=[(day, _hours(spans)) for day, spans in sorted(calendar.special.items()) if day >= today],
        spoken=sorted(spoken.items(), key=lambda one: one[1]),
        proposals=_proposals(calendar, today, spoken),
        ends_in=_ends_in(calendar, today),
        heard_now=hear_hours(connection, flow, name, at),
        heard=hear_hours(connection, flow, name, asked) if asked else None,
        changes=_changes(session, name),
        seen=fingerprint(texts[name]),
    )


def office_calendar(connection: Connection) -> str:
    """The calendar of the people who answer."""
    return calendar_of_office(telephone().flows.live(connection, FLOW).flow)


def spoken_holidays(flow: Flow) -> dict[str, str]:
    """The holidays that callers can be told in every language, with what the reader of the screen would hear."""
    shown = flow.catalogues.get(screen_language()) or flow.catalogues[flow.written_in]
    everywhere = [catalogue.prompts for catalogue in flow.catalogues.values()]
    return {
        prompt.removeprefix(_SPOKEN): words.source
        for prompt, words in shown.prompts.items()
        if prompt.startswith(_SPOKEN) and all(prompt in one for one in everywhere)
    }


def newest_change(session: Session, name: str) -> AuditEntry | None:
    """The last act that changed this calendar."""
    return session.scalars(_changes_of(name).limit(1)).first()


def endings(connection: Connection, today: date) -> list[tuple[str, int]]:
    """The calendars whose list of holidays ends soon, with the days that are left of it; below 0 it is over."""
    left = [(name, _ends_in(calendar, today)) for name, calendar in live_calendars(connection).items()]
    return [(name, days) for name, days in left if days is not None]


def calendar_title(name: str) -> str:
    """What readers of the screen call the calendar; one of their own keeps its name."""
    return catalogue(screen_language()).get(f"hours.calendar.{name}", name)


def _hours(spans: Sequence[Span]) -> str:
    return ", ".join(write_hours(span) for span in spans)


def _ends_in(calendar: Calendar, today: date) -> int | None:
    last = calendar.last_holiday()
    left = (last - today).days if last is not None else None
    return left if left is not None and left < calendar.warn_before_days else None


def _proposals(calendar: Calendar, today: date, spoken: dict[str, str]) -> list[Proposal]:
    """Holidays to come that the list lacks."""
    years = range(today.year, today.year + _YEARS_AHEAD + 1)
    proposed = [one for year in years for one in propose_holidays(year, screen_language(), spoken)]
    return [one for one in proposed if one.day >= today and one.day not in calendar.holidays]


def _changes(session: Session, name: str) -> list[ChangeLine]:
    entries = session.scalars(_changes_of(name).limit(_CHANGES_SHOWN)).all()
    names = actors_of(session, {one.actor for one in entries})
    return [
        ChangeLine(one.id, names.get(one.actor, one.actor), one.at, str(one.data.get("change", "")), BEFORE in one.data)
        for one in entries
    ]


def _changes_of(name: str) -> Select[AuditEntry]:
    mine = (AuditEntry.action == "calendar_changed") & (AuditEntry.subject == name)
    return select(AuditEntry).where(mine).order_by(AuditEntry.id.desc())
