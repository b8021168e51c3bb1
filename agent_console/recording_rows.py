"""Recordings as staff may see them: supervisors and administrators all, representatives their own talks of today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from agent_console.periods import begin_of, today_began
from agent_console.surroundings import me, now
from models.call import Call
from models.complaint import Complaint
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transfer import Transfer

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One recording with whom it is of. `queue` is empty where we rang the citizen."""

    id: int
    at: datetime
    who: str
    language: str
    queue: str
    number: str | None
    seconds: int | None
    state: str
    expired_at: datetime | None
    call_sid: str
    references: list[str]


def sees_all() -> bool:
    """True for whoever may open the recordings of everybody."""
    return me().has_role("supervisor", "admin")


def in_reach() -> list[ColumnElement[bool]]:
    """The conditions on a talk and its recording that hold for the person who asks. Outside of write transactions."""
    if sees_all():
        return []
    return [TalkRecording.talk_id.in_(_spoken_by(me().id)), TalkRecording.created_at >= today_began(now())]


def find_recordings(
    session: Session,
    since: date,
    until: date,
    *,
    who: int | None = None,
    queue: str = "",
    reference: str = "",
    before: int | None = None,
) -> list[RecordingRow]:
    """The newest first, one more than are shown. With a reference the days do not count."""
    wanted = in_reach()
    if reference:
        of_complaint = select(Complaint.call_sid).where(Complaint.reference == reference)
        wanted.append(TalkRecording.call_sid.in_(of_complaint))
    else:
        wanted += [
            TalkRecording.created_at >= begin_of(since),
            TalkRecording.created_at < begin_of(until + timedelta(days=1)),
        ]
    if who is not None:
        wanted.append(TalkRecording.talk_id.in_(_spoken_by(who)))
    if queue:
        wanted.append(QueueEntry.queue == queue)
    if before is not None:
        wanted.append(TalkRecording.id < before)
    rows = session.execute(_rows().where(*wanted).order_by(TalkRecording.id.desc()).limit(SHOWN + 1)).all()
    references = _references(session, [row.TalkRecording.call_sid for row in rows])
    return [_shown(row, references) for row in rows]


def find_recording(
    session: Session, recording_id: int, reach: list[ColumnElement[bool]]
) -> tuple[TalkRecording, RecordingRow] | None:
    """One recording, if it is in the `reach` of the person who asks."""
    row = session.execute(_rows().where(TalkRecording.id == recording_id, *reach)).one_or_none()
    if row is None:
        return None
    return row.TalkRecording, _shown(row, _references(session, [row.TalkRecording.call_sid]))


def _spoken_by(staff_id: int) -> Any:
    """The talks under which recordings stand in which this person speaks with a caller: their own, and those they took
    over. Such a talk changes hands with its conference, and its one recording stays with whoever had it first.
    """
    talks = select(Talk.id).where(Talk.staff_id == staff_id).cte("spoken", recursive=True)
    handed = select(Transfer.talk_id).join(talks, Transfer.guest_talk_id == talks.c.id).where(Transfer.state == "done")
    return select(talks.union(handed).c.id)


def _rows() -> Any:
    return (
        select(TalkRecording, Staff.name, Call.citizen_number.label("number"), Call.language, QueueEntry.queue)
        .join(Talk, Talk.id == TalkRecording.talk_id)
        .join(Staff, Staff.id == Talk.staff_id)
        .outerjoin(Call, Call.sid == TalkRecording.call_sid)
        .outerjoin(QueueEntry, QueueEntry.id == Talk.entry_id)
    )


def _references(session: Session, calls: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for call_sid, reference in session.execute(
        select(Complaint.call_sid, Complaint.reference).where(Complaint.call_sid.in_(calls)).order_by(Complaint.id)
    ):
        found.setdefault(str(call_sid), []).append(reference)
    return found


def _shown(row: Row[Any], references: dict[str, list[str]]) -> RecordingRow:
    kept: TalkRecording = row.TalkRecording
    return RecordingRow(
        id=kept.id,
        at=kept.began_at or kept.created_at,
        who=row.name,
        language=row.language or "",
        queue=row.queue or "",
        number=row.number,
        seconds=kept.seconds,
        state=kept.state,
        expired_at=kept.expired_at,
        call_sid=kept.call_sid,
        references=references.get(kept.call_sid, []),
    )
