"""A person's data, by their number: told to them, or erased, as the law lets them ask.

What stands on the sealed record of a complaint stays: it may be added to, never changed, and says what officers did.
Its words about the citizen are the officers' own; the citizen's story, name and number are not in it.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, bindparam, delete, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from models.answer_link import AnswerLink
from models.audit import add_act
from models.base import Base, among
from models.bridge import Bridge
from models.call import Call
from models.call_back import OPEN, CallBack
from models.caller import CallerMemory
from models.command import Command
from models.complaint import ERASED, Complaint
from models.complaint_event import ComplaintEvent
from models.diversion import Diversion
from models.draft import Draft
from models.erasure import Erasure
from models.feedback_call import FeedbackCall
from models.guards import APPEAL_FOR
from models.keypad_check import KeypadCheck
from models.late_event import LateEvent
from models.message import Message
from models.named_caller import NamedCaller
from models.one_time_code import OneTimeCode
from models.pressure import Pressure
from models.queue_entry import QueueEntry
from models.services.feedback import end_needless
from models.services.keeping import find_hold, kept_for_its_call
from models.services.wording import forget_words
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transitions import ENDED
from models.turn import Turn
from models.voice_message import VoiceMessage

ReadNumber = Callable[[str], str | None]

_OF_COMPLAINT = (
    "id", "reference", "kind", "state", "outcome", "reason", "category", "place_code", "place_detail", "text",
    "complainant_name", "contact_number", "language", "channel", "registered_at", "due_on", "closed_at",
)  # fmt: skip
_NOBODY = {"complainant_name": None, "contact_number": None}
_NOT_HELD = {"held_at": None, "held_reason": None, "held_by": None}


@dataclass(frozen=True, slots=True)
class Kept:
    """A complaint that stands in the way of erasing, and why: open, appealable, merged or held."""

    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """What a number leads to: its calls, the complaints made in them or with it, the calls of those, and drafts.

    `shared`: calls from a telephone lent to them, in which somebody else complained, too.
    """

    number: str
    calls: Sequence[str]
    shared: Sequence[str]
    complaints: Sequence[int]
    drafts: Sequence[int]

    @property
    def talks(self) -> ColumnElement[bool]:
        """What they spoke of with a representative, also where the call never came about."""
        promised = select(CallBack.id).where(CallBack.number == self.number)
        asked = select(FeedbackCall.id).where(FeedbackCall.number == self.number)
        return or_(Talk.call_sid.in_(self.calls), Talk.callback_id.in_(promised), Talk.feedback_id.in_(asked))

    @property
    def voices(self) -> ColumnElement[bool]:
        """The messages that they left."""
        return or_(VoiceMessage.number == self.number, VoiceMessage.call_sid.in_(self.calls))


def find_person(connection: Connection, number: str, read_number: ReadNumber) -> Person:
    """What is known by this number (E.164); `read_number` makes E.164 of a number as it was typed, None of junk."""
    mine = or_(Call.from_number == number, Call.to_number == number)
    calls = list(connection.scalars(select(Call.sid).where(mine)))
    theirs = or_(Complaint.contact_number == number, Complaint.call_sid.in_(calls) & Complaint.contact_number.is_(None))
    cases = connection.execute(select(Complaint.id, Complaint.call_sid).where(theirs)).all()
    complaints = [case.id for case in cases]
    # Somebody may have lent them a telephone: what was said in that call is theirs, the number is not.
    lent = {case.call_sid for case in cases if case.call_sid} - set(calls)
    of_others = Complaint.call_sid.in_(lent) & Complaint.id.not_in(complaints)
    shared = lent & set(connection.scalars(select(Complaint.call_sid).where(of_others)))
    calls += sorted(lent - shared)
    return Person(
        number, calls, sorted(shared), complaints, _drafts(connection, number, read_number, calls, complaints)
    )


def _drafts(
    connection: Connection, number: str, read_number: ReadNumber, calls: Sequence[str], complaints: Sequence[int]
) -> list[int]:
    """The drafts of their complaints; of the rest those for their number, or for none in a call of theirs.

    The number stands there as it was typed. That somebody else's story names it makes no draft theirs.
    """
    named = Draft.data.contains('"contact_number"')
    begun = Draft.complaint_id.is_(None) & or_(named, Draft.call_sid.in_(calls))
    wanted = select(Draft.id, Draft.complaint_id, Draft.call_sid, Draft.data)
    rows = connection.execute(wanted.where(or_(Draft.complaint_id.in_(complaints), begun)))
    found = []
    for draft in rows:
        typed = read_number(json.loads(draft.data).get("contact_number", ""))
        if draft.complaint_id is not None or typed == number or (typed is None and draft.call_sid in calls):
            found.append(draft.id)
    return found


def export_person(connection: Connection, person: Person) -> dict[str, Any]:
    """Everything that is kept of a person, ready to be written as JSON: of the staff only what they did, and when."""
    number, calls = person.number, person.calls
    of_number = {
        "caller": (CallerMemory, CallerMemory.number == number, ()),
        "texts": (Message, Message.recipient == number, ("created_at", "sent_at", "status", "language", "body")),
        "promised_calls": (CallBack, CallBack.number == number, ("created_at", "reason", "state", "due_by", "outcome")),
        "feedback_calls": (FeedbackCall, FeedbackCall.number == number, ("created_at", "state", "attempts", "outcome")),
        "pressures": (Pressure, Pressure.complaint_id.in_(person.complaints), ("told_at", "words")),
        "answers_by_link": (
            AnswerLink,
            AnswerLink.complaint_id.in_(person.complaints),
            ("answered_at", "answer", "words"),
        ),
        "calls_of_officers": (Bridge, Bridge.number == number, ("asked_at", "talked_at", "seconds", "outcome")),
        "turned_to_the_voice": (Diversion, Diversion.number == number, ()),
        "talks": (Talk, person.talks, ("created_at", "started_at", "ended_at", "result", "note")),
        "voice_messages": (VoiceMessage, person.voices, ("created_at", "seconds", "recording_sid", "state")),
        "drafts": (Draft, Draft.id.in_(person.drafts), ("created_at", "data")),
        "hears_a_draft": (NamedCaller, NamedCaller.number == number, ("named_at", "ends_at")),
    }
    of_calls = {
        "calls": (Call, Call.sid, ("sid", "direction", "started_at", "ended_at", "language", "outcome")),
        "keys_pressed": (Turn, Turn.call_sid, ("call_sid", "n", "at", "path")),
        "recordings": (TalkRecording, TalkRecording.call_sid, ("id", "created_at", "seconds", "state", "expired_at")),
    }
    complaints = _rows(connection, Complaint, Complaint.id.in_(person.complaints), _OF_COMPLAINT)
    return {
        "number": number,
        "complaints": [row | {"record": _record(connection, row["id"])} for row in complaints],
        **{name: _rows(connection, *asked) for name, asked in of_number.items()},
        **{name: _rows(connection, table, sid.in_(calls), what) for name, (table, sid, what) in of_calls.items()},
    }


def proofs_of_person(connection: Connection, person: Person) -> list[str]:
    """The lines of the records of their complaints that name a file which no other complaint's record names."""
    data = type_coerce(ComplaintEvent.data, Text())
    mine = ComplaintEvent.complaint_id.in_(person.complaints)
    lines = [one["proof"] for one in connection.scalars(select(ComplaintEvent.data).where(mine)) if one.get("proof")]
    shared = (~mine) & data.contains(bindparam("digest"))
    others = select(ComplaintEvent.id).where(shared).limit(1)
    return [line for line in lines if connection.scalar(others, {"digest": line.partition(".")[0]}) is None]


def sounds_of_person(connection: Connection, person: Person) -> list[str]:
    """The voice messages that they left, by the network's name of each."""
    return list(connection.scalars(select(VoiceMessage.recording_sid).where(person.voices)))


def what_keeps(session: Session, person: Person, now: datetime) -> list[Kept]:
    """The complaints for whose sake nothing of this person is erased yet."""
    found = []
    for case in session.scalars(select(Complaint).where(Complaint.id.in_(person.complaints)).order_by(Complaint.id)):
        if find_hold(session, case.id) is not None:
            found.append(Kept(case.reference, "held"))
        elif case.state not in ENDED:
            found.append(Kept(case.reference, "merged" if case.state == "merged" else "open"))
        elif case.closed_at is not None and now - case.closed_at <= APPEAL_FOR:
            found.append(Kept(case.reference, "appealable"))
    return found


def erase_person(session: Session, person: Person, *, reason: str, by: str, now: datetime) -> Counter[str]:
    """Take everything away that says who this person is or what they said. Counts rows by table.

    What remains can be counted: that there was a call, when, in which language, and what became of a complaint. Sounds
    of talks are deleted by the sweep, other files by whoever asks. Ask `what_keeps` before.
    """
    counts = Counter[str]()
    connection = session.connection()
    _end_what_waits(connection, person, now)
    for table, condition, values in _to_blank(person):
        counts[table.__tablename__] += connection.execute(update(table).where(condition).values(**values)).rowcount
    for table in (CallerMemory, OneTimeCode, Diversion, NamedCaller):
        gone = connection.execute(delete(table).where(table.number == person.number))
        counts[table.__tablename__] += gone.rowcount
    forget_words(connection, person.complaints)
    erased = {table: count for table, count in sorted(counts.items()) if count}
    add_act(connection, by, "person_erased", "person", now, {"reason": reason, "rows": erased})
    return Counter(erased)


def _end_what_waits(connection: Connection, person: Person, now: datetime) -> None:
    """Nobody is to ring a number that is no more known, or to listen to a message that is gone."""
    promised = (CallBack.number == person.number) & among(CallBack.state, OPEN)
    ended = {"taken_by": None, "taken_until": None, "next_try_at": None}
    connection.execute(update(CallBack).where(promised).values(state="opted_out", **ended))
    connection.execute(update(VoiceMessage).where(person.voices).values(state="done"))
    wanted = (Erasure.number == person.number) & Erasure.decided_at.is_(None)
    connection.execute(update(Erasure).where(wanted).values(number="", decided_at=now, outcome="erased"))
    asked = select(FeedbackCall.id).where(FeedbackCall.number == person.number)
    end_needless(connection, list(connection.scalars(asked)), now)
    commanded = _in_payload(person.number) & Command.done_at.is_(None)
    connection.execute(update(Command).where(commanded).values(done_at=now))


def _in_payload(number: str) -> ColumnElement[bool]:
    return type_coerce(Command.payload, Text()).contains(number)


def _to_blank(person: Person) -> list[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Table, which of its rows, and what they hold afterwards."""
    number, calls, cases = person.number, person.calls, person.complaints
    texts = or_(Message.recipient == number, Message.complaint_id.in_(cases))
    kept = TalkRecording.call_sid.in_([*calls, *person.shared]) & TalkRecording.state.in_(("stored", "failed"))
    kept &= ~kept_for_its_call(TalkRecording.call_sid)  # somebody else's complaint of the same call may need it
    late = or_(LateEvent.subject.in_(calls), type_coerce(LateEvent.data, Text()).contains(number))
    return [
        (Complaint, Complaint.id.in_(cases), {"text": ERASED, "place_detail": "", **_NOBODY}),
        (Pressure, Pressure.complaint_id.in_(cases), {"words": ERASED}),
        (AnswerLink, AnswerLink.complaint_id.in_(cases), {"words": ""}),
        (Message, texts, {"recipient": "", "body": ERASED, "next_try_at": None}),
        (Turn, Turn.call_sid.in_(calls), {"path": "[]", "twiml": ""}),
        (QueueEntry, QueueEntry.call_sid.in_(calls), {"tell": {}}),
        (Talk, person.talks, {"note": ""}),
        (CallBack, CallBack.number == number, {"number": ""}),
        (FeedbackCall, FeedbackCall.number == number, {"number": ""}),
        (Bridge, Bridge.number == number, {"number": ""}),
        (KeypadCheck, KeypadCheck.number == number, {"number": ""}),
        (OneTimeCode, OneTimeCode.caller == number, {"caller": None}),
        (Command, _in_payload(number), {"payload": {}}),
        (VoiceMessage, person.voices, {"number": None, "recording_url": ""}),
        (Draft, Draft.id.in_(person.drafts), {"data": "{}"}),
        (LateEvent, late, {"data": {}}),
        (Call, Call.sid.in_(calls), {"state": ""}),
        (Call, Call.from_number == number, {"from_number": None, "from_raw": ""}),
        (Call, Call.to_number == number, {"to_number": ""}),
        (TalkRecording, kept, {"state": "expiring", "attempts": 0, "next_try_at": None, **_NOT_HELD}),
    ]


def _rows(
    connection: Connection, table: type[Base], condition: ColumnElement[bool], columns: Sequence[str] = ()
) -> list[dict[str, Any]]:
    chosen = table.__table__.c
    wanted = [chosen[name] for name in columns] if columns else list(chosen)
    rows = connection.execute(select(*wanted).where(condition)).mappings()
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _record(connection: Connection, complaint_id: int) -> list[dict[str, Any]]:
    """Every step, with what was said; of who did it only the kind."""
    mine = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint_id).order_by(ComplaintEvent.n)
    with Session(connection) as session:
        return [
            {
                "n": event.n,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "by": event.actor.partition(":")[0],
                "note": event.data.get("note"),
            }
            for event in session.scalars(mine)
        ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
