"""The router: one on duty, timers of talks, commands that are repeated until they succeed, and the sweep."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, update

from ivr.call_control import accept_offer, end_talk, go_ready
from ivr.departures import caller_left
from ivr.last_resort import write_promise
from ivr.router import Router
from ivr.talks import begin_talk, leg_out
from ivr.wake import DESK_CHANNEL, ROUTER_CHANNEL, Listener, RedisWake
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.event import DeskEvent
from models.flow_version import FlowVersion
from models.leg import Leg
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.ivr.office import Office
from tests.ivr.test_call_control import LEG, answer, connect, talk
from tests.valkey import Valkey


def test_one_router_of_two_is_on_duty_and_the_other_takes_over(office: Office) -> None:
    first, second = Router(office.telephone), Router(office.telephone)
    assert first.tick()
    assert not second.tick()
    for _ in range(10):
        office.clock.advance(2)
        assert first.tick()
        assert not second.tick()
    # The first one dies: nothing renews its lease.
    office.clock.advance(6)
    assert second.tick()
    assert not first.tick()


def test_a_router_takes_in_the_promises_of_its_machine_whoever_is_on_duty(office: Office) -> None:
    assert Router(office.telephone).tick()
    config = replace(office.telephone.config, data_dir=office.telephone.config.data_dir / "another-machine")
    write_promise(config.spool_dir, "CA1", "+919830012345", office.clock.now())
    assert not Router(replace(office.telephone, config=config)).tick()
    assert [(row.number, row.reason) for row in office.rows(CallBack)] == [("+919830012345", "fault")]


def test_a_call_whose_menus_can_be_read_no_more_keeps_no_promise_waiting(office: Office) -> None:
    sid = office.enqueue()
    now = office.clock.now()
    about = {"flow": "helpline", "number": 99, "content_hash": "of another program", "author": "x", "created_at": now}

    def leave(connection: Connection) -> None:
        connection.execute(insert(FlowVersion).values(id=99, source="{}", **about))
        connection.execute(update(Call).values(flow_version_id=99, ended_at=now))
        caller_left(connection, sid, now)

    office.store.write(leave)
    office.tick()
    assert [row.reason for row in office.rows(CallBack)] == ["abandoned"]


def test_router_that_stops_hands_over_at_once(office: Office) -> None:
    first, second = Router(office.telephone), Router(office.telephone)
    assert first.tick()
    first.step_down()
    assert second.tick()


@pytest.mark.every_store
def test_routers_at_once_make_one_offer(office: Office) -> None:
    office.hire("asha")
    office.enqueue()
    routers = [Router(office.telephone) for _ in range(4)]
    start = threading.Barrier(4)

    def look(router: Router) -> None:
        start.wait()
        router.tick()

    threads = [threading.Thread(target=look, args=(router,)) for router in routers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(office.rows(Offer)) == 1


def test_no_leg_within_eight_seconds_puts_the_caller_first_in_line(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    answer(office, staff)
    urgent = office.enqueue(urgent=True, priority=10, ahead_since=office.clock.now() - timedelta(hours=1))
    office.tick(7)
    assert office.row(Talk).state == "connecting"
    office.tick(1)
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "no_leg")
    assert office.presence(staff) == "missed"  # whose line does not come is not rung for the next one
    other = office.hire("bimal")
    office.tick()
    assert office.row(Offer).staff_id == other
    assert office.row(QueueEntry, call_sid=sid).state == "offered"
    assert office.row(QueueEntry, call_sid=urgent).state == "waiting"


def test_talk_without_a_representative_is_given_up_after_25_seconds(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, staff, sid)
    conference = office.row(Talk).conference
    office.network.conferences = {conference: "CF" + "1" * 32}
    leg = office.row(Leg, role="representative")
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))
    office.tick(24)
    assert office.row(Talk).state == "live"
    office.tick(1)
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "lost")
    assert office.network.requests("POST", f"/Conferences/CF{'1' * 32}")
    entry = office.row(QueueEntry)
    assert (entry.state, entry.priority) == ("waiting", 100)
    assert office.row(Offer).state == "lost"
    other = office.hire("bimal")
    office.tick()
    assert office.row(Offer).staff_id == other
    accept_offer(office.telephone, office.row(Offer).id, other)
    assert office.row(QueueEntry).state == "accepted"


def test_lost_caller_who_hangs_up_is_rung_back(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, staff, sid)
    leg = office.row(Leg, role="representative")
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))
    office.tick(25)
    office.network.statuses[sid] = "completed"
    office.tick(60)
    office.tick(6)
    assert office.row(QueueEntry).ended_as == "abandoned"
    promised = office.row(CallBack)
    assert (promised.reason, promised.number) == ("talk_lost", office.row(Call, sid=sid).from_number)
    office.tick(6)
    assert len(office.rows(CallBack)) == 1


def test_caller_who_has_gone_is_told_to_the_desk(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    office.network.refuse("POST", f"/Queues/QU{'1' * 32}/Members/{sid}", 404, 20404)
    office.network.refuse("POST", f"/Calls/{sid}", 400, 21220)
    office.tick()
    assert office.row(QueueEntry).ended_as == "abandoned"
    assert office.row(Call, sid=sid).ended_at is not None
    assert office.rows(DeskEvent, kind="caller_gone")
    assert office.presence(staff) == "ready"
    office.tick()
    office.tick()
    assert office.network.requests("POST", f"/Calls/{LEG}")[0].form == {"Status": "completed"}


def test_caller_on_the_way_by_the_second_way_is_not_taken_for_gone(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    office.network.refuse("POST", f"/Queues/QU{'1' * 32}/Members/{sid}", 404, 20404)
    office.tick()
    [moved] = office.network.requests("POST", f"/Calls/{sid}")
    assert moved.form["Url"].endswith(f"/voice/calls/{sid}/talk/{accepted.talk_id}")
    assert office.row(Talk).state == "connecting"


def test_move_is_repeated_until_the_network_answers(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    path = f"/Queues/QU{'1' * 32}/Members/{sid}"
    office.network.refuse("POST", path, 503, 20503, times=2)
    for _ in range(4):
        office.tick(2)
    assert len(office.network.requests("POST", path)) == 3
    assert office.row(Command, kind="move_caller").done_at is not None


def test_command_of_a_killed_router_is_sent_by_the_next(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    claimed = office.clock.now() + timedelta(seconds=30)
    office.store.write(lambda c: c.execute(update(Command).values(claimed_until=claimed, attempts=1)))
    office.tick(20)
    assert not office.network.requests("POST", f"/Queues/QU{'1' * 32}/Members/{sid}")
    office.tick(11)
    assert office.network.requests("POST", f"/Queues/QU{'1' * 32}/Members/{sid}")


def test_caller_who_does_not_come_frees_the_representative(office: Office) -> None:
    staff = office.hire("asha")
    office.enqueue()
    connect(office, answer(office, staff), staff)
    office.tick(40)
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "failed")
    assert office.row(QueueEntry).state in ("waiting", "offered")


@pytest.mark.parametrize("phase", ["menus", "queued", "talk"])
def test_call_whose_end_was_never_told_is_closed(office: Office, phase: str) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    if phase == "talk":
        talk(office, staff, sid)
    office.network.statuses |= {sid: "completed", LEG: "completed"}
    for _ in range(4):
        office.tick(20)
    call = office.row(Call, sid=sid)
    assert (call.phase, call.status) == ("ended", "completed")
    assert office.row(QueueEntry).state == "ended"
    assert [one for one in office.rows(Talk) if one.state != "ended"] == []


def test_living_call_is_asked_after_and_left_alone(office: Office) -> None:
    sid = office.enqueue()
    for _ in range(5):
        office.tick(30)
    assert office.row(Call, sid=sid).ended_at is None
    assert 2 <= len(office.network.requests("GET", f"/Calls/{sid}")) <= 4


def test_leg_whose_end_was_never_told_is_found_out(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, staff, sid)
    office.network.statuses[LEG] = "completed"
    office.tick(50)
    office.tick()
    assert office.row(Leg, role="representative").state == "out"
    office.tick(25)
    assert office.row(Talk).ended_by == "lost"


def test_leg_left_behind_in_an_ended_talk_is_ended(office: Office) -> None:
    staff = office.hire("asha")
    accepted = talk(office, staff, office.enqueue())
    office.network.conferences = {office.row(Talk).conference: "CF" + "1" * 32}
    end_talk(office.telephone, accepted.talk_id, staff)
    # The conference has ended, and no report of the leg's end ever comes.
    for _ in range(3):
        office.tick(6)
    assert office.row(Leg, role="representative").state == "out"
    assert office.network.requests("POST", f"/Calls/{LEG}")


def test_abandoned_caller_is_promised_a_call_once(office: Office) -> None:
    sid = office.enqueue()
    office.store.write(lambda c: caller_left(c, sid, office.clock.now()))
    now = office.clock.now()
    office.store.write(lambda c: c.execute(update(Call).values(ended_at=now, phase="ended")))
    for _ in range(3):
        office.tick(6)
    promised = office.row(CallBack)
    assert (promised.reason, promised.state, promised.queue) == ("abandoned", "open", "helpline")
    assert len(office.rows(CallBack)) == 1


def test_promises_of_the_last_resort_are_taken_in(office: Office) -> None:
    spool = office.telephone.config.spool_dir
    write_promise(spool, "CA" + "5" * 32, "+919830012345", office.clock.now())
    (spool / "broken.json").write_text("{")
    office.tick()
    promised = office.row(CallBack)
    assert (promised.reason, promised.number) == ("fault", "+919830012345")
    assert list(spool.glob("*.json")) == []
    assert list(spool.glob("*.unreadable"))
    write_promise(spool, "CA" + "5" * 32, "+919830012345", office.clock.now())
    office.tick(6)
    assert len(office.rows(CallBack)) == 1


def test_nudge_ends_the_wait_and_without_redis_time_does(valkey: Valkey) -> None:
    listener, wake, stop = Listener(valkey.url, ROUTER_CHANNEL), RedisWake(valkey.url), threading.Event()
    assert not listener.wait(0.01, stop)  # subscribes
    wake.desk()
    assert not listener.wait(0.05, stop)
    wake.router()
    assert listener.wait(5, stop)
    assert ROUTER_CHANNEL != DESK_CHANNEL
    valkey.stop()
    assert not listener.wait(0.01, stop)
    wake.router()
    assert not listener.wait(0.01, stop)
    listener.close()


@pytest.mark.every_store
def test_router_runs_without_redis_until_it_is_stopped(office: Office) -> None:
    """Redis away: pairing, answering and ending go on."""
    away = office.woken_by(RedisWake("unix:///nowhere/valkey.sock"))
    staff = away.hire("asha", ready=False)
    go_ready(away.telephone, staff)
    stop = threading.Event()
    running = threading.Thread(target=Router(away.telephone).run, args=(stop,))
    running.start()
    try:
        sid = away.enqueue()
        _until(lambda: away.row(Offer) is not None)
        accepted = accept_offer(away.telephone, away.row(Offer).id, staff)
        connect(away, accepted, staff)
        _until(lambda: away.network.requests("POST", f"/Queues/QU{'1' * 32}/Members/{sid}"))
        away.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, away.clock.now()))
        end_talk(away.telephone, accepted.talk_id, staff)
    finally:
        stop.set()
        running.join()
    assert away.row(Talk).state == "ended"
    assert Router(away.telephone).tick()  # the duty was given up


def _until(happened: Callable[[], object]) -> None:
    for _ in range(500):
        if happened():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen")
