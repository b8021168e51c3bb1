"""Silent, crank and abusive callers: a sentence, and the voice for a while. Nobody is ever blocked."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert

from ivr.call_control import TalkOver, end_with_exit_line, hold
from ivr.router import Router
from models.diversion import Diversion
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.services.diversions import divert, lift
from models.staff import Staff
from models.store import Store
from models.talk import Talk
from tests.ivr.line_in_test import CALLER, CallInTest, LineInTest
from tests.ivr.provider import Provider
from tests.ivr.test_handing_on import Consulting, two

__all__ = ["two"]


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def divert_now(line: LineInTest, until: timedelta) -> None:
    now = line.clock.now()

    def write(connection):  # type: ignore[no-untyped-def]  # a connection of the store
        staff = {"login": "a", "name": "A", "password_hash": "", "created_at": now}
        staff_id = connection.execute(insert(Staff).values(**staff).returning(Staff.id)).scalar_one()
        talk = {"staff_id": staff_id, "conference": "old", "created_at": now, "state": "ended"}
        talk_id = connection.execute(insert(Talk).values(**talk).returning(Talk.id)).scalar_one()
        row = {"number": CALLER, "reason": "crank", "talk_id": talk_id, "made_by": staff_id, "made_at": now}
        connection.execute(insert(Diversion).values(**row, until=now + until))

    line.store.write(write)


def wait(call: CallInTest) -> CallInTest:
    call.post(call.last.address("Enqueue", "waitUrl"), QueuePosition="1", QueueSid="QU1", QueueTime="0")
    return call


def test_a_diverted_caller_asks_for_a_person_and_gets_the_voice(line: LineInTest) -> None:
    line.work("en")
    divert_now(line, timedelta(hours=24))
    call = line.call().join_queue()
    Router(line.telephone).tick()
    with line.store.session() as session:
        assert session.query(Offer).count() == 0
    wait(call)
    assert "leave a message" in call.last.said
    assert "1 1 2" in call.last.said
    assert [node.tag for node in call.last.root][-1] == "Leave"
    assert line.entry("CA1").ended_as == "overflow"


def test_whether_a_caller_is_diverted_is_looked_up_before_the_turn_is_written(line: LineInTest) -> None:
    """While the turn is being written others wait for the store: their entry is written once, and as it is to be."""
    line.work("en")
    divert_now(line, timedelta(hours=24))
    said: list[str] = []

    def note(conn: object, cursor: object, statement: str, *more: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        line.call().join_queue()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert line.entry("CA1").longest_wait_s == 0
    assert not [statement for statement in said if statement.startswith("UPDATE queue_entry")]


def test_a_diversion_ends_by_itself(line: LineInTest) -> None:
    line.work("en")
    divert_now(line, timedelta(hours=24))
    line.clock.advance(24 * 3600)
    assert line.call().join_queue().last is not None
    assert line.entry("CA1").longest_wait_s > 0


def test_the_emergency_key_works_for_a_diverted_caller(line: LineInTest) -> None:
    divert_now(line, timedelta(hours=24))
    call = line.call()
    call.dial().press("2", "3")
    assert "1 1 2" in call.last.said


def test_the_caller_hears_a_sentence_and_the_number_is_diverted_for_a_day(two: Consulting) -> None:
    office = two.office
    until = end_with_exit_line(office.telephone, two.talk_id, two.asha, "abusive")
    assert until == office.clock.now() + timedelta(hours=24)
    [moved] = office.network.requests("POST", f"/Calls/{two.call_sid}")
    reply = Provider(office).post(moved.form["Url"], CallSid=two.call_sid, CallStatus="in-progress")
    assert reply.verbs[-1] == "Hangup"
    assert "112" in reply.said
    assert office.network.conferences == {}
    assert (office.row(Talk).state, office.presence(two.asha)) == ("ended", "wrap_up")
    assert office.row(QueueEntry).ended_as == "answered"
    with pytest.raises(TalkOver):
        end_with_exit_line(office.telephone, two.talk_id, two.asha, "abusive")
    with pytest.raises(TalkOver):
        hold(office.telephone, two.talk_id, two.asha)


def test_a_second_time_lasts_a_week_and_one_that_was_lifted_does_not_count(two: Consulting) -> None:
    office = two.office
    number = "+919830000002"
    end_with_exit_line(office.telephone, two.talk_id, two.asha, "silent")
    assert office.row(Diversion).number == number
    assert office.store.write(lambda c: lift(c, two.talk_id, two.asha))

    def again(talk_id: int) -> timedelta:
        now = office.clock.now()
        until = office.store.write(
            lambda c: divert(c, number=number, reason="crank", talk_id=talk_id, staff_id=two.asha, now=now)
        )
        assert until is not None
        return until - now

    def other_talk() -> int:
        values = {"staff_id": two.asha, "conference": f"t{len(office.rows(Talk))}", "state": "ended"}
        row = insert(Talk).values(**values, created_at=office.clock.now())
        office.store.write(lambda c: c.execute(row))
        return int(office.row(Talk).id)

    assert again(other_talk()) == timedelta(hours=24)
    assert again(other_talk()) == timedelta(days=7)
    office.clock.advance(31 * 24 * 3600)
    assert again(other_talk()) == timedelta(hours=24)


def test_a_network_that_says_no_sentence_ends_the_talk_all_the_same(two: Consulting) -> None:
    office = two.office
    office.network.refuse("POST", f"/Calls/{two.call_sid}", 500, 20500)
    end_with_exit_line(office.telephone, two.talk_id, two.asha, "crank")
    assert (office.row(Talk).state, office.network.conferences) == ("ended", {})
