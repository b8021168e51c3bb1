"""A case told day by day: officers act, the citizen answers, the clocks are looked at, and the record is read back."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import CITIZEN, Actor
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, WorkingCalendar
from models.explanation import Explanation
from models.inbox_query import Box, count_cases, list_cases
from models.message import Message
from models.record import verify_chain
from models.services import casework, change_state, propose
from models.services.escalating import escalate_due
from models.staff import Staff
from models.store import Store
from models.sudden_days import SuddenlyShut, sudden_days
from tests.models.cases import lay_people, stays, who
from tests.models.desk_kit import FRIDAY, WEEK, compose, register


class Tale:
    """Begins on Friday evening, 27 February 2026. Days and times are those of India."""

    def __init__(self, store: Store, calendar: WorkingCalendar = WEEK, **fields: Any) -> None:
        self.store = store
        self.plain = calendar
        self.now = FRIDAY
        store.transact(lay_people)
        self.id = self.register(**fields)

    def register(self, **fields: Any) -> int:
        """One more complaint, now; its id."""
        return self.store.transact(lambda session: register(session, self.now, **fields)).id

    def at(self, day: int, time: str = "11:00", month: int = 3) -> None:
        """Go to a day of 2026."""
        self.now = datetime.fromisoformat(f"2026-{month:02d}-{day:02d}T{time}").replace(tzinfo=INDIA)

    def act(self, name: str, login: str, case_id: int | None = None, **what: Any) -> ComplaintEvent:
        """An officer does something. Raises Refused."""

        def work(session: Session) -> ComplaintEvent:
            case = session.get_one(Complaint, case_id or self.id)
            officer = who(session, login, self.now)
            act = getattr(casework, name)
            acting = casework.Acting(officer, self.now, self.calendar(session), compose)
            done: ComplaintEvent = act(session, case, acting, **what)
            return done

        return self.store.transact(work)

    def citizen(self, to: str, case_id: int | None = None, by: Actor = CITIZEN, **said: Any) -> None:
        """The citizen, or whoever else may, moves it."""

        def work(session: Session) -> None:
            case = session.get_one(Complaint, case_id or self.id)
            calendar = self.calendar(session)
            change_state(session, case, to, by=by, now=self.now, calendar=calendar, compose=compose, **said)

        self.store.transact(work)

    def propose(self, kind: str, by: Actor, case_id: int | None = None, **said: Any) -> None:
        """Put a proposal on record."""
        self.store.transact(
            lambda session: propose(
                session, session.get_one(Complaint, case_id or self.id), kind, by=by, now=self.now, **said
            )
        )

    def sweep(self) -> Counter[str]:
        """The clocks are looked at."""
        with self.store.session() as session:
            calendar = self.calendar(session)
        counts = escalate_due(
            self.store, self.now, lambda _department: calendar, tell=lambda _session, case: compose(case)
        )
        del counts["looked"]
        return counts

    def calendar(self, session: Session) -> WorkingCalendar:
        """The working days as they are now."""
        return SuddenlyShut(self.plain, sudden_days(session))

    @property
    def case(self) -> Complaint:
        """The case as it is now."""
        return self.of(self.id)

    def of(self, case_id: int) -> Complaint:
        """Another one."""
        with self.store.session() as session:
            return session.get_one(Complaint, case_id)

    @property
    def due(self) -> date:
        """The promised date."""
        return self.case.due_on

    def record(self, case_id: int | None = None) -> list[str]:
        """Every event: day, kind, by whom. The chain is checked first."""
        with self.store.session() as session:
            verify_chain(session, session.get_one(Complaint, case_id or self.id))
            logins = {f"staff:{row.id}": row.login for row in session.execute(select(Staff.id, Staff.login))}
            mine = select(ComplaintEvent).where(ComplaintEvent.complaint_id == (case_id or self.id))
            return [
                f"{event.at.astimezone(INDIA):%d %b} {event.kind} {logins.get(event.actor, event.actor)}"
                for event in session.scalars(mine.order_by(ComplaintEvent.n))
            ]

    def ledger(self) -> list[tuple[int, str | None, bool]]:
        """Level, office and whether it was opened, of every stay."""
        with self.store.session() as session:
            return stays(session, session.get_one(Complaint, self.id))

    def texts(self) -> int:
        """How many texts the citizen was written."""
        with self.store.session() as session:
            return len(session.scalars(select(Message.id).where(Message.complaint_id == self.id)).all())

    def explanations(self) -> list[tuple[int, str | None, str | None]]:
        """Level, officer and words of every explanation that was demanded."""
        with self.store.session() as session:
            asked = select(Explanation.level, Staff.login, Explanation.text).outerjoin(
                Staff, Staff.id == Explanation.officer_id
            )
            return [(row.level, row.login, row.text) for row in session.execute(asked.order_by(Explanation.id))]

    def box(self, login: str, box: Box) -> list[Complaint]:
        """What stands in a box of this officer."""
        with self.store.session() as session:
            return list_cases(session, who(session, login, self.now), box=box, now=self.now)

    def holders(self, login: str, box: Box) -> list[str | None]:
        """Who has each case of a box."""
        with self.store.session() as session:
            names = {one.id: one.name for one in session.scalars(select(Staff))}
        return [names.get(case.officer_id or 0) for case in self.box(login, box)]

    def counts(self, login: str) -> dict[str, int]:
        """How many stand in each box that is not empty."""
        with self.store.session() as session:
            found = count_cases(session, who(session, login, self.now), self.now)
            return {box: number for box, number in found.items() if number}
