"""The clocks of the cases as the router and the shell look at them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ivr.calendars import set_calendars
from ivr.publishing import SHIPPED, seed
from ivr.router import Router
from ivr.working_days import working_calendar
from models.actor import Actor
from models.complaint import Complaint
from models.level_stay import LevelStay
from models.message import Message
from models.offer import Offer
from models.posting import Posting
from models.services import change_state
from models.services.escalating import BATCH
from models.store import Store
from tests.ivr.office import Office
from tests.ivr.test_command import Runner
from tests.models.cases import FIELD, lay_people, who
from tests.models.desk_kit import register


@pytest.fixture
def run(store_url: str, tmp_path: Path) -> Runner:
    return Runner(store_url, tmp_path)


def lay_cases(office: Office, count: int) -> None:
    """Complaints that come now, all opened at once, counted by the shipped calendar of the departments."""
    now = office.clock.now()

    def work(session: Session) -> None:
        lay_people(session)
        for _ in range(count):
            register(session, now)
        session.execute(update(Complaint).values(state="in_progress"))
        session.execute(update(LevelStay).values(opened_at=now))

    set_calendars(office.store, Path(SHIPPED, "calendars.yaml").read_text(encoding="utf-8"), by="test", now=now)
    office.store.transact(work)


def levels(store: Store) -> dict[int, int]:
    with store.session() as session:
        rows = session.execute(select(Complaint.level, func.count().label("cases")).group_by(Complaint.level))
        return {row.level: int(row.cases) for row in rows}


def test_the_router_lets_cases_rise_a_batch_at_a_time(office: Office) -> None:
    lay_cases(office, BATCH + 5)
    router = Router(office.telephone)
    assert router.tick()
    assert levels(office.store) == {1: BATCH + 5}
    office.clock.advance(timedelta(days=20).total_seconds())
    assert router.tick()
    assert levels(office.store) == {1: 5, 2: BATCH}
    office.clock.advance(0.1)
    assert router.tick()
    assert levels(office.store) == {1: 5, 2: BATCH}
    office.clock.advance(0.2)
    assert router.tick()
    assert levels(office.store) == {2: BATCH + 5}


def test_the_router_closes_what_nobody_can_be_asked_about(office: Office) -> None:
    lay_cases(office, 1)
    officer, now = Actor.staff(1, "officer", level=1), office.clock.now()

    def report(session: Session) -> None:
        complaint = session.scalars(select(Complaint)).one()
        complaint.contact_number = None
        calendar = working_calendar(session)
        change_state(session, complaint, "action_reported", by=officer, now=now, calendar=calendar, note="Done")

    office.store.transact(report)
    router = Router(office.telephone)
    assert router.tick()
    office.clock.advance(timedelta(days=21).total_seconds())
    assert router.tick()
    with office.store.session() as session:
        case = session.scalars(select(Complaint)).one()
    assert (case.state, case.outcome) == ("closed", "unreachable")


def test_a_citizen_who_did_not_answer_is_told_that_it_goes_on(office: Office) -> None:
    lay_cases(office, 1)
    seed(office.store, office.clock.now())
    officer, now = Actor.staff(1, "officer", level=1), office.clock.now()

    def ask(session: Session) -> None:
        complaint = session.scalars(select(Complaint)).one()
        calendar = working_calendar(session)
        change_state(session, complaint, "needs_info", by=officer, now=now, calendar=calendar, note="Which shop?")

    office.store.transact(ask)
    office.clock.advance(timedelta(days=12).total_seconds())
    assert Router(office.telephone).tick()
    told = office.row(Message, template="sms_in_progress")
    assert (told.language, told.purpose) == (office.row(Complaint).language, "status")
    assert office.row(Complaint).state == "in_progress"


def test_cases_are_looked_at_beside_the_pairing_of_callers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a batch takes its time, the router pairs a caller who comes."""
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(_telephone: object) -> bool:
        began.set()
        may_end.wait(30)
        ended.set()
        return False

    monkeypatch.setattr("ivr.router.sweep_cases", slow)
    router = Router(office.telephone)
    with ThreadPoolExecutor(1) as senders:
        assert router.tick(senders)
        assert began.wait(30)
        office.hire("asha")
        office.enqueue()
        assert router.tick(senders)
        paired, over = office.rows(Offer), ended.is_set()
        may_end.set()
    assert len(paired) == 1
    assert not over


def test_one_look_at_cases_that_fails_keeps_no_other_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases rise and dates move while officers cannot be named; and naming is tried again at the next look."""
    lay_cases(office, 2)
    tries = []

    def fail(_telephone: object) -> None:
        tries.append(office.clock.now())
        raise LookupError("a fault of ours")

    monkeypatch.setattr("ivr.router.name_anew", fail)
    monkeypatch.setattr("ivr.router.recount", fail)
    router = Router(office.telephone)
    router.tick()
    office.clock.advance(timedelta(days=20).total_seconds())
    router.tick()
    office.clock.advance(61)
    router.tick()
    assert levels(office.store) == {2: 2}
    assert len(tries) == 6


def test_without_a_calendar_the_router_goes_on(office: Office) -> None:
    lay_cases(office, 1)
    office.store.write(lambda connection: connection.exec_driver_sql("DELETE FROM calendar WHERE name = 'departments'"))
    office.clock.advance(timedelta(days=20).total_seconds())
    assert Router(office.telephone).tick()
    assert levels(office.store) == {1: 1}


def test_the_successor_is_named_within_the_hour(office: Office) -> None:
    lay_cases(office, 1)
    router = Router(office.telephone)
    router.tick()

    def hand_over(session: Session) -> int:
        session.execute(update(Posting).where(Posting.office_code == FIELD).values(until_on=date(2020, 1, 1)))
        successor = who(session, "rafiq", office.clock.now()).staff_id
        session.add(Posting(office_code=FIELD, staff_id=successor, duty="head", from_on=date(2020, 1, 1)))
        return successor

    successor = office.store.transact(hand_over)
    office.clock.advance(3601)
    assert router.tick()
    with office.store.session() as session:
        assert session.scalars(select(Complaint.officer_id)).all() == [successor]


def test_working_days_changed_in_the_console_move_the_promises_within_a_minute(office: Office) -> None:
    lay_cases(office, 3)
    router = Router(office.telephone)
    router.tick()

    def due() -> set[date]:
        with office.store.session() as session:
            return set(session.scalars(select(Complaint.due_on)))

    before = due()
    monday_only = "departments:\n  timezone: Asia/Kolkata\n  open:\n    mon: 10:00-17:30\n"
    set_calendars(office.store, monday_only, by="sumitra", now=office.clock.now())
    office.clock.advance(30)
    router.tick()
    assert due() == before
    office.clock.advance(31)
    router.tick()
    assert {day.weekday() for day in due()} == {0}
    assert min(due()) > max(before)


def test_sudden_holidays_at_the_shell(run: Runner, store: Store) -> None:
    now = datetime.now(UTC)
    assert "Run: helpline calendar set" in run("cases", "recount").output
    calendar = "departments:\n  timezone: Asia/Kolkata\n  open:\n    mon-sun: 00:00-24:00\n"
    set_calendars(store, calendar, by="test", now=now)
    store.transact(lay_people)
    store.transact(lambda session: register(session, now))
    assert run("cases", "recount").output == "1 promised dates moved.\n"
    with store.session() as session:
        due = session.scalars(select(Complaint.due_on)).one()
    day = due.isoformat()
    told = run("cases", "holiday", "declare", day, "--reason", "A storm", "--by", "ops")
    assert told.output == "1 promised dates moved.\n"
    assert "is a sudden holiday already" in run("cases", "holiday", "declare", day, "--reason", "Again").output
    assert run("cases", "holiday", "list").output == f"{day}  A storm  (ops)\n"
    with store.session() as session:
        assert session.scalars(select(Complaint.due_on)).one() == due + timedelta(days=1)
    assert run("cases", "holiday", "withdraw", day).output == "1 promised dates moved.\n"
    assert "is no sudden holiday" in run("cases", "holiday", "withdraw", day).output
    assert "None. Declare one" in run("cases", "holiday", "list").output
    assert run("cases", "recount").output == "0 promised dates moved.\n"
    assert run("cases", "escalate").output == "0 cases were due: nothing to say.\n"
    assert run("cases", "settle").output == "0 cases have another office or officer.\n"
    with store.session() as session:
        assert session.scalars(select(Complaint.due_on)).one() == due


def test_another_calendar_moves_the_promises(run: Runner, store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    every_day = "departments:\n  timezone: Asia/Kolkata\n  open:\n    mon-sun: 00:00-24:00\n"
    set_calendars(store, every_day, by="test", now=now)
    store.transact(lay_people)
    store.transact(lambda session: register(session, now))
    file = tmp_path / "days.yaml"
    file.write_text(every_day.replace("mon-sun", "mon"), encoding="utf-8")
    assert "1 promised dates of open complaints moved with it." in run("calendar", "set", str(file)).output
