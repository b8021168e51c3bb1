"""Callers handed on: to a colleague with and without a word before, to a language, to a service; nobody left alone."""

import json
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import insert

from ivr.call_control import (
    ColleagueBusy,
    NobodySpeaksIt,
    NotConnectedYet,
    OfferExpired,
    TransferUnderWay,
    accept_offer,
    accept_transfer,
    call_service,
    consult,
    decline_transfer,
    end_talk,
    go_ready,
    hand_over,
    join_all,
    send_to_colleague,
    send_to_language,
    take_back,
    take_break,
)
from ivr.departures import caller_left
from ivr.gateway import GatewayError
from ivr.leg_events import take_conference_event
from ivr.talks import begin_talk, leg_out, representative_joined
from ivr.tickets import use_ticket
from models.draft import Draft
from models.leg import Leg
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.talk import Talk
from models.transfer import Transfer
from tests.ivr.office import Office
from tests.ivr.provider import Provider

CONFERENCE = "CF" + "1" * 32


@dataclass
class Consulting:
    """Asha's talk with a caller, and Bimal, who is ready."""

    office: Office
    asha: int
    bimal: int
    talk_id: int
    call_sid: str

    @property
    def participant(self) -> str:
        return f"/Conferences/{CONFERENCE}/Participants/{self.call_sid}"

    def enter(self, staff: int, ticket: str, sid: str) -> str:
        """A leg comes in by its ticket: the conference that it is let into."""
        now = self.office.clock.now()
        entrance = self.office.store.write(lambda c: use_ticket(c, ticket, sid, staff, now))
        assert entrance is not None
        self.office.store.write(lambda c: representative_joined(c, entrance.talk_id, now))
        return entrance.conference

    def ask(self) -> int:
        consult(self.office.telephone, self.talk_id, self.asha, self.bimal)
        return int(self.office.row(Transfer).id)

    def consulted(self) -> int:
        """Bimal has answered and is in: his talk."""
        accepted = accept_transfer(self.office.telephone, self.ask(), self.bimal)
        assert self.enter(self.bimal, accepted.ticket, "CA" + "c" * 32) == self.conference(self.talk_id)
        return accepted.talk_id

    def tell(self, event: str, sequence: int = 0) -> None:
        """The network tells of the conference."""
        form = {
            "FriendlyName": self.conference(self.talk_id),
            "StatusCallbackEvent": event,
            "ConferenceSid": CONFERENCE,
        }
        told = form | {"CallSid": self.call_sid, "SequenceNumber": str(sequence)}
        self.office.store.write(lambda c: take_conference_event(c, told, self.office.clock.now()))

    def conference(self, talk_id: int) -> str:
        return str(self.office.row(Talk, id=talk_id).conference)

    def held(self) -> list[str]:
        return [asked.form["Hold"] for asked in self.office.network.requests("POST", self.participant)]


@pytest.fixture
def two(office: Office) -> Consulting:
    asha, call_sid = office.hire("asha"), office.enqueue(tell={"category": "ration"})
    office.tick()
    accepted = accept_offer(office.telephone, office.row(Offer).id, asha)
    both = Consulting(office, asha, office.hire("bimal"), accepted.talk_id, call_sid)
    name = both.enter(asha, accepted.ticket, "CA" + "b" * 32)
    office.store.write(lambda c: begin_talk(c, accepted.talk_id, call_sid, office.clock.now()))
    office.network.conferences = {name: CONFERENCE}
    data = json.dumps({"text": "half a story", "talk": str(accepted.talk_id)})
    row = {"staff_id": asha, "call_sid": call_sid, "data": data, "version": 3}
    now = office.clock.now()
    office.store.write(lambda c: c.execute(insert(Draft).values(**row, created_at=now, updated_at=now)))
    return both


def test_a_colleague_is_consulted_while_the_caller_is_held_and_takes_over_with_the_draft(two: Consulting) -> None:
    office, name = two.office, two.conference(two.talk_id)
    guest = two.consulted()
    assert (office.presence(two.bimal), office.row(Talk, id=two.talk_id).held, two.held()) == ("talk", True, ["true"])
    office.tick(30)  # a consultation may take its time
    hand_over(office.telephone, two.talk_id, two.asha)
    assert two.held() == ["true", "false"]
    mine, theirs = office.row(Talk, id=two.talk_id), office.row(Talk, id=guest)
    assert (mine.state, mine.ended_by, mine.held_s) == ("ended", "transferred", 30)
    assert (theirs.state, theirs.conference, theirs.guest_of, theirs.held) == ("live", name, None, False)
    assert (office.presence(two.asha), office.presence(two.bimal)) == ("wrap_up", "talk")
    entry = office.row(QueueEntry)
    assert (entry.state, entry.staff_id, theirs.entry_id) == ("talking", two.bimal, entry.id)
    draft = office.row(Draft)
    assert (draft.staff_id, json.loads(draft.data)["talk"], draft.version) == (two.bimal, str(guest), 4)
    office.look()  # the one who left is put out of the conference, which goes on
    assert office.row(Leg, staff_id=two.asha).state == "out"
    assert office.network.conferences == {name: CONFERENCE}
    end_talk(office.telephone, guest, two.bimal)
    assert (office.row(QueueEntry).ended_as, office.network.conferences) == ("answered", {})


def test_all_three_speak_and_the_first_one_leaves(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    join_all(office.telephone, two.talk_id, two.asha)
    assert (two.held(), office.row(Transfer).state) == (["true", "false"], "joined")
    assert office.row(Talk, id=guest).state == "live"
    hand_over(office.telephone, two.talk_id, two.asha)
    assert (office.row(Transfer).state, office.row(Talk, id=guest).call_sid) == ("done", two.call_sid)


def test_a_colleague_who_does_not_answer_in_twenty_seconds_is_missed(two: Consulting) -> None:
    office = two.office
    transfer = two.ask()
    assert office.presence(two.bimal) == "offered"
    office.tick(20)
    assert (office.row(Transfer).state, office.row(Transfer).reason) == ("failed", "no_answer")
    assert (office.presence(two.bimal), office.presence(two.asha)) == ("missed", "talk")
    with pytest.raises(OfferExpired):
        accept_transfer(office.telephone, transfer, two.bimal)
    assert office.row(Talk).state == "live"


def test_a_colleague_may_decline_or_go_on_a_break(two: Consulting) -> None:
    office = two.office
    decline_transfer(office.telephone, two.ask(), two.bimal)
    assert (office.row(Transfer).reason, office.presence(two.bimal)) == ("declined", "missed")
    go_ready(office.telephone, two.bimal)
    two.ask()
    take_break(office.telephone, two.bimal, "tea")
    assert (office.row(Transfer).reason, office.presence(two.bimal)) == ("declined", "break")


def test_a_colleague_who_hangs_up_leaves_the_caller_with_the_first(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    end_talk(office.telephone, guest, two.bimal)
    assert (office.row(Transfer).reason, office.presence(two.bimal)) == ("hung_up", "ready")
    assert (office.row(Talk, id=two.talk_id).state, office.presence(two.asha)) == ("live", "talk")
    office.look()
    assert office.row(Leg, staff_id=two.bimal).state == "out"
    assert CONFERENCE in office.network.conferences.values()


def test_a_colleague_whose_line_stays_away_is_out_after_25_seconds(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    leg = office.row(Leg, staff_id=two.bimal)
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))
    office.tick(24)
    assert office.row(Talk, id=guest).state == "connecting"
    office.tick(1)
    assert (office.row(Transfer).reason, office.row(Talk, id=guest).state) == ("lost", "ended")
    assert office.row(Talk, id=two.talk_id).state == "live"


def test_a_colleague_whose_browser_never_connects_is_missed(two: Consulting) -> None:
    office = two.office
    accept_transfer(office.telephone, two.ask(), two.bimal)
    office.tick(8)
    assert (office.row(Transfer).reason, office.presence(two.bimal)) == ("lost", "missed")


def test_a_caller_who_hangs_up_in_the_consultation_frees_both(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    office.store.write(lambda c: caller_left(c, two.call_sid, office.clock.now()))
    assert (office.presence(two.asha), office.presence(two.bimal)) == ("wrap_up", "ready")
    assert (office.row(Talk, id=guest).state, office.row(Transfer).reason) == ("ended", "caller_left")
    office.look()
    assert office.network.conferences == {}


def test_a_caller_who_hangs_up_while_the_colleague_rings_stops_the_ringing(two: Consulting) -> None:
    office = two.office
    two.ask()
    office.store.write(lambda c: caller_left(c, two.call_sid, office.clock.now()))
    assert (office.row(Transfer).reason, office.presence(two.bimal)) == ("caller_left", "ready")


def test_the_first_ones_lost_line_hands_the_caller_to_the_colleague_who_is_in(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    leg = office.row(Leg, staff_id=two.asha)
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))
    office.tick(24)
    assert office.row(Talk, id=two.talk_id).state == "live"
    office.tick(1)
    assert (office.row(Talk, id=guest).state, office.row(Talk, id=two.talk_id).ended_by) == ("live", "transferred")
    office.look()
    assert two.held() == ["true", "false"]
    assert not office.row(Talk, id=guest).held


def test_a_transfer_is_taken_back(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    take_back(office.telephone, two.talk_id, two.asha)
    assert (office.row(Transfer).reason, office.row(Talk, id=guest).state) == ("taken_back", "ended")
    assert (office.presence(two.bimal), two.held()) == ("ready", ["true", "false"])


def test_nobody_is_left_with_a_colleague_who_is_not_in(two: Consulting) -> None:
    office = two.office
    two.ask()
    for act in (hand_over, join_all):
        with pytest.raises(NotConnectedYet):
            act(office.telephone, two.talk_id, two.asha)
    with pytest.raises(TransferUnderWay):
        consult(office.telephone, two.talk_id, two.asha, two.bimal)
    assert office.row(Talk).state == "live"


def test_a_colleague_who_is_not_ready_is_not_rung_and_the_caller_is_back(two: Consulting) -> None:
    take_break(two.office.telephone, two.bimal, "tea")
    with pytest.raises(ColleagueBusy):
        two.ask()
    assert two.held() == ["true", "false"]
    assert not two.office.row(Talk).held


def test_a_network_that_will_not_hold_begins_no_consultation(two: Consulting) -> None:
    two.office.network.refuse("POST", two.participant, 500, 20500)
    with pytest.raises(GatewayError):
        two.ask()
    assert two.office.rows(Transfer) == []
    assert two.office.presence(two.bimal) == "ready"


def test_a_release_that_the_network_did_not_hear_is_sent_again(two: Consulting) -> None:
    office = two.office
    guest = two.consulted()
    office.network.refuse("POST", two.participant, 500, 20500)
    hand_over(office.telephone, two.talk_id, two.asha)
    assert office.row(Talk, id=guest).held
    office.tick(1)
    assert not office.row(Talk, id=guest).held


def test_cold_to_a_colleague_rings_them_first_and_then_anybody(two: Consulting) -> None:
    office = two.office
    send_to_colleague(office.telephone, two.talk_id, two.asha, two.bimal)
    first, second = office.rows(QueueEntry)
    assert (first.ended_as, second.state, second.priority) == ("answered", "offered", 100)
    assert second.tell == {"category": "ration"}
    assert (office.presence(two.asha), office.presence(two.bimal)) == ("wrap_up", "offered")
    assert office.network.conferences == {}  # ended at once: the caller's call goes back into the line
    chitra = office.hire("chitra")
    office.tick(20)
    assert (office.presence(two.bimal), office.row(Offer).staff_id) == ("missed", chitra)


def test_cold_to_a_colleague_who_is_busy_changes_nothing(two: Consulting) -> None:
    office = two.office
    take_break(office.telephone, two.bimal, "tea")
    with pytest.raises(ColleagueBusy):
        send_to_colleague(office.telephone, two.talk_id, two.asha, two.bimal)
    assert (office.row(Talk).state, office.rows(Transfer), len(office.rows(QueueEntry))) == ("live", [], 1)


def test_the_caller_comes_back_into_the_line_by_the_action_of_the_conference(two: Consulting) -> None:
    provider = Provider(two.office)
    send_to_language(two.office.telephone, two.talk_id, two.asha, "en")
    turn = f"/voice/calls/{two.call_sid}/turns/3"
    reply = provider.post(turn, CallSid=two.call_sid, CallStatus="in-progress", DialCallStatus="answered")
    assert reply.verbs == ["Enqueue"]
    assert two.office.row(QueueEntry).language == "en"


def test_to_a_language_that_nobody_at_work_speaks(two: Consulting) -> None:
    with pytest.raises(NobodySpeaksIt):
        send_to_language(two.office.telephone, two.talk_id, two.asha, "hi")
    assert two.office.row(Talk).state == "live"


def test_a_service_without_a_line_is_read_out_and_written_down(two: Consulting) -> None:
    assert not call_service(two.office.telephone, two.talk_id, two.asha, "112")
    assert (two.office.row(Transfer).service, two.office.row(Transfer).reason) == ("112", "read_out")
    assert two.office.network.requests("POST", "/Calls") == []
    with pytest.raises(ValueError, match="999"):
        call_service(two.office.telephone, two.talk_id, two.asha, "999")


@pytest.fixture
def served(two: Consulting) -> Consulting:
    """The same, with a line to the police."""
    config = replace(two.office.telephone.config, emergency_lines=(("112", "+913322145486"),))
    two.office.telephone = replace(two.office.telephone, config=config)
    return two


def answered(two: Consulting) -> tuple[Provider, str, str]:
    """The service is called and picks up."""
    provider = Provider(two.office)
    assert call_service(two.office.telephone, two.talk_id, two.asha, "112")
    [asked] = two.office.network.requests("POST", "/Calls")
    assert asked.form["To"] == "+913322145486"
    transfer = two.office.row(Transfer)
    path = f"/voice/services/{transfer.id}"
    reply = provider.post(path, CallSid=transfer.leg_sid, CallStatus="in-progress")
    assert reply.find("Conference").text == two.conference(two.talk_id)
    assert two.office.row(Transfer).state == "joined"
    return provider, path, transfer.leg_sid


def test_a_service_is_called_into_the_talk_and_goes_on_alone_with_the_caller(served: Consulting) -> None:
    office = served.office
    provider, path, leg = answered(served)
    hand_over(office.telephone, served.talk_id, served.asha)
    assert (office.row(Transfer).state, office.presence(served.asha)) == ("alone", "wrap_up")
    assert office.row(QueueEntry).ended_as == "answered"
    office.tick(60)  # no sweep takes them for forgotten
    assert CONFERENCE in office.network.conferences.values()
    provider.post(f"{path}/status", CallSid=leg, CallStatus="completed")
    office.tick(1)
    assert (office.row(Transfer).state, office.network.conferences) == ("done", {})


def test_a_caller_who_leaves_the_service_ends_the_conference(served: Consulting) -> None:
    office = served.office
    answered(served)
    hand_over(office.telephone, served.talk_id, served.asha)
    office.store.write(lambda c: caller_left(c, served.call_sid, office.clock.now()))
    office.tick(1)
    assert (office.row(Transfer).reason, office.network.conferences) == ("caller_left", {})


@pytest.mark.parametrize(("status", "reason"), [("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed")])
def test_a_service_that_cannot_be_reached_leaves_the_talk_as_it_was(
    served: Consulting, status: str, reason: str
) -> None:
    office = served.office
    provider = Provider(office)
    call_service(office.telephone, served.talk_id, served.asha, "112")
    transfer = office.row(Transfer)
    provider.post(f"/voice/services/{transfer.id}/status", CallSid=transfer.leg_sid, CallStatus=status)
    assert (office.row(Transfer).state, office.row(Transfer).reason) == ("failed", reason)
    assert office.row(Talk).state == "live"
    late = provider.post(f"/voice/services/{transfer.id}", CallSid=transfer.leg_sid, CallStatus="in-progress")
    assert late.verbs == ["Hangup"]


def test_a_service_that_hangs_up_first_leaves_the_caller_with_us(served: Consulting) -> None:
    office = served.office
    provider, path, leg = answered(served)
    provider.post(f"{path}/status", CallSid=leg, CallStatus="completed")
    assert (office.row(Transfer).state, office.row(Talk).state) == ("done", "live")


def test_a_service_whose_end_went_unheard_is_asked_after(served: Consulting) -> None:
    office = served.office
    _, _, leg = answered(served)
    hand_over(office.telephone, served.talk_id, served.asha)
    office.network.statuses[leg] = "completed"
    office.tick(60)
    office.tick(1)
    assert (office.row(Transfer).state, office.network.conferences) == ("done", {})


def test_the_end_of_the_talk_ends_the_call_that_still_rings_at_the_service(served: Consulting) -> None:
    office = served.office
    call_service(office.telephone, served.talk_id, served.asha, "112")
    leg = office.row(Transfer).leg_sid
    end_talk(office.telephone, served.talk_id, served.asha)
    office.tick(1)
    assert office.row(Transfer).reason == "ended"
    assert [asked.form for asked in office.network.requests("POST", f"/Calls/{leg}")] == [{"Status": "completed"}]
