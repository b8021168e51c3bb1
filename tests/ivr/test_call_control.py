"""Answering, ending, holding, ringing back: one winner, one end, and the rows that follow."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert

from ivr.call_control import (
    Accepted,
    AlreadyTaken,
    NotConnectedYet,
    NotFree,
    NothingToDial,
    OfferExpired,
    TalkOver,
    accept_offer,
    dial_back,
    end_talk,
    finish_wrap_up,
    hold,
    rejoin,
    unhold,
)
from ivr.departures import caller_left
from ivr.gateway import GatewayError
from ivr.talks import begin_talk, leg_out, representative_joined
from ivr.tickets import use_ticket
from models.call_back import CallBack
from models.command import Command
from models.event import DeskEvent
from models.leg import Leg
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.ivr.office import Office

LEG = "CA" + "b" * 32


def answer(office: Office, staff: int) -> Accepted:
    """Ring and answer, up to the ticket."""
    office.tick()
    return accept_offer(office.telephone, office.row(Offer).id, staff)


def connect(office: Office, accepted: Accepted, staff: int, sid: str = LEG) -> int | None:
    """The representative's leg comes in by its ticket."""
    now = office.clock.now()
    entrance = office.store.write(lambda c: use_ticket(c, accepted.ticket, sid, staff, now))
    if entrance is None:
        return None
    office.store.write(lambda c: representative_joined(c, entrance.talk_id, now))
    return entrance.leg_id


def talk(office: Office, staff: int, sid: str) -> Accepted:
    """A talk that is live."""
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    office.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, office.clock.now()))
    return accepted


@pytest.mark.every_store
def test_fifty_answers_at_once_have_one_winner(office: Office) -> None:
    staff = office.hire("asha")
    office.enqueue()
    office.tick()
    offer = office.row(Offer).id
    outcomes: list[object] = []
    start = threading.Barrier(50)

    def try_it() -> None:
        start.wait()
        try:
            outcomes.append(accept_offer(office.telephone, offer, staff))
        except (AlreadyTaken, OfferExpired) as error:
            outcomes.append(error)

    threads = [threading.Thread(target=try_it) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, AlreadyTaken)]
    assert (len(won), len(lost)) == (1, 49)
    assert {error.who for error in lost} == {"Asha"}
    assert len(office.rows(Talk)) == 1
    assert len(office.rows(Leg, role="representative")) == 1


def test_ticket_is_good_once_for_its_owner_and_eight_seconds(office: Office) -> None:
    staff, other = office.hire("asha"), office.hire("bimal")
    office.enqueue()
    accepted = answer(office, staff)
    assert connect(office, accepted, other) is None
    first = connect(office, accepted, staff)
    assert first is not None
    assert connect(office, accepted, staff) == first  # the network asks again: the same leg
    assert connect(office, accepted, staff, "CA" + "c" * 32) is None
    assert accepted.ticket not in str(office.row(Leg, role="representative").ticket_hash)


def test_old_ticket_opens_nothing(office: Office) -> None:
    staff = office.hire("asha")
    office.enqueue()
    accepted = answer(office, staff)
    office.clock.advance(8)
    assert connect(office, accepted, staff) is None


def test_caller_is_moved_only_when_the_leg_is_in(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    office.tick()
    assert office.rows(Command) == []
    connect(office, accepted, staff)
    office.tick()
    [moved] = office.network.requests("POST", f"/Queues/QU{'1' * 32}/Members/{sid}")
    assert moved.form["Url"] == f"https://helpline.example.gov.in/voice/calls/{sid}/talk/{accepted.talk_id}"


def test_caller_who_comes_in_twice_is_in_once(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    connect(office, accepted, staff)
    now = office.clock.now()
    names = {office.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, now)) for _ in range(2)}
    assert names == {office.row(Talk).conference}
    assert office.store.write(lambda c: begin_talk(c, accepted.talk_id, "CA" + "f" * 32, now)) is None
    entry = office.row(QueueEntry)
    assert (entry.state, entry.staff_id, entry.answered_at) == ("talking", staff, now)


def test_end_closes_the_talk_and_begins_the_wrap_up(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = talk(office, staff, sid)
    conference = office.row(Talk).conference
    office.network.conferences = {conference: "CF" + "1" * 32}
    end_talk(office.telephone, accepted.talk_id, staff)
    end_talk(office.telephone, accepted.talk_id, staff)
    ended = office.row(Talk)
    assert (ended.state, ended.ended_by) == ("ended", "representative")
    assert len(office.network.requests("POST", f"/Conferences/CF{'1' * 32}")) == 1
    entry = office.row(QueueEntry)
    assert (entry.state, entry.ended_as) == ("ended", "answered")
    presence = office.row(Presence, staff_id=staff)
    assert (presence.state, presence.wrap_until) == ("wrap_up", office.clock.now() + timedelta(seconds=60))
    assert not office.network.requests("POST", f"/Calls/{sid}")  # the caller's call goes on in its flow
    office.look()
    assert len(office.network.requests("POST", f"/Conferences/CF{'1' * 32}")) == 1


def test_wrap_up_ends_by_itself_or_by_hand(office: Office) -> None:
    staff = office.hire("asha")
    talking = talk(office, staff, office.enqueue())
    end_talk(office.telephone, talking.talk_id, staff)
    office.tick(59)
    assert office.presence(staff) == "wrap_up"
    office.tick(1)
    assert office.presence(staff) == "ready"
    talking = talk(office, staff, office.enqueue())
    end_talk(office.telephone, talking.talk_id, staff)
    finish_wrap_up(office.telephone, staff)
    assert office.presence(staff) == "ready"


def test_a_wrap_up_ends_with_an_outcome_for_its_own_talk_only(office: Office) -> None:
    staff = office.hire("asha")
    values = {"staff_id": staff, "conference": "never", "state": "ended", "created_at": office.clock.now()}
    office.store.write(lambda connection: connection.execute(insert(Talk).values(**values, ended_by="no_leg")))
    talking = talk(office, staff, office.enqueue())
    end_talk(office.telephone, talking.talk_id, staff)
    office.tick(60)
    assert office.row(Talk, id=talking.talk_id).result == "other"
    assert office.row(Talk, conference="never").result is None


def test_end_that_the_network_did_not_hear_is_sent_again(office: Office) -> None:
    staff = office.hire("asha")
    accepted = talk(office, staff, office.enqueue())
    conference = office.row(Talk).conference
    office.network.conferences = {conference: "CF" + "1" * 32}
    office.network.refuse("GET", "/Conferences", 500, 20500)
    end_talk(office.telephone, accepted.talk_id, staff)
    assert not office.network.requests("POST", f"/Conferences/CF{'1' * 32}")
    office.tick()
    assert office.network.requests("POST", f"/Conferences/CF{'1' * 32}")


def test_end_without_a_conference_hangs_up_the_leg(office: Office) -> None:
    staff = office.hire("asha")
    accepted = talk(office, staff, office.enqueue())
    end_talk(office.telephone, accepted.talk_id, staff)
    office.look()
    [asked] = office.network.requests("POST", f"/Calls/{LEG}")
    assert asked.form == {"Status": "completed"}
    assert office.row(Leg, role="representative").state == "out"


def test_only_ones_own_talk_can_be_ended(office: Office) -> None:
    staff, other = office.hire("asha"), office.hire("bimal", ready=False)
    accepted = talk(office, staff, office.enqueue())
    end_talk(office.telephone, accepted.talk_id, other)
    assert office.row(Talk).state == "live"


def test_caller_hangs_up_in_the_talk(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    talk(office, staff, sid)
    for _ in range(2):
        office.store.write(lambda c: caller_left(c, sid, office.clock.now()))
    ended = office.row(Talk)
    assert (ended.state, ended.ended_by) == ("ended", "caller")
    assert office.row(QueueEntry).ended_as == "answered"
    assert office.presence(staff) == "wrap_up"


def test_caller_gone_before_the_leg_frees_the_representative(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    answer(office, staff)
    office.store.write(lambda c: caller_left(c, sid, office.clock.now()))
    assert office.row(QueueEntry).ended_as == "abandoned"
    assert office.presence(staff) == "ready"
    assert office.rows(DeskEvent, kind="caller_gone")


def test_hold_and_back(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = talk(office, staff, sid)
    office.network.conferences = {office.row(Talk).conference: "CF" + "1" * 32}
    hold(office.telephone, accepted.talk_id, staff)
    assert office.row(Talk).held
    unhold(office.telephone, accepted.talk_id, staff)
    assert not office.row(Talk).held
    path = f"/Conferences/CF{'1' * 32}/Participants/{sid}"
    held, back = office.network.requests("POST", path)
    assert held.form["Hold"] == "true"
    assert held.form["HoldUrl"].endswith("/voice/legs/music")
    assert back.form == {"Hold": "false"}
    office.network.refuse("POST", path, 500, 20500)
    with pytest.raises(GatewayError):
        hold(office.telephone, accepted.talk_id, staff)
    assert not office.row(Talk).held


def test_hold_before_the_caller_is_in_is_too_early_and_not_over(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    accepted = answer(office, staff)
    with pytest.raises(NotConnectedYet):  # the representative's own leg is not in yet
        hold(office.telephone, accepted.talk_id, staff)
    connect(office, accepted, staff)
    office.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, office.clock.now()))
    with pytest.raises(NotConnectedYet):  # the network has not begun the conference
        hold(office.telephone, accepted.talk_id, staff)
    office.network.conferences = {office.row(Talk).conference: "CF" + "1" * 32}
    path = f"/Conferences/CF{'1' * 32}/Participants/{sid}"
    office.network.refuse("POST", path, 404, 20404)
    with pytest.raises(NotConnectedYet):  # the caller is on the way into it
        hold(office.telephone, accepted.talk_id, staff)
    assert not office.row(Talk).held
    hold(office.telephone, accepted.talk_id, staff)
    assert office.row(Talk).held
    end_talk(office.telephone, accepted.talk_id, staff)
    with pytest.raises(TalkOver):
        hold(office.telephone, accepted.talk_id, staff)


def test_hold_outside_of_ones_talk(office: Office) -> None:
    staff, other = office.hire("asha"), office.hire("bimal", ready=False)
    accepted = talk(office, staff, office.enqueue())
    with pytest.raises(TalkOver):
        hold(office.telephone, accepted.talk_id, other)
    with pytest.raises(TalkOver):
        rejoin(office.telephone, accepted.talk_id, other)


def test_reload_comes_back_by_a_new_ticket(office: Office) -> None:
    staff = office.hire("asha")
    accepted = talk(office, staff, office.enqueue())
    leg = office.row(Leg, role="representative")
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))
    office.tick(20)
    back = rejoin(office.telephone, accepted.talk_id, staff)
    assert connect(office, back, staff, "CA" + "d" * 32) is not None
    office.tick(60)
    assert office.row(Talk).state == "live"


def test_ringing_back_brings_the_representative_first(office: Office) -> None:
    staff, other = office.hire("asha"), office.hire("bimal")
    callback_id = _call_back(office)
    accepted = dial_back(office.telephone, staff, call_back_id=callback_id)
    with pytest.raises(NothingToDial):
        dial_back(office.telephone, other, call_back_id=callback_id)
    with pytest.raises(NotFree):
        dial_back(office.telephone, staff, number="+919830099999")
    office.tick(1)
    assert not office.network.requests("POST", "/Calls")
    connect(office, accepted, staff)
    office.tick(1)
    office.tick(1)
    [asked] = office.network.requests("POST", "/Calls")
    assert asked.form["To"] == "+919830012345"
    assert asked.form["Url"].endswith(f"/voice/legs/citizen/{accepted.talk_id}")
    assert office.row(Talk).call_sid


def test_network_that_cannot_ring_ends_the_attempt(office: Office) -> None:
    staff = office.hire("asha")
    callback_id = _call_back(office)
    accepted = dial_back(office.telephone, staff, call_back_id=callback_id)
    connect(office, accepted, staff)
    office.network.refuse("POST", "/Calls", 400, 21211)
    office.tick(1)
    assert (office.row(Talk).state, office.row(Talk).ended_by) == ("ended", "no_answer")
    call_back = office.row(CallBack)
    assert (call_back.state, call_back.attempts) == ("open", 1)


def test_third_try_gives_the_call_back_up(office: Office) -> None:
    staff = office.hire("asha")
    callback_id = _call_back(office)
    for attempt in range(3):
        accepted = dial_back(office.telephone, staff, call_back_id=callback_id)
        connect(office, accepted, staff, f"CA{attempt:032x}")
        office.network.refuse("POST", "/Calls", 400, 21211)
        office.tick(1)
        office.clock.advance(24 * 3600)
    assert office.row(CallBack).state == "given_up"
    with pytest.raises(NothingToDial):
        dial_back(office.telephone, staff, call_back_id=callback_id)


def _call_back(office: Office) -> int:
    now = office.clock.now()
    values = {"number": "+919830012345", "reason": "asked", "due_by": now, "created_at": now, "language": "bn"}
    return office.store.write(
        lambda c: int(
            c.execute(
                insert(CallBack).values(**values, request_reference="26482173059").returning(CallBack.id)
            ).scalar_one()
        )
    )
