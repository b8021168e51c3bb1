"""A believable week for the demonstration: calls, talks, complaints in every state, texts, promises to ring back.

Everything in it is over, or waits for a person; nothing makes the telephone or the texts do anything.
"""

from datetime import date, datetime, timedelta
from random import Random
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadline import INDIA
from models.demo_calls import make_call
from models.demo_lives import LIVES, live_on
from models.demo_week import CLOSES, OFFICE, OPENS, DemoCounts, DemoWeek
from models.message import Message
from models.staff import Staff

DAYS = 7
CALLS_A_DAY = (18, 30)


def make_demo_week(session: Session, now: datetime, rng: Random) -> DemoCounts:
    """Fill the week before `now`. Needs the seeds; borrows the representatives there are, or makes two."""
    demo = DemoWeek(session, now, rng, _representatives(session, now))
    today = now.astimezone(INDIA).date()
    stories = 0
    for back in range(DAYS, -1, -1):
        for at in _ring_times(demo, today - timedelta(days=back)):
            complaint = make_call(demo, at)
            if complaint is not None:
                live_on(session, complaint, LIVES[stories % len(LIVES)], now, OFFICE)
                stories += 1
    _settle_messages(demo)
    session.flush()
    return demo.counts


def _ring_times(demo: DemoWeek, day: date) -> list[datetime]:
    count = demo.rng.randint(*CALLS_A_DAY) if OFFICE.is_working(day) else 4
    minutes = (CLOSES.hour - OPENS.hour) * 60
    start = datetime.combine(day, OPENS, INDIA)
    times = sorted(start + timedelta(seconds=demo.rng.randrange(minutes * 60)) for _ in range(count))
    # The last hours stay empty: what happened in it would still be somebody's live work.
    return [at for at in times if at < demo.now - timedelta(hours=3)]


def _settle_messages(demo: DemoWeek) -> None:
    """All texts of the week have long been sent; a few did not arrive."""
    demo.session.flush()
    for message in demo.session.scalars(select(Message).where(Message.complaint_id.in_(demo.complaint_ids))):
        failed = demo.rng.random() < 0.04
        message.status = "undelivered" if failed else "delivered"
        message.status_rank = 9
        message.sid = f"SM{uuid4().hex}"
        message.attempts = 1
        message.next_try_at = None
        message.error_code = "30003" if failed else None
        message.error_reason = "unreachable" if failed else None
        message.sent_at = message.created_at + timedelta(seconds=2)
        message.done_at = message.created_at + timedelta(seconds=demo.rng.randint(3, 40))


def _representatives(session: Session, now: datetime) -> list[Staff]:
    everybody = session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)).all()
    found = [person for person in everybody if person.has_role("representative")]
    if found:
        return found
    made = [
        # No password fits this hash: nobody can sign in as them.
        Staff(login=login, name=name, password_hash="!", roles=["representative"], created_at=now)  # noqa: S106  opens nothing
        for login, name in (("demo-asha", "Asha Mondal"), ("demo-bimal", "Bimal Roy"))
    ]
    session.add_all(made)
    session.flush()
    return made
