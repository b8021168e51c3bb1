"""Rule 18: whatever a caller may do. Keys too early, too many and none stand with rule 7, a full queue with rule 8."""

import threading

import pytest

from tests.emulator.rig import CALLER, OTHER, Rig

VERBS = {
    "Say": "<Say>a long sentence that goes on</Say>",
    "Pause": "<Say>x</Say><Pause length='30'/>",
    "Gather": "<Gather action='/next' timeout='30'/>",
    "Record": "<Record action='/next' timeout='30'/>",
    "Enqueue": "<Enqueue action='/next' waitUrl=''>q</Enqueue>",
    "Conference": "<Dial action='/next'><Conference waitUrl=''>room</Conference></Dial>",
    "Number": f"<Dial action='/next' timeout='60'>{OTHER}</Dial>",
    "Queue": "<Dial action='/next' timeout='60'><Queue>q</Queue></Dial>",
}


@pytest.mark.parametrize("verb", list(VERBS))
def test_rule_18_hanging_up_at_any_verb_ends_the_call_with_one_callback(rig: Rig, verb: str) -> None:
    rig.client.queues.create(friendly_name="q")
    rig.on("/voice", f"<Response>{VERBS[verb]}<Say>not reached</Say></Response>")
    rig.on("/next", "<Response><Say>not heard</Say></Response>")
    sid = rig.dial()
    rig.advance(1)
    rig.hang_up(sid)
    rig.advance(120)
    assert rig.status(sid) == "completed"
    assert [seen.form["CallSid"] for seen in rig.asked("/status")] == [sid]
    assert not {"not reached", "not heard"} & set(rig.said(sid))
    assert {seen.form["CallStatus"] for seen in rig.asked("/next")} <= {"completed"}


def test_rule_18_hanging_up_twice_changes_nothing(rig: Rig) -> None:
    rig.on("/voice", f"<Response>{VERBS['Pause']}</Response>")
    sid = rig.dial()
    rig.hang_up(sid)
    rig.hang_up(sid)
    assert len(rig.application.wait_for("/status")) == 1


def test_rule_18_one_caller_may_call_twice_at_once(rig: Rig) -> None:
    rig.on("/voice", "<Response><Gather action='/key' numDigits='1'/></Response>")
    first, second = rig.dial(), rig.dial()
    assert {call["call_sid"] for call in rig.phone(CALLER)["calls"]} == {first, second}
    rig.press(second, "2")
    assert [(seen.form["CallSid"], seen.form["Digits"]) for seen in rig.asked("/key")] == [(second, "2")]
    assert rig.status(first) == "in-progress"


def test_rule_18_a_withheld_caller_can_still_be_found_by_their_telephone(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>x</Say><Pause length='60'/></Response>")
    sid = rig.dial(withheld=True)
    assert rig.phone(CALLER)["calls"][0] == {
        "call_sid": sid,
        "from": "anonymous",
        "to": rig.settings.number,
        "status": "in-progress",
        "direction": "inbound",
    }


def test_rule_18_hanging_up_while_the_other_end_rings_stops_its_ringing(rig: Rig) -> None:
    rig.on("/voice", f"<Response><Dial>{OTHER}</Dial></Response>")
    sid = rig.dial()
    rig.advance(1)
    assert rig.phone(OTHER)["ringing"]
    rig.hang_up(sid)
    assert rig.phone(OTHER)["ringing"] == []


def test_rule_18_hanging_up_while_held(rig: Rig) -> None:
    rig.on("/voice", "<Response><Dial><Conference waitUrl=''>room</Conference></Dial></Response>")
    first, second = rig.dial(), rig.dial(OTHER)
    sid = rig.client.conferences.list()[0].sid
    rig.client.conferences(sid).participants(first).update(hold=True, hold_url=rig.application.url + "/hold")
    rig.hang_up(first)
    assert [each.call_sid for each in rig.client.conferences(sid).participants.list()] == [second]


def test_rule_18_hanging_up_in_the_middle_of_a_transfer_leaves_the_two_others(rig: Rig) -> None:
    rig.on("/voice", "<Response><Dial><Conference waitUrl=''>room</Conference></Dial></Response>")
    caller, agent = rig.dial(), rig.dial(OTHER)
    sid = rig.client.conferences.list()[0].sid
    rig.client.conferences(sid).participants(caller).update(hold=True)
    second = rig.dial("+919830022222")
    rig.hang_up(caller)
    assert {each.call_sid for each in rig.client.conferences(sid).participants.list()} == {agent, second}
    assert rig.client.conferences(sid).fetch().status == "in-progress"


def test_rule_18_keys_on_a_call_that_is_over_and_keys_that_are_none_are_refused(rig: Rig) -> None:
    rig.on("/voice", "<Response><Pause length='60'/></Response>")
    sid = rig.dial()
    assert rig.http.post(f"/local/calls/{sid}/keys", json={"keys": "x"}).status_code == 400
    rig.hang_up(sid)
    assert rig.http.post(f"/local/calls/{sid}/keys", json={"keys": "1"}).status_code == 409


def test_rule_18_fifty_callers_at_once(rig: Rig) -> None:
    rig.on("/voice", "<Response><Gather numDigits='1' action='/key'><Say>press one</Say></Gather></Response>")
    rig.on("/key", "<Response><Enqueue waitUrl='/wait'>q</Enqueue></Response>")
    rig.on("/wait", "<Response><Pause length='10'/></Response>")
    sids: list[str] = []

    def call(n: int) -> None:
        reply = rig.http.post(f"/local/phones/+91983000{n:04d}/dial", json={"to": rig.settings.number})
        sids.append(reply.json()["call_sid"])

    threads = [threading.Thread(target=call, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rig.settle()
    for sid in sids:
        rig.http.post(f"/local/calls/{sid}/keys", json={"keys": "1"})
    rig.advance(25)
    queue = rig.client.queues.list()[0]
    assert queue.current_size == 50
    assert len(rig.client.queues(queue.sid).members.list()) == 50
    assert len(rig.asked("/wait")) == 150
