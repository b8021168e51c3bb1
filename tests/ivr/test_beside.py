"""A supervisor's line in somebody's talk: what the books say of it is what the network is brought to, in the end."""

import pytest

from ivr.call_control import NotConnectedYet, TalkOver, join_all, listen_in, speak_as, stop_listening
from ivr.gateway import GatewayError
from ivr.listenings import begin_listening
from ivr.tickets import use_ticket
from models.command import Command
from models.leg import Leg
from models.listening import Listening
from tests.ivr.test_handing_on import CONFERENCE, Consulting, two

__all__ = ["two"]

LINE = "CA" + "e" * 32
PARTICIPANT = f"/Conferences/{CONFERENCE}/Participants/{LINE}"


@pytest.fixture
def boss(two: Consulting) -> int:
    """A supervisor who listens to Asha."""
    office = two.office
    staff_id = office.hire("boss", ready=False)
    accepted = listen_in(office.telephone, two.talk_id, staff_id)
    now = office.clock.now()
    entrance = office.store.write(lambda c: use_ticket(c, accepted.ticket, LINE, staff_id, now))
    assert entrance is not None
    office.store.write(lambda c: begin_listening(c, two.talk_id, staff_id, entrance.leg_id, now))
    return staff_id


def told(two: Consulting) -> list[dict[str, str]]:
    return [asked.form for asked in two.office.network.requests("POST", PARTICIPANT)]


def test_a_microphone_that_the_network_did_not_close_is_closed_by_the_router(two: Consulting, boss: int) -> None:
    office = two.office
    speak_as(office.telephone, two.talk_id, boss, "barge")
    before = len(told(two))
    office.network.refuse("POST", PARTICIPANT, 500, 20500)
    with pytest.raises(GatewayError):
        speak_as(office.telephone, two.talk_id, boss, "listen")
    assert office.row(Listening, ended_at=None).mode == "listen"
    office.look()
    assert told(two)[before:] == [{"Muted": "true"}, {"Muted": "true"}, {"Coaching": "false"}]
    assert office.rows(Command, kind="silence", done_at=None) == []


def test_whoever_has_chosen_to_speak_again_is_not_muted_by_what_is_left_over(two: Consulting, boss: int) -> None:
    office = two.office
    speak_as(office.telephone, two.talk_id, boss, "barge")
    office.network.refuse("POST", PARTICIPANT, 500, 20500)
    with pytest.raises(GatewayError):
        speak_as(office.telephone, two.talk_id, boss, "listen")
    speak_as(office.telephone, two.talk_id, boss, "barge")
    assert told(two)[-1] == {"Muted": "false"}
    office.look()
    assert told(two)[-1] == {"Muted": "false"}
    assert office.rows(Command, kind="silence", done_at=None) == []


def test_a_line_that_the_network_did_not_end_is_ended_by_the_router(two: Consulting, boss: int) -> None:
    office = two.office
    office.network.refuse("POST", f"/Calls/{LINE}", 500, 20500)
    stop_listening(office.telephone, two.talk_id, boss)
    listening = office.row(Listening)
    assert (listening.ended_by, office.row(Leg, role="supervisor").state) == ("supervisor", "in")
    office.look()
    asked = [asked.form for asked in office.network.requests("POST", f"/Calls/{LINE}")]
    assert asked == [{"Status": "completed"}] * 2
    assert office.row(Leg, role="supervisor").state == "out"
    stop_listening(office.telephone, two.talk_id, boss)
    with pytest.raises(TalkOver):
        speak_as(office.telephone, two.talk_id, boss, "barge")


def test_the_conference_that_the_network_has_told_of_is_not_asked_for(two: Consulting, boss: int) -> None:
    office = two.office
    two.tell("conference-start")
    speak_as(office.telephone, two.talk_id, boss, "whisper")
    assert office.network.requests("GET", "/Conferences") == []
    two.tell("conference-end")  # all have left; the next one to come in begins another of the same name
    speak_as(office.telephone, two.talk_id, boss, "listen")
    assert len(office.network.requests("GET", "/Conferences")) == 1


def test_nobody_listens_to_a_guest_whose_talk_has_no_conference(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    join_all(office.telephone, two.talk_id, two.asha)
    boss = office.hire("boss", ready=False)
    with pytest.raises(NotConnectedYet):
        listen_in(office.telephone, guest, boss)
    assert listen_in(office.telephone, two.talk_id, boss).talk_id == two.talk_id
