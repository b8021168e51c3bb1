"""What waits for a person in the demonstration: promises to ring back, and messages that callers left."""

from datetime import timedelta
from uuid import uuid4

from models.call import Call
from models.call_back import CallBack
from models.demo_week import DemoWeek
from models.queue_entry import QueueEntry
from models.reference import new_reference
from models.voice_message import VoiceMessage


def leave_message(demo: DemoWeek, call: Call, category: str) -> None:
    """A message: of the last two days nobody has dealt with it yet."""
    is_old = demo.now - call.started_at > timedelta(days=2)
    demo.session.add(
        VoiceMessage(
            call_sid=call.sid,
            recording_sid=f"RE{uuid4().hex}",
            seconds=demo.rng.randint(12, 110),
            language=call.language,
            category=category,
            number=call.from_number,
            state="done" if is_old else "new",
            taken_by=demo.rng.choice(demo.staff).id if is_old else None,
            request_reference=new_reference(demo.session, call.started_at),
            created_at=call.ended_at or call.started_at,
        )
    )
    demo.session.flush()
    call.outcome = "promised"
    demo.counts.voice_messages += 1


def promise(demo: DemoWeek, call: Call, entry: QueueEntry, reason: str) -> None:
    """A promise to ring back: a day later it was kept, or given up."""
    is_old = demo.now - call.started_at > timedelta(days=1)
    state = demo.rng.choice(("done", "done", "done", "given_up", "opted_out")) if is_old else "open"
    made = entry.ended_at or entry.entered_at
    demo.session.add(
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
            taken_by=None if state == "open" else demo.rng.choice(demo.staff).id,
            outcome=None if state == "open" else state,
            request_reference=new_reference(demo.session, made),
            created_at=made,
        )
    )
    demo.session.flush()
    demo.counts.call_backs += 1
