"""Two acts at the same time, or one while the network is being asked: the caller never pays for it."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from ivr.call_control import (
    ColleagueBusy,
    TalkOver,
    TransferUnderWay,
    accept_transfer,
    call_service,
    check_number,
    consult,
    dial_back,
    end_talk,
    finish_wrap_up,
    hand_over,
    hold,
    send_to_language,
    take_back,
    take_break,
)
from ivr.departures import caller_left
from ivr.gateway import GatewayError
from ivr.leg_events import language_of, note_dialled_call
from ivr.sending import send_commands
from ivr.talks import begin_talk
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.event import DeskEvent
from models.outcomes import DEFAULT_OUTCOME
from models.presence import Presence
from models.talk import Talk
from models.transfer import Transfer
from tests.ivr.test_handing_on import CONFERENCE, Consulting, served, two
from tests.ivr.test_keypad import NUMBER

__all__ = ["served", "two"]

pytestmark = pytest.mark.every_store


def test_a_second_click_on_consult_leaves_the_caller_held(two: Consulting) -> None:
    """Both have seen that no transfer is under way, and the other one was quicker."""
    office = two.office
    office.network.meanwhile["POST", two.participant] = lambda: consult(
        office.telephone, two.talk_id, two.asha, two.bimal
    )
    with pytest.raises(TransferUnderWay):
        consult(office.telephone, two.talk_id, two.asha, two.bimal)
    assert two.held() == ["true", "true"]
    assert (office.row(Talk).held, office.presence(two.bimal), len(office.rows(Transfer))) == (True, "offered", 1)


def test_a_caller_who_was_held_before_stays_so_when_the_colleague_is_busy(two: Consulting) -> None:
    office = two.office
    hold(office.telephone, two.talk_id, two.asha)
    take_break(office.telephone, two.bimal, "tea")
    with pytest.raises(ColleagueBusy):
        two.ask()
    assert (office.row(Talk).held, two.held()) == (True, ["true", "true"])


def test_a_talk_that_ends_while_the_hold_is_asked_for_rings_nobody(two: Consulting) -> None:
    office = two.office
    turn = office.row(Presence, staff_id=two.bimal).since
    office.network.meanwhile["POST", two.participant] = lambda: office.store.write(
        lambda c: caller_left(c, two.call_sid, office.clock.now())
    )
    with pytest.raises(TalkOver):
        two.ask()
    presence = office.row(Presence, staff_id=two.bimal)
    assert (presence.state, presence.since, office.rows(Transfer)) == ("ready", turn, [])


def test_a_transfer_that_is_withdrawn_costs_the_colleague_no_turn(two: Consulting) -> None:
    office = two.office
    turn = office.row(Presence, staff_id=two.bimal).since
    two.ask()
    office.tick(5)
    take_back(office.telephone, two.talk_id, two.asha)
    presence = office.row(Presence, staff_id=two.bimal)
    assert (presence.state, presence.since) == ("ready", turn)


def test_a_held_caller_who_goes_to_the_keypad_is_held_no_more(two: Consulting) -> None:
    office = two.office
    hold(office.telephone, two.talk_id, two.asha)
    office.clock.advance(7)
    check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    assert (office.row(Talk).held, office.row(Talk).held_s) == (False, 7)


def test_a_held_caller_whom_the_network_does_not_move_to_the_keypad_is_held_on(two: Consulting) -> None:
    office = two.office
    hold(office.telephone, two.talk_id, two.asha)
    office.network.refuse("POST", f"/Calls/{two.call_sid}", 500, 20500)
    with pytest.raises(GatewayError):
        check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    assert office.row(Talk).held


@pytest.mark.parametrize("stop", [take_back, end_talk])
def test_a_service_whom_nobody_wants_any_more_is_hung_up_on(served: Consulting, stop: object) -> None:
    """The wish ends between our rows and the network's answer that names the call."""
    office = served.office
    assert callable(stop)
    office.network.meanwhile["POST", "/Calls"] = lambda: stop(office.telephone, served.talk_id, served.asha)
    call_service(office.telephone, served.talk_id, served.asha, "112")
    transfer = office.row(Transfer)
    assert transfer.state == "failed"
    command = office.row(Command, key=f"transfer:{transfer.id}:hang_up")
    send_commands(office.telephone)
    assert len(office.network.requests("POST", f"/Calls/{command.payload['sid']}")) == 1


def ring_back(two: Consulting) -> tuple[int, str]:
    """Chitra has rung a Hindi-speaking citizen: the talk, and the citizen's call."""
    office, now = two.office, two.office.clock.now()
    values = {"number": NUMBER, "reason": "asked", "due_by": now, "created_at": now, "language": "hi"}
    row = insert(CallBack).values(**values, request_reference="26482173059").returning(CallBack.id)
    call_back = office.store.write(lambda c: int(c.execute(row).scalar_one()))
    chitra, sid = office.hire("chitra"), "CA" + "d" * 32
    accepted = dial_back(office.telephone, chitra, call_back_id=call_back)
    name = two.enter(chitra, accepted.ticket, "CA" + "f" * 32)
    helpline = office.telephone.config.helpline_number
    office.store.write(lambda c: note_dialled_call(c, accepted.talk_id, sid, NUMBER, helpline, "hi", now))
    office.store.write(lambda c: begin_talk(c, accepted.talk_id, sid, now))
    office.network.conferences[name] = CONFERENCE
    return accepted.talk_id, sid


def consult_in(two: Consulting, talk_id: int) -> int:
    office = two.office
    chitra = office.row(Talk, id=talk_id).staff_id
    consult(office.telephone, talk_id, chitra, two.bimal)
    accepted = accept_transfer(office.telephone, office.row(Transfer).id, two.bimal)
    two.enter(two.bimal, accepted.ticket, "CA" + "c" * 32)
    return accepted.talk_id


def test_a_consulted_colleague_is_ready_again_when_a_citizen_rung_back_is_found_gone(two: Consulting) -> None:
    office = two.office
    talk_id, sid = ring_back(two)
    guest = consult_in(two, talk_id)
    replace(two, talk_id=talk_id).tell("conference-start")  # their row is written later than the guest's
    office.network.statuses[sid] = "completed"
    office.tick(60)
    office.tick(1)
    assert (office.row(Talk, id=talk_id).ended_by, office.row(Talk, id=guest).ended_by) == ("caller", "caller")
    assert office.presence(two.bimal) == "ready"
    assert office.row(CallBack).outcome == "reached"


def test_a_citizen_rung_back_hears_their_language_after_a_colleague_has_taken_over(two: Consulting) -> None:
    office = two.office
    talk_id, sid = ring_back(two)
    guest = consult_in(two, talk_id)
    hand_over(office.telephone, talk_id, office.row(Talk, id=talk_id).staff_id)
    with office.store.read() as connection:
        assert (language_of(connection, guest), office.row(Call, sid=sid).language) == ("hi", "hi")


def test_a_caller_sent_back_into_the_line_is_told_to_the_desks(two: Consulting) -> None:
    office = two.office
    before = len(office.rows(DeskEvent, kind="queue"))
    send_to_language(office.telephone, two.talk_id, two.asha, "en")
    assert len(office.rows(DeskEvent, kind="queue")) == before + 1


@pytest.mark.parametrize("way", ["break", "finish", "ring back"])
def test_whoever_leaves_the_wrap_up_without_a_word_has_said_the_default(two: Consulting, way: str) -> None:
    office = two.office
    end_talk(office.telephone, two.talk_id, two.asha)
    if way == "break":
        take_break(office.telephone, two.asha, "tea")
        assert (office.presence(two.asha), office.row(Presence, staff_id=two.asha).reason) == ("break", "tea")
    elif way == "finish":
        finish_wrap_up(office.telephone, two.asha)
        assert office.presence(two.asha) == "ready"
    else:
        dial_back(office.telephone, two.asha, number=NUMBER)
        assert office.presence(two.asha) == "talk"
    talk = office.row(Talk, id=two.talk_id)
    assert (talk.result, talk.wrapped_at) == (DEFAULT_OUTCOME, office.clock.now())
