"""Rule 8: waiting in line."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.emulator.application import Reply
from tests.emulator.rig import CALLER, OTHER, Rig

WAIT = "<Response><Say>please wait</Say><Pause length='10'/></Response>"


def enqueue(rig: Rig, more: str = "action='/left'", after: str = "<Say>after</Say>") -> None:
    rig.on("/voice", f"<Response><Enqueue waitUrl='/wait' {more}>help</Enqueue>{after}</Response>")
    rig.on("/wait", WAIT)
    rig.on("/left", "<Response><Say>left</Say></Response>")


def result(rig: Rig, n: int = 0) -> dict[str, str]:
    return rig.application.wait_for("/left", n + 1)[n].form


def test_rule_08_the_wait_document_is_asked_for_again_and_again_with_live_facts(rig: Rig) -> None:
    enqueue(rig)
    first = rig.dial()
    rig.dial(OTHER)
    rig.advance(25)
    seen = [request.form for request in rig.asked("/wait") if request.form["CallSid"] == first]
    assert len(seen) == 3
    assert [int(form["QueueTime"]) for form in seen] == [0, 10, 21]
    assert {form["QueuePosition"] for form in seen} == {"1"}
    assert [form["CurrentQueueSize"] for form in seen] == ["1", "2", "2"]
    assert (seen[0]["MaxQueueSize"], seen[0]["CallStatus"]) == ("1000", "in-progress")
    assert seen[0]["QueueSid"].startswith("QU")
    other = next(request.form for request in rig.asked("/wait") if request.form["CallSid"] != first)
    assert other["QueuePosition"] == "2"


def test_rule_08_queues_are_first_in_first_out(rig: Rig) -> None:
    enqueue(rig)
    sids = [rig.dial(number) for number in (CALLER, OTHER, "+919830011111")]
    rig.advance(7)
    queue = rig.client.queues.list()[0]
    assert (queue.friendly_name, queue.current_size, queue.average_wait_time) == ("help", 3, 7)
    members = rig.client.queues(queue.sid).members.list()
    assert [(member.call_sid, member.position, member.wait_time) for member in members] == [
        (sid, n, 7) for n, sid in enumerate(sids, 1)
    ]
    rig.hang_up(sids[0])
    assert rig.client.queues(queue.sid).members("Front").fetch().call_sid == sids[1]


def test_rule_08_a_full_queue_turns_the_caller_away(rig: Rig) -> None:
    enqueue(rig, "action='/left' maxQueueSize='1'")
    rig.dial()
    second = rig.dial(OTHER)
    assert result(rig)["QueueResult"] == "queue-full"
    assert "QueueSid" not in result(rig)
    assert rig.said(second) == ["left"]


def test_rule_08_a_queue_made_by_rest_has_its_own_size(rig: Rig) -> None:
    rig.client.queues.create(friendly_name="help", max_size=1)
    enqueue(rig)
    rig.dial()
    rig.dial(OTHER)
    assert result(rig)["QueueResult"] == "queue-full"


def test_rule_08_leave_asks_the_action_whose_answer_runs(rig: Rig) -> None:
    enqueue(rig)
    rig.on("/wait", "<Response><Gather numDigits='1' action='/key'><Say>wait</Say></Gather></Response>")
    rig.on("/key", "<Response><Leave/><Say>never</Say></Response>")
    sid = rig.dial()
    rig.advance(3)
    rig.press(sid, "1")
    form = result(rig)
    assert (form["QueueResult"], form["QueueTime"]) == ("leave", "3")
    assert rig.asked("/key")[0].form["QueuePosition"] == "1"
    assert rig.said(sid) == ["wait", "left"]


def test_rule_08_leave_without_action_goes_on_with_the_next_verb(rig: Rig) -> None:
    enqueue(rig, "")
    rig.on("/wait", "<Response><Leave/></Response>")
    assert rig.said(rig.dial()) == ["after"]


def test_rule_08_hanging_up_asks_the_action_and_ignores_its_answer(rig: Rig) -> None:
    enqueue(rig)
    sid = rig.dial()
    rig.advance(4)
    rig.hang_up(sid)
    form = result(rig)
    assert (form["QueueResult"], form["CallStatus"], form["QueueTime"]) == ("hangup", "completed", "4")
    assert "left" not in rig.said(sid)
    assert rig.client.queues.list()[0].current_size == 0


def test_rule_08_hangup_in_the_wait_document_ends_the_call(rig: Rig) -> None:
    enqueue(rig)
    rig.on("/wait", "<Response><Hangup/></Response>")
    sid = rig.dial()
    assert rig.status(sid) == "completed"
    assert result(rig)["QueueResult"] == "hangup"


def test_rule_08_taken_out_by_rest_the_new_document_runs_and_the_action_is_only_told(rig: Rig) -> None:
    enqueue(rig)
    moved = rig.on("/moved", "<Response><Say>moved</Say></Response>")
    sid = rig.dial()
    queue = rig.client.queues.list()[0]
    rig.client.queues(queue.sid).members(sid).update(url=moved)
    rig.settle()
    assert result(rig)["QueueResult"] == "redirected"
    assert rig.said(sid) == ["please wait", "moved"]
    with pytest.raises(TwilioRestException) as gone:
        rig.client.queues(queue.sid).members(sid).update(url=moved)
    assert (gone.value.status, gone.value.code) == (404, 20404)


def test_rule_08_the_front_is_taken_out_by_that_name(rig: Rig) -> None:
    enqueue(rig)
    moved = rig.on("/moved", "<Response><Say>moved</Say></Response>")
    sid = rig.dial()
    rig.dial(OTHER)
    rig.client.queues(rig.client.queues.list()[0].sid).members("Front").update(url=moved, method="GET")
    rig.settle()
    assert rig.asked("/moved")[0].query["CallSid"] == sid


def test_rule_08_a_call_update_takes_it_out_as_well(rig: Rig) -> None:
    enqueue(rig)
    sid = rig.dial()
    rig.client.calls(sid).update(twiml="<Response><Say>inline</Say></Response>")
    rig.settle()
    assert result(rig)["QueueResult"] == "redirected"
    assert rig.said(sid)[-1] == "inline"


def test_rule_08_dialled_by_a_queue_the_caller_hears_a_word_and_the_action_comes_after_the_talk(rig: Rig) -> None:
    enqueue(rig)
    rig.on("/app", "<Response><Dial action='/dialled'><Queue url='/word'>help</Queue></Dial></Response>")
    rig.on("/word", "<Response><Say>here is someone</Say></Response>")
    rig.on("/dialled", "<Response><Say>well done</Say></Response>")
    caller = rig.dial()
    rig.advance(5)
    agent = rig.connect("agent_7")
    assert rig.asked("/word")[0].form["DequeingCallSid"] == agent
    assert rig.asked("/left") == []
    rig.advance(3)
    assert ("bridge" in rig.kinds(caller), "bridge" in rig.kinds(agent)) == (True, True)
    rig.advance(20)
    rig.hang_up(caller)
    form = result(rig)
    assert (form["QueueResult"], form["QueueTime"]) == ("bridged", "5")
    dialled = rig.application.wait_for("/dialled")[0].form
    assert (dialled["DialCallStatus"], dialled["DialCallSid"], dialled["DialBridged"]) == ("completed", caller, "true")
    assert int(dialled["DialCallDuration"]) >= 20


def test_rule_08_an_empty_queue_is_waited_for_and_a_missing_one_fails(rig: Rig) -> None:
    rig.client.queues.create(friendly_name="empty")
    rig.on("/app", "<Response><Dial timeout='10' action='/dialled'><Queue>empty</Queue></Dial></Response>")
    rig.connect("agent_7")
    assert rig.asked("/dialled") == []
    rig.advance(11)
    rig.on("/app", "<Response><Dial action='/dialled'><Queue>missing</Queue></Dial></Response>")
    rig.connect("agent_8")
    assert [seen.form["DialCallStatus"] for seen in rig.application.wait_for("/dialled", 2)] == ["no-answer", "failed"]


def test_rule_08_other_verbs_in_the_wait_document_are_left_out_with_a_warning(rig: Rig) -> None:
    enqueue(rig)
    rig.on("/wait", "<Response><Record/><Say>still waiting</Say><Pause length='10'/></Response>")
    assert rig.said(rig.dial()) == ["still waiting"]
    assert rig.alerts("warning") == [12200]


def test_rule_08_a_wait_document_that_fails_is_an_error(rig: Rig) -> None:
    enqueue(rig)
    rig.on("/wait", Reply(status=500))
    sid = rig.dial()
    assert result(rig)["QueueResult"] == "error"
    assert rig.said(sid) == ["left"]
