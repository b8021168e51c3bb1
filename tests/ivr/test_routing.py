"""Offers and presences: who rings, who is missed, and that every stay in the queue ends once."""

from datetime import timedelta

import pytest

from ivr.call_control import (
    AlreadyTaken,
    NotFree,
    OfferExpired,
    accept_offer,
    decline,
    finish_wrap_up,
    go_offline,
    go_ready,
    heartbeat,
    take_break,
)
from ivr.departures import caller_left, leave_queue
from models.event import DeskEvent
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.talk import Talk
from tests.ivr.office import Office


def hang_up(office: Office, sid: str) -> None:
    office.store.write(lambda connection: caller_left(connection, sid, office.clock.now()))


def test_caller_is_offered_to_who_is_longest_ready(office: Office) -> None:
    first, second = office.hire("asha"), office.hire("bimal")
    sid = office.enqueue()
    office.tick()
    offer = office.row(Offer)
    assert (offer.staff_id, offer.state) == (first, "ringing")
    assert offer.expires_at == office.clock.now() + timedelta(seconds=20)
    assert office.row(QueueEntry).state == "offered"
    assert office.row(Presence, staff_id=first).call_sid == sid
    assert (office.presence(first), office.presence(second)) == ("offered", "ready")
    assert [event.subject for event in office.rows(DeskEvent, kind="offer")] == [str(offer.id)]


def test_nobody_rings_for_a_language_they_do_not_speak(office: Office) -> None:
    office.hire("asha", languages=("en",))
    office.enqueue(language="hi")
    office.tick()
    assert office.row(Offer) is None


def test_missed_offer_makes_missed_and_rings_elsewhere(office: Office) -> None:
    first, second = office.hire("asha"), office.hire("bimal")
    office.enqueue()
    office.tick()
    entered = office.row(QueueEntry).ahead_since
    office.tick(20)
    assert [offer.state for offer in office.rows(Offer)] == ["missed", "ringing"]
    assert (office.presence(first), office.presence(second)) == ("missed", "offered")
    assert office.row(QueueEntry).ahead_since == entered
    office.tick(20)
    # Both have missed: nobody is rung a second time unasked, however long the caller waits.
    office.tick(60)
    assert len(office.rows(Offer)) == 2
    go_ready(office.telephone, first)
    office.tick()
    assert office.row(Offer).staff_id == first


def test_caller_who_hangs_up_while_it_rings_stops_the_ringing(office: Office) -> None:
    staff = office.hire("asha")
    since = office.row(Presence, staff_id=staff).since
    sid = office.enqueue()
    office.tick()
    hang_up(office, sid)
    assert office.row(Offer).state == "withdrawn"
    assert office.presence(staff) == "ready"
    assert office.row(Presence, staff_id=staff).since == since  # no turn lost
    entry = office.row(QueueEntry)
    assert (entry.state, entry.ended_as) == ("ended", "abandoned")
    assert office.rows(DeskEvent, kind="offer_over")
    with pytest.raises(OfferExpired):
        accept_offer(office.telephone, office.row(Offer).id, staff)


def test_key_in_the_queue_races_the_answer_and_one_wins(office: Office) -> None:
    staff = office.hire("asha")
    sid = office.enqueue()
    office.tick()
    offer = office.row(Offer).id
    now = office.clock.now()
    accept_offer(office.telephone, offer, staff)
    assert not office.store.write(lambda c: leave_queue(c, sid, "callback", now, left_key="1"))
    assert office.row(QueueEntry).state == "accepted"

    other = office.enqueue()
    second = office.hire("bimal")
    office.tick()
    offer = office.row(Offer).id
    assert office.store.write(lambda c: leave_queue(c, other, "callback", now, left_key="1"))
    with pytest.raises(OfferExpired):
        accept_offer(office.telephone, offer, second)
    assert office.row(QueueEntry, call_sid=other).ended_as == "callback"
    assert office.presence(second) == "ready"


def test_answer_after_twenty_seconds_is_too_late(office: Office) -> None:
    staff = office.hire("asha")
    office.enqueue()
    office.tick()
    office.clock.advance(20)
    with pytest.raises(OfferExpired):
        accept_offer(office.telephone, office.row(Offer).id, staff)


def test_somebody_elses_offer_cannot_be_answered(office: Office) -> None:
    first, second = office.hire("asha"), office.hire("bimal")
    office.enqueue()
    office.tick()
    offer = office.row(Offer).id
    with pytest.raises(OfferExpired):
        accept_offer(office.telephone, offer, second)
    accept_offer(office.telephone, offer, first)
    with pytest.raises(AlreadyTaken) as taken:
        accept_offer(office.telephone, offer, second)
    assert taken.value.who == "Asha"


def test_declined_offer_rings_elsewhere(office: Office) -> None:
    first, second = office.hire("asha"), office.hire("bimal")
    office.enqueue()
    office.tick()
    decline(office.telephone, office.row(Offer).id, first)
    office.tick()
    assert office.row(Offer).staff_id == second
    assert office.row(Presence, staff_id=first).reason == "declined"


def test_break_gives_the_ringing_caller_to_somebody_else(office: Office) -> None:
    first, second = office.hire("asha"), office.hire("bimal")
    office.enqueue()
    office.tick()
    take_break(office.telephone, first, "tea")
    office.tick()
    assert office.presence(first) == "break"
    assert office.row(Offer).staff_id == second


@pytest.mark.parametrize("state", ["ready", "offered", "break"])
def test_silent_browser_is_offline_after_its_lease(office: Office, state: str) -> None:
    staff = office.hire("asha")
    if state == "offered":
        office.enqueue()
    if state == "break":
        take_break(office.telephone, staff)
    office.tick()
    assert office.presence(staff) == state
    office.clock.advance(46)
    office.look()
    assert office.presence(staff) == "offline"
    if state == "offered":
        assert office.row(QueueEntry).state == "waiting"


def test_heartbeat_keeps_a_browser_alive(office: Office) -> None:
    staff = office.hire("asha")
    for _ in range(4):
        office.clock.advance(30)
        assert heartbeat(office.telephone, staff) == "ready"
        office.look()
    assert office.presence(staff) == "ready"


def test_who_was_never_seen_is_offline_and_may_go_ready(office: Office) -> None:
    staff = office.hire("asha", ready=False)
    assert heartbeat(office.telephone, staff) == "offline"
    go_ready(office.telephone, staff)
    go_ready(office.telephone, staff)
    assert office.presence(staff) == "ready"
    go_offline(office.telephone, staff)
    assert office.presence(staff) == "offline"


def test_during_a_talk_presence_is_not_ones_own(office: Office) -> None:
    staff = office.hire("asha")
    office.enqueue()
    office.tick()
    accept_offer(office.telephone, office.row(Offer).id, staff)
    with pytest.raises(NotFree) as refused:
        go_ready(office.telephone, staff)
    assert refused.value.state == "talk"
    with pytest.raises(NotFree):
        take_break(office.telephone, staff)
    finish_wrap_up(office.telephone, staff)
    assert office.presence(staff) == "talk"


def test_two_looks_at_once_make_one_offer(office: Office) -> None:
    office.hire("asha")
    office.hire("bimal")
    office.enqueue()
    office.tick()
    office.tick()
    assert len(office.rows(Offer)) == 1
    assert office.rows(Talk) == []
