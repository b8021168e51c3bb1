"""A believable week for the demonstration: calls, talks, complaints in every state, texts, promises to ring back.

Everything in it is over, or waits for a person; nothing makes the telephone or the texts do anything.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.call import Call
from models.call_back import CallBack
from models.caller import CallerMemory
from models.complaint import Complaint
from models.deadline import INDIA
from models.demo_lives import LIVES, live_on
from models.demo_words import NAMES, PLACE_DETAILS, STORIES, TEXTS
from models.message import Message
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.reference import formatted, new_reference
from models.seed import DISTRICTS, OUTSIDE
from models.services import NewComplaint, register_complaint
from models.staff import Staff
from models.talk import Talk
from models.voice_message import VoiceMessage

DAYS = 7
CALLS_A_DAY = (18, 30)
OPENS, CLOSES = time(10), time(18)
_ENDINGS = (("answered", 76), ("abandoned", 9), ("callback", 8), ("voicemail", 5), ("overflow", 2))
_LANGUAGES = (("bn", 62), ("hi", 24), ("en", 14))
_CATEGORIES = (("ration", 30), ("health", 16), ("local_body", 24), ("police", 6), ("bribery", 8), ("other", 16))


@dataclass(frozen=True, slots=True)
class _OfficeWeek:
    """Monday to Saturday, 10 to 18."""

    def is_working(self, day: date, /) -> bool:
        return day.weekday() != 6

    def closing_time(self, day: date, /) -> time:
        return CLOSES


OFFICE = _OfficeWeek()


@dataclass(slots=True)
class DemoCounts:
    """How much was made."""

    calls: int = 0
    complaints: int = 0
    call_backs: int = 0
    voice_messages: int = 0


def make_demo_week(session: Session, now: datetime, rng: Random) -> DemoCounts:
    """Fill the week before `now`. Needs the seeds; borrows the representatives there are, or makes two."""
    return _Week(session, now, rng).make()


class _Week:
    def __init__(self, session: Session, now: datetime, rng: Random) -> None:
        self.session = session
        self.now = now
        self.rng = rng
        self.counts = DemoCounts()
        self.complaint_ids: list[int] = []
        self.staff = self._representatives()

    def make(self) -> DemoCounts:
        today = self.now.astimezone(INDIA).date()
        stories = 0
        for back in range(DAYS, -1, -1):
            day = today - timedelta(days=back)
            for at in self._ring_times(day):
                complaint = self._make_call(at)
                if complaint is not None:
                    live_on(self.session, complaint, LIVES[stories % len(LIVES)], self.now, OFFICE)
                    stories += 1
        self._settle_messages()
        self.session.flush()
        return self.counts

    def _ring_times(self, day: date) -> list[datetime]:
        count = self.rng.randint(*CALLS_A_DAY) if OFFICE.is_working(day) else 4
        minutes = (CLOSES.hour - OPENS.hour) * 60
        start = datetime.combine(day, OPENS, INDIA)
        times = sorted(start + timedelta(seconds=self.rng.randrange(minutes * 60)) for _ in range(count))
        # The last hour stays empty: what happened in it would still be somebody's live work.
        return [at for at in times if at < self.now - timedelta(hours=3)]

    def _make_call(self, at: datetime) -> Complaint | None:
        language = self._pick(_LANGUAGES)
        number = f"+916{self.rng.randrange(400):09d}"
        call = Call(
            sid=f"CA{uuid4().hex}",
            from_number=number,
            from_raw=number,
            number_kind="mobile",
            to_number="+919137091370",
            status="completed",
            status_rank=9,
            flow="helpline",
            turn=self.rng.randint(4, 9),
            step="goodbye",
            language=language,
            phase="ended",
            started_at=at,
            answered_at=at,
            ended_at=at + timedelta(seconds=self.rng.randint(60, 130)),
        )
        self.session.add(call)
        self._remember(number, language, at)
        self.session.flush()
        self.counts.calls += 1
        category = self._pick(_CATEGORIES)
        if not OFFICE.is_working(at.date()):
            self._leave_message(call, category)
            return None
        if self.rng.random() < 0.12:
            call.outcome = "finished"  # asked for a status, or for the emergency numbers
            return None
        return self._queue(call, category)

    def _queue(self, call: Call, category: str) -> Complaint | None:
        entered = call.started_at + timedelta(seconds=self.rng.randint(35, 75))
        waited = timedelta(seconds=min(self.rng.expovariate(1 / 35), 400))
        ended_as = self._pick(_ENDINGS)
        entry = QueueEntry(
            call_sid=call.sid,
            turn=call.turn,
            queue="complaints",
            language=call.language,
            skills={"category": category},
            urgent=category in ("police", "bribery"),
            entered_at=entered,
            ahead_since=entered,
            tell={"wants": "new_complaint", "category": category, "contact_number": call.from_number or ""},
            state="ended",
            ended_as=ended_as,
            ended_at=entered + waited,
        )
        self.session.add(entry)
        self.session.flush()
        call.ended_at = entered + waited
        if ended_as == "answered":
            return self._talk(call, entry, category, entered + waited)
        call.abandoned = ended_as == "abandoned"
        call.outcome = "abandoned" if call.abandoned else "promised"
        if ended_as == "voicemail":
            self._leave_message(call, category)
        else:
            self._promise(call, entry, "abandoned" if ended_as == "abandoned" else "asked")
        return None

    def _talk(self, call: Call, entry: QueueEntry, category: str, answered: datetime) -> Complaint:
        person = self.rng.choice(self.staff)
        ended = answered + timedelta(seconds=self.rng.randint(90, 420))
        entry.answered_at, entry.ended_at, entry.staff_id = answered, ended, person.id
        call.ended_at, call.outcome = ended, "answered"
        self.session.add_all(
            (
                Offer(
                    entry_id=entry.id,
                    staff_id=person.id,
                    state="accepted",
                    made_at=answered - timedelta(seconds=6),
                    expires_at=answered + timedelta(seconds=14),
                    decided_at=answered - timedelta(seconds=2),
                ),
                Talk(
                    call_sid=call.sid,
                    entry_id=entry.id,
                    staff_id=person.id,
                    conference=f"talk-{uuid4().hex}",
                    state="ended",
                    created_at=answered,
                    started_at=answered,
                    ended_at=ended,
                    ended_by=self.rng.choice(("caller", "representative")),
                    result="registered",
                    wrapped_at=ended + timedelta(seconds=self.rng.randint(10, 55)),
                ),
            )
        )
        return self._register(call, category, person, ended - timedelta(seconds=25))

    def _register(self, call: Call, category: str, person: Staff, at: datetime) -> Complaint:
        hidden = category in ("police", "bribery") and self.rng.random() < 0.5
        outside = self.rng.random() < 0.03
        new = NewComplaint(
            category=category,
            kind="suggestion" if category == "other" and self.rng.random() < 0.15 else "complaint",
            text=self.rng.choice(STORIES[category][call.language]),
            language=call.language,
            place_code=OUTSIDE if outside else self.rng.choice(list(DISTRICTS)),
            place_detail="" if outside else self.rng.choice(PLACE_DETAILS),
            complainant_name=None if hidden else self.rng.choice(NAMES[call.language]),
            name_hidden=hidden,
            contact_number=call.from_number,
            number_check=self.rng.choice(("same_as_caller", "same_as_caller", "otp_verified", "typed")),
            call_sid=call.sid,
        )
        by = Actor.staff(person.id, "representative")
        complaint = register_complaint(self.session, new, by=by, now=at, calendar=OFFICE, compose=_compose)
        self.complaint_ids.append(complaint.id)
        self.counts.complaints += 1
        return complaint

    def _leave_message(self, call: Call, category: str) -> None:
        is_old = self.now - call.started_at > timedelta(days=2)
        self.session.add(
            VoiceMessage(
                call_sid=call.sid,
                recording_sid=f"RE{uuid4().hex}",
                seconds=self.rng.randint(12, 110),
                language=call.language,
                category=category,
                number=call.from_number,
                state="done" if is_old else "new",
                taken_by=self.rng.choice(self.staff).id if is_old else None,
                request_reference=new_reference(self.session, call.started_at),
                created_at=call.ended_at or call.started_at,
            )
        )
        self.session.flush()
        call.outcome = "promised"
        self.counts.voice_messages += 1

    def _promise(self, call: Call, entry: QueueEntry, reason: str) -> None:
        is_old = self.now - call.started_at > timedelta(days=1)
        state = self.rng.choice(("done", "done", "done", "given_up", "opted_out")) if is_old else "open"
        made = entry.ended_at or entry.entered_at
        self.session.add(
            CallBack(
                number=call.from_number,
                language=call.language,
                reason=reason,
                call_sid=call.sid,
                queue=entry.queue,
                ahead_since=entry.ahead_since if reason == "asked" else None,
                due_by=made + timedelta(hours=2),
                state=state,
                attempts={"open": 0, "given_up": 3}.get(state, 1),
                last_try_at=None if state == "open" else made + timedelta(minutes=50),
                taken_by=None if state == "open" else self.rng.choice(self.staff).id,
                outcome=None if state == "open" else state,
                request_reference=new_reference(self.session, made),
                created_at=made,
            )
        )
        self.session.flush()
        self.counts.call_backs += 1

    def _remember(self, number: str, language: str, at: datetime) -> None:
        known = self.session.get(CallerMemory, number)
        if known is None:
            known = CallerMemory(number=number, first_seen_at=at, calls=0)
            self.session.add(known)
        known.language, known.last_seen_at, known.calls = language, at, known.calls + 1

    def _settle_messages(self) -> None:
        """All texts of the week have long been sent; a few did not arrive."""
        self.session.flush()
        for message in self.session.scalars(select(Message).where(Message.complaint_id.in_(self.complaint_ids))):
            failed = self.rng.random() < 0.04
            message.status = "undelivered" if failed else "delivered"
            message.status_rank = 9
            message.sid = f"SM{uuid4().hex}"
            message.attempts = 1
            message.next_try_at = None
            message.error_code = "30003" if failed else None
            message.error_reason = "unreachable" if failed else None
            message.sent_at = message.created_at + timedelta(seconds=2)
            message.done_at = message.created_at + timedelta(seconds=self.rng.randint(3, 40))

    def _representatives(self) -> list[Staff]:
        everybody = self.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)).all()
        found = [person for person in everybody if person.has_role("representative")]
        if found:
            return found
        made = [
            # No password fits this hash: nobody can sign in as them.
            Staff(login=login, name=name, password_hash="!", roles=["representative"], created_at=self.now)  # noqa: S106
            for login, name in (("demo-asha", "Asha Mondal"), ("demo-bimal", "Bimal Roy"))
        ]
        self.session.add_all(made)
        self.session.flush()
        return made

    def _pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        return self.rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def _compose(complaint: Complaint) -> str:
    words = TEXTS[complaint.language]
    return words.format(reference=formatted(complaint.reference), due_on=f"{complaint.due_on:%d-%m-%Y}")
