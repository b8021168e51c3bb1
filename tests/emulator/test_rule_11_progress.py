"""Rule 11: status callbacks of calls."""

from tests.emulator.rig import CALLER, LINE, OTHER, Rig

EVENTS = ["initiated", "ringing", "answered", "completed"]


def create(rig: Rig, events: list[str] | None = None, to: str = OTHER, **more: object) -> str:
    url = rig.on("/out", "<Response><Pause length='30'/></Response>")
    more = {"url": url, "status_callback": rig.application.url + "/progress", **more}
    if events is not None:
        more["status_callback_event"] = events
    return str(rig.client.calls.create(to=to, from_=LINE, **more).sid)


def statuses(rig: Rig) -> list[str]:
    rig.settle()
    return [seen.form["CallStatus"] for seen in rig.asked("/progress")]


def test_rule_11_all_events_come_in_order_with_their_fields(rig: Rig) -> None:
    sid = create(rig, EVENTS)
    rig.advance(1)
    assert rig.phone(OTHER)["ringing"][0]["from"] == LINE
    rig.answer(OTHER)
    rig.advance(12)
    rig.hang_up(sid)
    assert statuses(rig) == ["initiated", "ringing", "in-progress", "completed"]
    forms = [seen.form for seen in rig.asked("/progress")]
    assert [form["SequenceNumber"] for form in forms] == list("0123")
    assert all(form["CallbackSource"] == "call-progress-events" and form["Timestamp"] for form in forms)
    assert [form.get("CallDuration") for form in forms] == [None, None, None, "12"]
    assert (forms[0]["Direction"], forms[0]["From"], forms[0]["To"]) == ("outbound-api", LINE, OTHER)
    assert rig.asked("/out")[0].form["CallStatus"] == "in-progress"


def test_rule_11_only_completed_by_default(rig: Rig) -> None:
    sid = create(rig)
    rig.advance(1)
    rig.answer(OTHER)
    rig.hang_up(sid)
    assert statuses(rig) == ["completed"]


def test_rule_11_nobody_answers(rig: Rig) -> None:
    create(rig, timeout=20)
    rig.advance(19)
    assert statuses(rig) == []
    rig.advance(2)
    assert statuses(rig) == ["no-answer"]
    assert rig.asked("/out") == []


def test_rule_11_busy_and_rejected(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>talking</Say><Pause length='100'/></Response>")
    rig.dial(CALLER)
    create(rig, to=CALLER)
    rig.advance(1)
    assert statuses(rig) == ["busy"]
    create(rig)
    rig.advance(1)
    sid = rig.phone(OTHER)["ringing"][0]["call_sid"]
    assert rig.http.post(f"/local/calls/{sid}/reject").status_code == 200
    assert statuses(rig) == ["busy", "busy"]


def test_rule_11_a_telephone_may_act_by_itself(rig: Rig) -> None:
    for mode, status in (("off", "no-answer"), ("reject", "busy"), ("answer", "in-progress")):
        rig.http.post(f"/local/phones/{OTHER}", json={"mode": mode})
        sid = create(rig)
        rig.advance(1)
        assert rig.client.calls(sid).fetch().status == status


def test_rule_11_cancelled_while_queued_tells_nobody(rig: Rig) -> None:
    sid = create(rig, EVENTS)
    rig.client.calls(sid).update(status="canceled")
    rig.advance(5)
    assert statuses(rig) == []
    assert rig.client.calls(sid).fetch().status == "canceled"


def test_rule_11_cancelled_while_ringing_is_told(rig: Rig) -> None:
    sid = create(rig)
    rig.advance(1)
    rig.client.calls(sid).update(status="canceled")
    assert statuses(rig) == ["canceled"]
    assert rig.phone(OTHER)["ringing"] == []


def test_rule_11_the_numbers_callback_comes_once_at_the_end(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>x</Say><Pause length='9'/></Response>")
    rig.dial()
    rig.advance(30)
    assert [seen.form["CallStatus"] for seen in rig.asked("/status")] == ["completed"]
    assert rig.asked("/status")[0].form["CallDuration"] == "10"


def test_rule_11_dialled_legs_tell_what_their_noun_asks_for(rig: Rig) -> None:
    rig.on(
        "/voice",
        "<Response><Dial callerId='+919137091370' answerOnBridge='true' action='/dialled'>"
        f"<Number statusCallback='/leg' statusCallbackEvent='initiated answered completed' url='/whisper'>{OTHER}"
        "</Number></Dial></Response>",
    )
    rig.on("/whisper", "<Response><Say>a call for you</Say></Response>")
    caller = rig.dial()
    rig.advance(1)
    assert "in-progress" not in rig.kinds(caller)
    leg = rig.answer(OTHER)
    rig.advance(5)
    assert rig.said(leg) == ["a call for you"]
    assert "bridge" in rig.kinds(caller)
    rig.hang_up(caller)
    rig.settle()
    forms = [seen.form for seen in rig.application.wait_for("/leg", 3)]
    assert [form["CallStatus"] for form in forms] == ["initiated", "in-progress", "completed"]
    assert {form["ParentCallSid"] for form in forms} == {caller}
    assert {form["Direction"] for form in forms} == {"outbound-dial"}


def test_rule_11_a_caller_id_that_is_not_ones_own_is_refused(rig: Rig) -> None:
    document = f"<Response><Dial callerId='+911122223333'>{OTHER}</Dial><Say>no</Say></Response>"
    rig.on("/voice", document)
    assert rig.said(rig.dial()) == ["no"]
    assert rig.alerts() == [13214]
