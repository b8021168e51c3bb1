"""A caller who speaks with an emergency service: our own line may drop or leave, and nobody is torn away or held."""

import pytest

from ivr.call_control import (
    NotConnectedYet,
    TalkOver,
    call_service,
    check_number,
    end_talk,
    hand_over,
    hold,
    take_back,
)
from ivr.gateway import GatewayError
from ivr.keypad_checks import end_check
from ivr.talks import leg_out
from models.keypad_check import KeypadCheck
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.talk import Talk
from models.transfer import Transfer
from tests.ivr.test_handing_on import CONFERENCE, Consulting, answered, served, two
from tests.ivr.test_keypad import NUMBER

__all__ = ["served", "two"]


def lose_our_line(two: Consulting) -> None:
    leg = two.office.row(Leg, staff_id=two.asha)
    two.office.store.write(lambda c: leg_out(c, leg.id, two.office.clock.now()))


def test_our_lost_line_leaves_the_caller_with_the_service_and_nobody_asks_them_to_wait(served: Consulting) -> None:
    office = served.office
    provider, path, leg = answered(served)
    lose_our_line(served)
    for wait_s in (1, 12, 11):
        office.tick(wait_s)
    assert office.network.requests("POST", f"/Conferences/{CONFERENCE}") == []
    assert provider.post(f"/voice/legs/stay/{served.talk_id}", CallSid=served.call_sid).verbs == []
    assert office.row(Talk).state == "live"
    office.tick(1)
    assert (office.row(Transfer).state, office.row(Talk).ended_by) == ("alone", "with_service")
    assert (office.row(QueueEntry).ended_as, office.presence(served.asha)) == ("answered", "wrap_up")
    office.tick(1)
    assert office.network.requests("POST", f"/Calls/{leg}") == []
    assert CONFERENCE in office.network.conferences.values()
    provider.post(f"{path}/status", CallSid=leg, CallStatus="completed")
    office.tick(1)
    assert (office.row(Transfer).state, office.network.conferences) == ("done", {})


def test_a_lost_line_while_the_service_still_rings_puts_the_caller_first_in_line(served: Consulting) -> None:
    office = served.office
    call_service(office.telephone, served.talk_id, served.asha, "112")
    lose_our_line(served)
    office.tick(25)
    assert (office.row(Transfer).reason, office.row(Talk).ended_by) == ("ended", "lost")


def test_a_held_caller_is_brought_back_before_we_leave_them_with_the_service(served: Consulting) -> None:
    office = served.office
    answered(served)
    hold(office.telephone, served.talk_id, served.asha)
    hand_over(office.telephone, served.talk_id, served.asha)
    assert served.held() == ["true", "false"]
    assert (office.row(Talk).held, office.row(Transfer).state) == (False, "alone")


def test_a_network_that_does_not_bring_the_caller_back_keeps_us_in_the_talk(served: Consulting) -> None:
    office = served.office
    answered(served)
    hold(office.telephone, served.talk_id, served.asha)
    office.network.refuse("POST", served.participant, 500, 20500)
    with pytest.raises(GatewayError):
        hand_over(office.telephone, served.talk_id, served.asha)
    assert (office.row(Talk).state, office.row(Talk).held, office.row(Transfer).state) == ("live", True, "joined")


def test_a_caller_held_when_our_line_was_lost_is_brought_back_to_the_service(served: Consulting) -> None:
    office = served.office
    answered(served)
    hold(office.telephone, served.talk_id, served.asha)
    lose_our_line(served)
    office.network.refuse("POST", served.participant, 500, 20500)
    office.tick(25)
    assert served.held() == ["true", "false"]
    office.tick(1)  # that was refused: again
    assert served.held() == ["true", "false", "false"]
    assert (office.row(Transfer).state, office.row(Talk).held_s) == ("alone", 25)


def test_nobody_hands_over_a_talk_of_somebody_else(served: Consulting) -> None:
    office = served.office
    answered(served)
    hold(office.telephone, served.talk_id, served.asha)
    with pytest.raises(TalkOver):
        hand_over(office.telephone, served.talk_id, served.bimal)
    assert (served.held(), office.row(Talk).held) == (["true"], True)


@pytest.mark.parametrize("way", ["taken back", "hung up"])
def test_a_guest_who_is_let_go_is_hung_up_at_once_and_no_conference_is_looked_for(two: Consulting, way: str) -> None:
    office = two.office
    guest = two.consulted()
    own = two.conference(guest)
    if way == "taken back":
        take_back(office.telephone, two.talk_id, two.asha)
    else:
        end_talk(office.telephone, guest, two.bimal)
    office.look()
    assert office.row(Leg, talk_id=guest).state == "out"
    assert own not in [asked.query["FriendlyName"] for asked in office.network.requests("GET", "/Conferences")]
    assert CONFERENCE in office.network.conferences.values()


def test_each_time_a_citizen_leaves_the_network_is_asked_where_they_are(two: Consulting) -> None:
    """The way to the keypad is the first of them, and not the last."""
    office = two.office

    def tell(event: str, sequence: int) -> None:
        two.tell(f"participant-{event}", sequence)
        office.tick(1)

    check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    tell("leave", 4)
    assert office.row(Talk).state == "live"
    office.store.write(lambda c: end_check(c, office.row(KeypadCheck).id, "right", office.clock.now()))
    tell("join", 5)
    tell("leave", 6)
    assert len(office.network.requests("GET", f"/Calls/{two.call_sid}")) == 2
    assert office.row(Talk).ended_by == "caller"


def test_nobody_is_left_with_a_service_that_has_hung_up(served: Consulting) -> None:
    office = served.office
    provider, path, leg = answered(served)
    provider.post(f"{path}/status", CallSid=leg, CallStatus="completed")
    with pytest.raises(NotConnectedYet):
        hand_over(office.telephone, served.talk_id, served.asha)
