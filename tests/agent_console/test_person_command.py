"""A person's data: told whole, erased without a trace but for the sealed record, and kept where it must be."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from ivr.publishing import seed as seed_menu
from models.bridge import Bridge
from models.call import Call
from models.caller import CallerMemory
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.demo import make_demo_week
from models.draft import Draft
from models.legal_hold import LegalHold
from models.message import Message
from models.record import verify_chain
from models.seed import seed
from models.staff import Staff
from models.store import Store
from models.tables import TABLES
from models.voice_message import VoiceMessage
from tests.ivr.test_command import Runner
from tests.models.desk_kit import lay_office, register

LONG_AGO = timedelta(days=60)
NAME, STORY, DRAFTED = "Rahima Khatun Bibi", "The dealer of Arambag keeps our rice.", "half a story of hers"
WHY = ("--reason", "asked in writing, no. 17", "--by", "the operator")


@pytest.fixture
def run(store_url: str, tmp_path: Path) -> Runner:
    return Runner(store_url, tmp_path)


@pytest.fixture
def number(store: Store) -> str:
    """Somebody whose complaint ended long ago."""
    now = datetime.now(UTC)

    def lay(session: Session) -> str:
        lay_office(session)
        case = register(session, now - LONG_AGO, text=STORY, complainant_name=NAME, contact_number="+919830012345")
        end(session, case.id, now)
        return str(case.contact_number)

    return store.transact(lay)


@pytest.fixture
def talkative(store: Store) -> str:
    """The one of whom there is most in a week two months ago: calls, keys, texts, complaints that ended, a draft."""
    now = datetime.now(UTC)
    seed_menu(store, now)

    def lay(session: Session) -> str:
        seed(session, now)
        make_demo_week(session, now - LONG_AGO, Random(3))
        # Whether the one has left a message depends on the day; files that nobody can reach have a test of their own.
        session.execute(delete(VoiceMessage))
        counted = select(Complaint.contact_number, func.count().label("n")).where(Complaint.contact_number.is_not(None))
        most = session.execute(counted.group_by(Complaint.contact_number).order_by(func.count().desc())).first()
        assert most is not None
        number = str(most[0])
        for case_id in session.scalars(select(Complaint.id).where(Complaint.contact_number == number)).all():
            end(session, case_id, now)
        session.merge(CallerMemory(number=number, language="bn", first_seen_at=now, last_seen_at=now, calls=3))
        data = json.dumps({"contact_number": number, "text": DRAFTED})
        staff = session.scalars(select(Staff.id)).first()
        session.add(Draft(staff_id=staff, data=data, created_at=now, updated_at=now))
        about = session.scalars(select(Complaint.id).where(Complaint.contact_number == number)).first()
        rung = {"complaint_id": about, "staff_id": staff, "number": number, "own_number": "", "language": "bn"}
        session.add(Bridge(**rung, state="ended", outcome="busy", asked_at=now - LONG_AGO))
        return number

    return store.transact(lay)


def end(session: Session, case_id: int, now: datetime) -> None:
    """It was closed forty days ago."""
    ended = {"state": "closed", "outcome": "no_solution", "closed_at": now - timedelta(days=40)}
    whose = {"complainant_name": NAME, "text": STORY}
    session.execute(update(Complaint).where(Complaint.id == case_id).values(**ended, **whose))


def found_in(store: Store, *words: str) -> set[str]:
    """The tables in which any of the words stands."""
    with store.read() as connection:
        return {
            table.__tablename__
            for table in TABLES
            for row in connection.execute(select(table.__table__))
            if any(word in str(row) for word in words)
        }


def test_everything_that_is_kept_is_told(run: Runner, talkative: str, store: Store, tmp_path: Path) -> None:
    number, file = talkative, tmp_path / "person.json"
    nowhere = run("person", "export", number[3:], "--to", "/proc/person.json", *WHY)
    assert "Error: /proc/person.json: No such file or directory." in nowhere.output
    done = run("person", "export", number[3:8], number[8:], "--to", str(file), *WHY)
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o077 == 0
    told = json.loads(file.read_text(encoding="utf-8"))
    with store.session() as session:
        cases = session.scalars(select(Complaint).where(Complaint.contact_number == number)).all()
        texts = session.scalar(select(func.count()).where(Message.recipient == number))
    assert [one["reference"] for one in told["complaints"]] == [case.reference for case in cases]
    assert told["complaints"][0]["text"] == STORY
    assert [step["n"] for step in told["complaints"][0]["record"]] == list(range(1, cases[0].events + 1))
    assert len(told["texts"]) == texts
    assert told["calls"]
    assert [one["outcome"] for one in told["calls_of_officers"]] == ["busy"]
    assert "staff:" not in file.read_text(encoding="utf-8")
    assert number[3:] not in str(run("audit", "verify").output)


def test_no_trace_is_left_but_the_sealed_record(run: Runner, talkative: str, store: Store) -> None:
    number, words = talkative, (talkative[3:], NAME, STORY, DRAFTED)
    assert {"complaint", "message", "call", "caller", "draft", "bridge"} <= found_in(store, *words)
    with store.read() as connection:
        calls = connection.scalar(select(func.count()).select_from(Call))
    done = run("person", "erase", number, "--yes", *WHY)
    assert done.exit_code == 0, done.output
    assert found_in(store, *words) == set()
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == calls  # they are still counted
        for case in session.scalars(select(Complaint).where(Complaint.text == "(erased)")):
            verify_chain(session, case)
    assert "acts, each as it was written" in run("audit", "verify").output


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": "in_progress", "closed_at": None}, "is open"),
        ({"closed_at": datetime.now(UTC) - timedelta(days=29)}, "may still appeal"),
        ({"state": "merged"}, "follows another"),
    ],
)
def test_what_is_still_needed_is_not_erased(
    run: Runner, number: str, store: Store, values: dict[str, object], why: str
) -> None:
    mine = Complaint.contact_number == number
    store.write(lambda connection: connection.execute(update(Complaint).where(mine).values(**values)))
    refused = run("person", "erase", number, "--yes", *WHY)
    assert (refused.exit_code, why in refused.output) == (1, True)
    assert "complaint" in found_in(store, NAME)


def test_a_hold_keeps_everything_until_it_is_released(run: Runner, number: str, store: Store) -> None:
    with store.session() as session:
        case = session.scalars(select(Complaint).where(Complaint.contact_number == number)).first()
        assert case is not None
    assert run("person", "hold", case.reference, *WHY).exit_code == 0
    assert "held already" in run("person", "hold", case.reference, *WHY).output
    refused = run("person", "erase", number, "--yes", *WHY)
    assert (refused.exit_code, "is under a hold" in refused.output) == (1, True)
    assert run("person", "release", case.reference, *WHY).exit_code == 0
    assert "Nothing holds it." in run("person", "release", case.reference, *WHY).output
    with store.session() as session:
        hold = session.scalars(select(LegalHold)).one()
        assert (hold.placed_by, hold.released_by) == ("the operator", "the operator")
        mine = (
            select(ComplaintEvent.kind).where(ComplaintEvent.complaint_id == case.id).order_by(ComplaintEvent.n.desc())
        )
        assert session.scalars(mine.limit(2)).all() == ["hold_released", "held"]
    assert run("person", "erase", number, "--yes", *WHY).exit_code == 0


def test_it_asks_once_more_and_knows_junk(run: Runner, number: str, store: Store) -> None:
    assert "Nothing was erased." in run("person", "erase", number, *WHY).output
    assert "complaint" in found_in(store, NAME)
    assert "is no telephone number" in run("person", "export", "hello", *WHY).output
    assert "There is no complaint" in run("person", "hold", "26-000-000-000", *WHY).output


def test_a_file_that_cannot_be_deleted_is_named_when_the_rows_are_gone(run: Runner, number: str, store: Store) -> None:
    """There is no telephone network to ask here."""
    told = {"recording_sid": "RE1", "request_reference": "31111111111", "created_at": datetime.now(UTC)}
    store.write(lambda connection: connection.execute(insert(VoiceMessage).values(number=number, **told)))
    done = run("person", "erase", number, "--yes", *WHY)
    assert done.exit_code == 1
    assert "The rows are erased" in done.output
    assert "RE1" in done.output
    assert found_in(store, NAME, number[3:]) == set()


def test_a_file_that_others_could_read_is_closed_to_them(run: Runner, number: str, tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.touch(mode=0o644)
    assert run("person", "export", number, "--to", str(file), *WHY).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
