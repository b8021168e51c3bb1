"""Rule 9: conferences."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.emulator.application import Reply, Seen
from tests.emulator.rig import CALLER, OTHER, Rig

ALL = "start end join leave mute hold modify announcement"
THIRD = "+919830033333"


def room(attributes: str = "", dial: str = "action='/dialled'") -> str:
    return f"<Response><Dial {dial}><Conference waitUrl='' {attributes}>room</Conference></Dial></Response>"


def told(attributes: str = "", path: str = "/conference") -> str:
    return room(f"statusCallback='{path}' statusCallbackEvent='{ALL}' {attributes}")


def by_caller(rig: Rig, documents: dict[str, str]) -> None:
    """Each number gets its own document."""

    def answer(seen: Seen) -> str:
        return documents[seen.form["From"]]

    rig.on("/voice", answer)
    rig.on("/dialled", "<Response><Say>after the room</Say></Response>")


def two_in(rig: Rig, first: str = "", second: str = "") -> tuple[str, str, str]:
    """Caller and representative in a room: their calls and the conference."""
    by_caller(rig, {CALLER: told(first), OTHER: told(second, "/other")})
    sids = rig.dial(CALLER), rig.dial(OTHER)
    return *sids, rig.client.conferences.list(friendly_name="room")[0].sid


def events(rig: Rig, path: str = "/conference") -> list[str]:
    rig.settle()
    return [seen.form["StatusCallbackEvent"] for seen in rig.asked(path)]


def test_rule_09_it_starts_with_two_and_ends_with_none(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    assert rig.client.conferences(sid).fetch().status == "in-progress"
    rig.hang_up(first)
    assert rig.client.conferences(sid).fetch().status == "in-progress"
    rig.hang_up(second)
    done = rig.client.conferences(sid).fetch()
    assert (done.status, done.reason_conference_ended, done.call_sid_ending_conference) == (
        "completed",
        "last-participant-left",
        second,
    )
    assert rig.client.conferences(sid).participants.list() == []
    assert events(rig) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [seen.form["SequenceNumber"] for seen in rig.asked("/conference")] == list("123456")
    assert rig.asked("/conference")[3].form["ReasonParticipantLeft"] == "participant_hung_up"
    assert rig.asked("/conference")[5].form["ReasonConferenceEnded"] == "last-participant-left"


def test_rule_09_before_it_starts_the_wait_document_plays_once(rig: Rig) -> None:
    rig.on("/voice", "<Response><Dial><Conference waitUrl='/wait'>room</Conference></Dial></Response>")
    rig.on("/wait", "<Response><Say>alone</Say></Response>")
    sid = rig.dial()
    rig.advance(60)
    assert rig.said(sid) == ["alone"]
    assert rig.client.conferences.list()[0].status == "init"


def test_rule_09_nobody_starts_it_without_start_conference_on_enter(rig: Rig) -> None:
    by_caller(rig, {each: room("startConferenceOnEnter='false'") for each in (CALLER, OTHER)} | {THIRD: room()})
    rig.dial(CALLER)
    rig.dial(OTHER)
    assert rig.client.conferences.list()[0].status == "init"
    rig.dial(THIRD)
    assert rig.client.conferences.list(status="in-progress")[0].friendly_name == "room"


def test_rule_09_only_the_first_participants_callback_counts(rig: Rig) -> None:
    two_in(rig)
    assert events(rig, "/other") == []
    assert events(rig) != []


def test_rule_09_only_the_events_that_were_asked_for_are_told(rig: Rig) -> None:
    by_caller(
        rig,
        {
            CALLER: room("statusCallback='/conference' statusCallbackEvent='leave'"),
            OTHER: room(),
        },
    )
    rig.dial(CALLER)
    rig.hang_up(rig.dial(OTHER))
    assert events(rig) == ["participant-leave"]


def test_rule_09_who_ends_it_ends_it_for_all_and_they_go_on_with_their_own_documents(rig: Rig) -> None:
    first, second, sid = two_in(rig, second="endConferenceOnExit='true'")
    rig.hang_up(second)
    action = rig.asked("/dialled")
    mine = next(seen.form for seen in action if seen.form["CallSid"] == first)
    assert mine["DialCallStatus"] == "answered"
    assert not {"DialCallSid", "DialCallDuration"} & set(mine)
    assert rig.said(first) == ["after the room"]
    assert rig.client.conferences(sid).fetch().reason_conference_ended == "participant-with-end-conference-on-exit-left"


def test_rule_09_hanging_up_still_asks_the_dial_action_unless_that_is_switched_off(rig: Rig) -> None:
    first, second, _ = two_in(rig)
    rig.hang_up(first)
    assert rig.application.wait_for("/dialled")[0].form["CallStatus"] == "completed"
    rig.fault(dial_action_after_hangup=False)
    rig.hang_up(second)
    rig.settle()
    assert len(rig.asked("/dialled")) == 1


def test_rule_09_ending_it_by_rest(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    assert rig.client.conferences(sid).update(status="completed").status == "completed"
    rig.settle()
    assert (rig.said(first), rig.said(second)) == (["after the room"], ["after the room"])
    end = rig.asked("/conference")[-1].form
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert "CallSidEndingConference" not in end


def test_rule_09_hold_plays_its_document_by_get_and_unhold_ends_it(rig: Rig) -> None:
    first, _, sid = two_in(rig)
    hold = rig.on("/hold", "<Response><Say>on hold</Say><Pause length='20'/></Response>")
    held = rig.client.conferences(sid).participants(first).update(hold=True, hold_url=hold)
    assert held.hold is True
    rig.settle()
    assert (rig.asked("/hold")[0].method, rig.said(first)) == ("GET", ["on hold"])
    rig.client.conferences(sid).participants(first).update(hold=False)
    rig.advance(60)
    assert rig.kinds(first)[-1] == "talk"
    assert events(rig)[-2:] == ["participant-hold", "participant-unhold"]


def test_rule_09_mute_and_unmute(rig: Rig) -> None:
    first, _, sid = two_in(rig)
    rig.client.conferences(sid).participants(first).update(muted=True)
    assert [each.call_sid for each in rig.client.conferences(sid).participants.list(muted=True)] == [first]
    rig.client.conferences(sid).participants(first).update(muted=False)
    assert events(rig)[-2:] == ["participant-mute", "participant-unmute"]


def test_rule_09_ending_on_exit_cannot_be_changed_while_held(rig: Rig) -> None:
    first, _, sid = two_in(rig)
    participant = rig.client.conferences(sid).participants(first)
    participant.update(hold=True)
    assert participant.update(end_conference_on_exit=True).end_conference_on_exit is False
    participant.update(hold=False)
    assert participant.update(end_conference_on_exit=True).end_conference_on_exit is True


def test_rule_09_announcements_are_heard_and_told(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    url = rig.on("/announce", "<Response><Say>attention</Say></Response>")
    rig.client.conferences(sid).update(announce_url=url)
    rig.advance(2)
    assert (rig.said(first), rig.said(second)) == (["attention"], ["attention"])
    rig.client.conferences(sid).participants(first).update(announce_url=rig.on("/bad", Reply(status=500)))
    rig.advance(2)
    assert events(rig)[-2:] == ["announcement-end", "announcement-fail"]


def test_rule_09_a_label_that_is_taken_keeps_the_second_out(rig: Rig) -> None:
    by_caller(rig, {each: room("participantLabel='agent'") for each in (CALLER, OTHER)})
    rig.dial(CALLER)
    sid = rig.dial(OTHER)
    assert rig.alerts() == [16025]
    assert rig.said(sid) == ["after the room"]
    conference = rig.client.conferences.list()[0]
    assert rig.client.conferences(conference.sid).participants("agent").fetch().label == "agent"


def test_rule_09_coaching_needs_someone_there(rig: Rig) -> None:
    first, _, sid = two_in(rig)
    by_caller(rig, {THIRD: room(f"coach='{first}'"), "+919830044444": room("coach='CA0'")})
    third = rig.dial(THIRD)
    assert rig.client.conferences(sid).participants(third).fetch().call_sid_to_coach == first
    rig.dial("+919830044444")
    assert rig.alerts() == [13240]
    rig.client.conferences(sid).participants(third).update(coaching=False)
    assert rig.client.conferences(sid).participants(third).fetch().coaching is False


def test_rule_09_deleting_a_participant_ends_that_leg(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    assert rig.client.conferences(sid).participants(second).delete()
    rig.settle()
    assert (rig.status(second), rig.status(first)) == ("completed", "in-progress")
    assert rig.client.conferences(sid).participants(first).delete()
    assert rig.client.conferences(sid).fetch().reason_conference_ended == "last-participant-kicked"


def test_rule_09_participants_are_dialled_in_and_may_come_first(rig: Rig) -> None:
    made = rig.client.conferences("desk").participants.create(
        from_=rig.settings.number,
        to=OTHER,
        label="agent",
        status_callback=rig.application.url + "/leg",
        status_callback_event=["ringing", "answered", "completed"],
        conference_status_callback=rig.application.url + "/conference",
        conference_status_callback_event=["start", "join"],
        end_conference_on_exit=True,
    )
    assert (made.label, made.status) == ("agent", "queued")
    rig.advance(1)
    sid = rig.answer(OTHER)
    assert rig.client.conferences(made.conference_sid).participants("agent").fetch().status == "connected"
    assert events(rig) == ["participant-join"]
    rig.hang_up(sid)
    assert [seen.form["CallStatus"] for seen in rig.application.wait_for("/leg", 3)] == [
        "ringing",
        "in-progress",
        "completed",
    ]


def test_rule_09_a_wait_document_that_fails_leaves_no_conference(rig: Rig) -> None:
    rig.on("/voice", "<Response><Dial action='/dialled'><Conference waitUrl='/bad'>room</Conference></Dial></Response>")
    rig.on("/bad", Reply(status=500))
    rig.dial()
    assert rig.application.wait_for("/dialled")[0].form["DialCallStatus"] == "failed"
    assert rig.client.conferences.list(status="in-progress") == []


def test_rule_09_callbacks_may_be_made_to_swap_places(rig: Rig) -> None:
    rig.fault(reorder_callbacks=True)
    two_in(rig)
    rig.advance(2)
    assert [seen.form["SequenceNumber"] for seen in rig.asked("/conference")] == ["2", "1", "3"]


def test_rule_09_an_ended_conference_takes_nobody(rig: Rig) -> None:
    _, _, sid = two_in(rig)
    rig.client.conferences(sid).update(status="completed")
    with pytest.raises(TwilioRestException):
        rig.client.conferences(sid).participants.create(from_=rig.settings.number, to=OTHER)


def test_rule_09_the_star_leaves_where_that_is_asked_for(rig: Rig) -> None:
    by_caller(rig, {CALLER: room(dial="action='/dialled' hangupOnStar='true'"), OTHER: room()})
    first = rig.dial(CALLER)
    rig.dial(OTHER)
    rig.press(first, "*")
    assert rig.said(first) == ["after the room"]


def rooms(rig: Rig) -> dict[str, set[str]]:
    """Whom each call of the one room hears."""
    [found] = requests.get(f"{rig.url}/local/rooms", timeout=10).json()["rooms"]
    return {one["call_sid"]: set(one["hears"]) for one in found["participants"]}


def test_rule_09_who_coaches_is_heard_by_the_coached_one_alone_and_is_not_recorded(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    rig.on("/voice", room("muted='true'"))
    coach = rig.dial(THIRD)
    assert rooms(rig) == {first: {second}, second: {first}, coach: {first, second}}
    participant = rig.client.conferences(sid).participants(coach)
    participant.update(coaching=True, call_sid_to_coach=second)
    participant.update(muted=False)
    assert rooms(rig) == {first: {second}, second: {first, coach}, coach: {first, second}}
    [found] = requests.get(f"{rig.url}/local/rooms", timeout=10).json()["rooms"]
    assert set(found["recorded"]) == {first, second}
    participant.update(coaching=False)
    assert rooms(rig) == {first: {second, coach}, second: {first, coach}, coach: {first, second}}
    rig.hang_up(second)
    assert rooms(rig) == {first: {coach}, coach: {first}}


def test_rule_09_on_hold_nobody_hears_or_is_heard(rig: Rig) -> None:
    first, second, sid = two_in(rig)
    rig.client.conferences(sid).participants(first).update(hold=True)
    assert rooms(rig) == {first: set(), second: set()}
