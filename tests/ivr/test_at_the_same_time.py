"""Two acts at the same time, or one while the network is being asked: the caller never pays for it."""

import pytest

from ivr.call_control import (
    ColleagueBusy,
    TalkOver,
    TransferUnderWay,
    call_service,
    consult,
    end_talk,
    hold,
    take_back,
    take_break,
)
from ivr.departures import caller_left
from ivr.sending import send_commands
from models.command import Command
from models.presence import Presence
from models.talk import Talk
from models.transfer import Transfer
from tests.ivr.test_handing_on import Consulting, served, two

__all__ = ["served", "two"]


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
