"""One case as a page or a printed sheet: what was said, what was promised and why, who has had it and for how long."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.case_rows import CaseRow, Due, case_rows, days_between
from agent_console.events_shown import REGISTERED, EventLine, read_timelines
from agent_console.showing import day
from agent_console.words import name_in, say, screen_language
from ivr.working_days import working_calendar
from models.complaint import Complaint
from models.deadline import INDIA, WorkingCalendar, day_zero, due_on
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.office import Office
from models.office_names import office_in
from models.staff import Staff
from models.voice_message import VoiceMessage


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Who had the case at a level, for how many working days, and what they said when its date was missed."""

    level: int
    who: str
    from_at: datetime
    until_at: datetime | None
    held: str
    opened_at: datetime | None
    solved: bool
    explanation: str | None
    explain_by: date | None


@dataclass(frozen=True, slots=True)
class _Stay:
    """A line of the ledger as it is kept: the names of its office, of its officer, and the explanation asked for."""

    stay: LevelStay
    names: Mapping[str, str] | None
    name: str | None
    asked: Explanation | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its names in the reader's language. Of a hidden caller it holds neither name nor number."""

    reference: str
    state: str
    is_urgent: bool
    pending: str | None
    kind: str
    text: str
    language: str
    category_name: str
    place_name: str
    place_detail: str
    department_name: str
    office_name: str
    officer_name: str
    level: int
    due_on: date
    due: Due | None
    hold_on: date | None
    registered_at: datetime
    complainant_name: str | None
    name_hidden: bool
    contact_number: str | None
    why: list[str]
    ledger: list[LedgerLine]
    events: list[EventLine]


def read_case(session: Session, complaint: Complaint, now: datetime) -> CaseView:
    """Everything of a case that its page shows."""
    return read_cases(session, [complaint], now)[0]


def read_cases(session: Session, complaints: Sequence[Complaint], now: datetime) -> list[CaseView]:
    """Everything of some cases, in their order."""
    ids = [one.id for one in complaints]
    rows = case_rows(session, complaints, now)
    calendar = working_calendar(session)
    stays = _stays(session, ids)
    events = read_timelines(session, ids)
    return [
        _view(one, row, calendar, stays.get(one.id, ()), events[one.id], now)
        for one, row in zip(complaints, rows, strict=True)
    ]


def _view(
    complaint: Complaint,
    row: CaseRow,
    calendar: WorkingCalendar,
    stays: Iterable[_Stay],
    events: list[EventLine],
    now: datetime,
) -> CaseView:
    hidden = complaint.name_hidden
    if hidden:  # their own paper names them
        events = [replace(event, proof="") if event.n == REGISTERED else event for event in events]
    return CaseView(
        reference=complaint.reference,
        state=complaint.state,
        is_urgent=row.is_urgent,
        pending=complaint.pending,
        kind=complaint.kind,
        text=complaint.text,
        language=complaint.language,
        category_name=row.category_name,
        place_name=row.place_name,
        place_detail=complaint.place_detail,
        department_name=row.department_name,
        office_name=row.office_name,
        officer_name=row.officer_name,
        level=complaint.level,
        due_on=complaint.due_on,
        due=row.due,
        hold_on=complaint.hold_on,
        registered_at=complaint.registered_at,
        complainant_name=None if hidden else complaint.complainant_name,
        name_hidden=hidden,
        contact_number=None if hidden else complaint.contact_number,
        why=_why(complaint, calendar),
        ledger=[_line(stay, calendar, now) for stay in stays],
        events=events,
    )


def voices_of(session: Session, complaint: Complaint) -> list[VoiceMessage]:
    """What the caller has left aloud on the call of this complaint; nothing of a hidden one, whom it would name."""
    if complaint.name_hidden or not complaint.call_sid:
        return []
    mine = select(VoiceMessage).where(VoiceMessage.call_sid == complaint.call_sid, VoiceMessage.recording_url != "")
    return list(session.scalars(mine.order_by(VoiceMessage.id)))


def _why(complaint: Complaint, calendar: WorkingCalendar) -> list[str]:
    """Why the promise is for this day."""
    first = day_zero(complaint.registered_at, calendar)
    lines = [say("case.why.count", first=day(first), n=complaint.days)]
    unpaused = due_on(complaint.registered_at, complaint.days, calendar, (), complaint.extension_days)
    if complaint.extension_days:
        lines.append(say("case.why.extended", n=complaint.extension_days))
    if complaint.due_on > unpaused:
        lines.append(say("case.why.paused", n=days_between(unpaused, complaint.due_on, calendar)))
    return lines


def _stays(session: Session, complaint_ids: Collection[int]) -> Mapping[int, list[_Stay]]:
    rows = session.execute(
        select(LevelStay, Office.names, Staff.name, Explanation)
        .outerjoin(Office, Office.code == LevelStay.office_code)
        .outerjoin(Staff, Staff.id == LevelStay.officer_id)
        .outerjoin(Explanation, Explanation.stay_id == LevelStay.id)
        .where(LevelStay.complaint_id.in_(complaint_ids))
        .order_by(LevelStay.id)
    )
    found: dict[int, list[_Stay]] = {}
    for stay, names, name, asked in rows:
        found.setdefault(stay.complaint_id, []).append(_Stay(stay, names, name, asked))
    return found


def _line(kept: _Stay, calendar: WorkingCalendar, now: datetime) -> LedgerLine:
    stay, asked = kept.stay, kept.asked
    office = name_in(kept.names) if kept.names else office_in(stay.officer, screen_language())
    until = (stay.until_at or now).astimezone(INDIA).date()
    held = days_between(stay.from_at.astimezone(INDIA).date(), until, calendar)
    return LedgerLine(
        level=stay.level,
        who=", ".join(filter(None, (kept.name, office))) or say("cases.nobody"),
        from_at=stay.from_at,
        until_at=stay.until_at,
        held=say("case.held_one") if held == 1 else say("case.held", n=held),
        opened_at=stay.opened_at,
        solved=stay.solved,
        explanation=asked.text if asked else None,
        explain_by=asked.due_on if asked else None,
    )
