"""One call of the demonstration, from the ring to its end: asked, waited, spoken, registered, or promised."""

from datetime import datetime, timedelta
from uuid import uuid4

from models.actor import Actor
from models.call import Call
from models.caller import CallerMemory
from models.complaint import Complaint
from models.demo_promises import leave_message, promise
from models.demo_week import OFFICE, DemoWeek
from models.demo_words import NAMES, PLACE_DETAILS, STORIES, TEXTS
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.reference import formatted
from models.seed import DISTRICTS, OUTSIDE
from models.services import NewComplaint, register_complaint
from models.staff import Staff
from models.talk import Talk

CONFERENCE = "demo-"  # the names of its conferences begin so: no talk that was spoken is ever taken for one of these
_ENDINGS = (("answered", 76), ("abandoned", 9), ("callback", 8), ("voicemail", 5), ("overflow", 2))
_LANGUAGES = (("bn", 62), ("hi", 24), ("en", 14))
_CATEGORIES = (("ration", 30), ("health", 16), ("local_body", 24), ("police", 6), ("bribery", 8), ("other", 16))

# Half of them from Hooghly, where the people of the demonstration serve.
_PLACES = [*DISTRICTS, *["hooghly"] * len(DISTRICTS)]


def make_call(demo: DemoWeek, at: datetime) -> Complaint | None:
    """A call that came in `at`; the complaint if one was registered."""
    language = demo.pick(_LANGUAGES)
    number = f"+916{demo.rng.randrange(400):09d}"
    call = Call(
        sid=f"CA{uuid4().hex}",
        from_number=number,
        from_raw=number,
        number_kind="mobile",
        to_number="+919137091370",
        status="completed",
        status_rank=9,
        flow="helpline",
        turn=demo.rng.randint(4, 9),
        step="goodbye",
        language=language,
        phase="ended",
        started_at=at,
        answered_at=at,
        ended_at=at + timedelta(seconds=demo.rng.randint(60, 130)),
    )
    demo.session.add(call)
    _remember(demo, number, language, at)
    demo.session.flush()
    demo.counts.calls += 1
    category = demo.pick(_CATEGORIES)
    if not OFFICE.is_working(at.date()):
        leave_message(demo, call, category)
        return None
    if demo.rng.random() < 0.12:
        call.outcome = "finished"  # asked for a status, or for the emergency numbers
        return None
    return _queue(demo, call, category)


def _queue(demo: DemoWeek, call: Call, category: str) -> Complaint | None:
    entered = call.started_at + timedelta(seconds=demo.rng.randint(35, 75))
    waited = timedelta(seconds=min(demo.rng.expovariate(1 / 35), 400))
    ended_as = demo.pick(_ENDINGS)
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
    demo.session.add(entry)
    demo.session.flush()
    call.ended_at = entered + waited
    if ended_as == "answered":
        return _talk(demo, call, entry, category, entered + waited)
    call.abandoned = ended_as == "abandoned"
    call.outcome = "abandoned" if call.abandoned else "promised"
    if ended_as == "voicemail":
        leave_message(demo, call, category)
    else:
        promise(demo, call, entry, "abandoned" if ended_as == "abandoned" else "asked")
    return None


def _talk(demo: DemoWeek, call: Call, entry: QueueEntry, category: str, answered: datetime) -> Complaint:
    person = demo.rng.choice(demo.staff)
    ended = answered + timedelta(seconds=demo.rng.randint(90, 420))
    entry.answered_at, entry.ended_at, entry.staff_id = answered, ended, person.id
    call.ended_at, call.outcome = ended, "answered"
    demo.session.add_all(
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
                conference=f"{CONFERENCE}{uuid4().hex}",
                state="ended",
                created_at=answered,
                started_at=answered,
                ended_at=ended,
                ended_by=demo.rng.choice(("caller", "representative")),
                result="registered",
                wrapped_at=ended + timedelta(seconds=demo.rng.randint(10, 55)),
            ),
        )
    )
    return _register(demo, call, category, person, ended - timedelta(seconds=25))


def _register(demo: DemoWeek, call: Call, category: str, person: Staff, at: datetime) -> Complaint:
    hidden = category in ("police", "bribery") and demo.rng.random() < 0.5
    outside = demo.rng.random() < 0.03
    new = NewComplaint(
        category=category,
        kind="suggestion" if category == "other" and demo.rng.random() < 0.15 else "complaint",
        text=demo.rng.choice(STORIES[category][call.language]),
        language=call.language,
        place_code=OUTSIDE if outside else demo.rng.choice(_PLACES),
        place_detail="" if outside else demo.rng.choice(PLACE_DETAILS),
        complainant_name=None if hidden else demo.rng.choice(NAMES[call.language]),
        name_hidden=hidden,
        contact_number=call.from_number,
        number_check=demo.rng.choice(("same_as_caller", "same_as_caller", "otp_verified", "typed")),
        call_sid=call.sid,
    )
    by = Actor.staff(person.id, "representative")
    complaint = register_complaint(demo.session, new, by=by, now=at, calendar=OFFICE, compose=_compose)
    demo.complaint_ids.append(complaint.id)
    demo.counts.complaints += 1
    return complaint


def _remember(demo: DemoWeek, number: str, language: str, at: datetime) -> None:
    known = demo.session.get(CallerMemory, number)
    if known is None:
        known = CallerMemory(number=number, first_seen_at=at, calls=0)
        demo.session.add(known)
    known.language, known.last_seen_at, known.calls = language, at, known.calls + 1


def _compose(complaint: Complaint) -> str:
    words = TEXTS[complaint.language]
    return words.format(reference=formatted(complaint.reference), due_on=f"{complaint.due_on:%d-%m-%Y}")
