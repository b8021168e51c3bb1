"""A supervisor beside a talk, over real HTTP: who hears whom is the local network's own word."""

from typing import Any

import pytest
import requests

from ivr.call_control import (
    Accepted,
    NotFree,
    TalkOver,
    end_talk,
    listen_in,
    rejoin,
    speak_as,
    stop_listening,
)
from models.audit_entry import AuditEntry
from models.leg import Leg
from models.listening import Listening
from models.talk import Talk
from tests.ivr.exchange import Exchange, exchange
from tests.ivr.test_talk_over_the_wire import answered, hire, into_the_queue

__all__ = ["exchange"]


class Room:
    """The one conference that goes on."""

    def __init__(self, exchange: Exchange) -> None:
        self._url = exchange.url

    def read(self) -> dict[str, Any]:
        rooms = requests.get(f"{self._url}/local/rooms", timeout=10).json()["rooms"]
        return dict(rooms[0]) if rooms else {}

    def hears(self, sid: str) -> set[str]:
        """Whom this call hears."""
        return next(set(one["hears"]) for one in self.read()["participants"] if one["call_sid"] == sid)

    def recorded(self) -> set[str]:
        return set(self.read()["recorded"])

    def size(self) -> int:
        return len(self.read().get("participants", []))


def beside(exchange: Exchange, accepted: Accepted) -> tuple[int, str]:
    """A supervisor who listens: their id and their line."""
    boss = exchange.office.hire("boss", ready=False)
    line = exchange.connect(listen_in(exchange.telephone, accepted.talk_id, boss), boss)
    exchange.until(lambda: exchange.office.row(Listening, ended_at=None))
    exchange.until(lambda: Room(exchange).size() == 3)
    return boss, line


def modes(exchange: Exchange) -> list[tuple[str, str | None]]:
    return [(row.mode, row.ended_by) for row in exchange.office.rows(Listening)]


def test_listening_whispering_and_speaking_are_heard_by_whom_they_should_be(exchange: Exchange) -> None:
    staff = hire(exchange)
    caller = into_the_queue(exchange).sid
    accepted, rep = answered(exchange, staff)
    boss, line = beside(exchange, accepted)
    room = Room(exchange)
    assert room.hears(line) == {caller, rep}
    assert (room.hears(caller), room.hears(rep), room.recorded()) == ({rep}, {caller}, {caller, rep})

    speak_as(exchange.telephone, accepted.talk_id, boss, "whisper")
    assert (room.hears(caller), room.hears(rep), room.recorded()) == ({rep}, {caller, line}, {caller, rep})

    speak_as(exchange.telephone, accepted.talk_id, boss, "barge")
    assert (room.hears(caller), room.hears(rep)) == ({rep, line}, {caller, line})
    assert room.recorded() == {caller, rep, line}

    speak_as(exchange.telephone, accepted.talk_id, boss, "listen")
    assert (room.hears(caller), room.hears(rep)) == ({rep}, {caller})

    stop_listening(exchange.telephone, accepted.talk_id, boss)
    exchange.until(lambda: room.size() == 2)
    assert exchange.office.row(Talk).state == "live"
    assert modes(exchange) == [("listen", "mode"), ("whisper", "mode"), ("barge", "mode"), ("listen", "supervisor")]
    assert all(row.ended_at is not None for row in exchange.office.rows(Listening))
    acts = [row.action for row in exchange.office.rows(AuditEntry, subject=f"talk:{accepted.talk_id}")]
    assert acts == ["listening_began", *["listening_changed"] * 3, "listening_ended"]


def test_the_end_of_the_talk_ends_the_listening_and_leaves_nobody_behind(exchange: Exchange) -> None:
    staff = hire(exchange)
    call = into_the_queue(exchange)
    accepted, _rep = answered(exchange, staff)
    boss, _line = beside(exchange, accepted)
    call.hang_up()
    exchange.until(lambda: exchange.office.row(Talk).state == "ended")
    exchange.until(lambda: Room(exchange).size() == 0)
    exchange.until(lambda: exchange.office.row(Leg, role="supervisor").state == "out")
    assert modes(exchange) == [("listen", "talk_over")]
    with pytest.raises(TalkOver):
        speak_as(exchange.telephone, accepted.talk_id, boss, "barge")


def test_a_whisper_reaches_nobody_once_the_representatives_line_is_gone(exchange: Exchange) -> None:
    staff = hire(exchange)
    caller = into_the_queue(exchange).sid
    accepted, rep = answered(exchange, staff)
    boss, line = beside(exchange, accepted)
    speak_as(exchange.telephone, accepted.talk_id, boss, "whisper")
    exchange.hang_up(rep, staff)
    exchange.until(lambda: exchange.office.row(Leg, role="representative").state == "out")
    room = Room(exchange)
    assert room.hears(caller) == set()
    exchange.until(lambda: exchange.office.row(Listening, ended_at=None).mode == "listen")
    exchange.until(lambda: all(one["muted"] for one in room.read()["participants"] if one["call_sid"] == line))
    again = exchange.connect(rejoin(exchange.telephone, accepted.talk_id, staff), staff)
    exchange.until(lambda: room.size() == 3)
    assert (room.hears(caller), room.hears(again)) == ({again}, {caller})


def test_a_supervisor_alone_keeps_no_talk_alive(exchange: Exchange) -> None:
    office, staff = exchange.office, hire(exchange)
    into_the_queue(exchange)
    accepted, rep = answered(exchange, staff)
    beside(exchange, accepted)
    exchange.hang_up(rep, staff)
    exchange.until(lambda: office.row(Leg, role="representative").state == "out")
    office.clock.advance(25)
    exchange.until(lambda: office.row(Talk).ended_by == "lost")
    exchange.until(lambda: Room(exchange).size() == 0)
    assert modes(exchange) == [("listen", "talk_over")]


def test_a_lost_line_of_the_supervisor_ends_the_listening_and_not_the_talk(exchange: Exchange) -> None:
    staff = hire(exchange)
    into_the_queue(exchange)
    accepted, _rep = answered(exchange, staff)
    boss, line = beside(exchange, accepted)
    exchange.hang_up(line, boss)
    exchange.until(lambda: exchange.office.row(Listening).ended_at)
    assert (modes(exchange), exchange.office.row(Talk).state) == ([("listen", "line")], "live")
    with pytest.raises(TalkOver):
        speak_as(exchange.telephone, accepted.talk_id, boss, "whisper")


def test_nobody_listens_during_a_talk_of_their_own_or_to_one_that_is_over(exchange: Exchange) -> None:
    staff = hire(exchange)
    into_the_queue(exchange)
    accepted, _rep = answered(exchange, staff)
    with pytest.raises(NotFree):
        listen_in(exchange.telephone, accepted.talk_id, staff)
    end_talk(exchange.telephone, accepted.talk_id, staff)
    boss = exchange.office.hire("boss", ready=False)
    with pytest.raises(TalkOver):
        listen_in(exchange.telephone, accepted.talk_id, boss)
