"""Rule 10 and 17: softphones, in and out."""

import time

import jwt
import pytest

from tests.emulator.rig import CALLER, Rig

DIAL = "<Response><Dial timeout='20' action='/dialled'>{}</Dial></Response>"


def ring(rig: Rig, nouns: str) -> str:
    rig.on("/voice", DIAL.format(nouns))
    sid = rig.dial()
    rig.advance(1)
    return sid


def outcome(rig: Rig) -> str:
    return rig.application.wait_for("/dialled")[-1].form["DialCallStatus"]


def test_rule_10_a_softphones_call_comes_through_the_app(rig: Rig) -> None:
    rig.on("/app", "<Response><Say>hello</Say></Response>")
    sid = rig.connect("staff-1", ticket="abc", To="+100")
    form = rig.asked("/app")[0].form
    assert (form["From"], form["Caller"], form["Called"], form["To"]) == (
        "client:staff-1",
        "client:staff-1",
        "",
        "+100",
    )
    assert (form["ApplicationSid"], form["ticket"], form["Direction"]) == (rig.settings.app_sid, "abc", "inbound")
    assert form["CallStatus"] == "ringing"
    path = f"/local/clients/calls/{sid}"
    assert "say" in [event["kind"] for event in rig.http.get(path, headers=rig.token("staff-1")).json()["events"]]
    assert rig.http.get(path, headers=rig.token("staff-2")).status_code == 404
    assert rig.http.post(f"{path}/hangup", headers=rig.token("staff-1")).json() == {"status": "completed"}


def test_rule_10_only_registered_devices_ring_and_the_first_to_answer_wins(rig: Rig) -> None:
    devices = [rig.register("agent_7") for _ in range(2)]
    caller = ring(rig, "<Client><Identity>agent_7</Identity><Parameter name='language' value='bn'/></Client>")
    incoming = rig.device_events("agent_7", devices[0])[0]
    assert incoming["kind"] == "incoming"
    assert incoming["parameters"]["Params"] == "language=bn"
    assert incoming["parameters"]["From"] == CALLER
    rig.answer_softphone("agent_7", incoming["call_sid"])
    assert [event["kind"] for event in rig.device_events("agent_7", devices[1])] == ["incoming", "cancel"]
    again = rig.http.post(f"/local/clients/calls/{incoming['call_sid']}/answer", headers=rig.token("agent_7"))
    assert again.status_code == 409
    assert "bridge" in rig.kinds(caller)
    rig.advance(10)
    rig.hang_up(incoming["call_sid"])
    form = rig.application.wait_for("/dialled")[0].form
    assert (form["DialCallStatus"], form["DialCallSid"]) == ("completed", incoming["call_sid"])


def test_rule_10_of_several_identities_the_others_are_called_off(rig: Rig) -> None:
    devices = {name: rig.register(name) for name in ("agent_1", "agent_2")}
    ring(rig, "<Client>agent_1</Client><Client statusCallback='/leg'>agent_2</Client>")
    sid = rig.device_events("agent_1", devices["agent_1"])[0]["call_sid"]
    rig.answer_softphone("agent_1", sid)
    assert rig.device_events("agent_2", devices["agent_2"])[-1]["kind"] == "cancel"
    assert rig.application.wait_for("/leg")[0].form["CallStatus"] == "canceled"


def test_rule_10_nobody_registered_is_no_answer(rig: Rig) -> None:
    ring(rig, "<Client>nobody</Client>")
    assert rig.asked("/dialled") == []
    rig.advance(20)
    assert outcome(rig) == "no-answer"


def test_rule_10_unanswered_it_rings_until_the_timeout(rig: Rig) -> None:
    rig.register("agent_7")
    ring(rig, "<Client>agent_7</Client>")
    rig.advance(18)
    assert rig.asked("/dialled") == []
    rig.advance(3)
    assert outcome(rig) == "no-answer"


def test_rule_10_a_busy_device_ignores_the_call(rig: Rig) -> None:
    device = rig.register("agent_7")
    rig.on("/app", "<Response><Say>busy with this</Say><Pause length='100'/></Response>")
    rig.connect("agent_7")
    ring(rig, "<Client>agent_7</Client>")
    assert rig.device_events("agent_7", device) == []
    rig.advance(20)
    assert outcome(rig) == "no-answer"


def test_rule_10_a_device_that_unregistered_rings_no_more(rig: Rig) -> None:
    device = rig.register("agent_7")
    assert rig.http.delete(f"/local/clients/devices/{device}", headers=rig.token("agent_7")).status_code == 204
    ring(rig, "<Client>agent_7</Client>")
    rig.advance(20)
    assert outcome(rig) == "no-answer"


def test_rule_10_a_rejected_call_is_busy(rig: Rig) -> None:
    device = rig.register("agent_7")
    ring(rig, "<Client>agent_7</Client>")
    sid = rig.device_events("agent_7", device)[0]["call_sid"]
    assert rig.http.post(f"/local/clients/calls/{sid}/reject", headers=rig.token("agent_7")).status_code == 200
    assert outcome(rig) == "busy"


def test_rule_10_hanging_up_while_it_rings_cancels_it(rig: Rig) -> None:
    device = rig.register("agent_7")
    caller = ring(rig, "<Client>agent_7</Client>")
    rig.hang_up(caller)
    assert [event["kind"] for event in rig.device_events("agent_7", device)] == ["incoming", "cancel"]


def mint(rig: Rig, key: str | None = None, headers: dict[str, str] | None = None, **changes: object) -> str:
    now = int(time.time())
    claims = {
        "iss": rig.settings.api_key,
        "sub": rig.settings.account_sid,
        "nbf": now,
        "exp": now + 3600,
        "jti": f"{rig.settings.api_key}-1",
        "grants": {"identity": "a", "voice": {"outgoing": {"application_sid": rig.settings.app_sid}}},
    }
    return jwt.encode(
        {**claims, **changes}, key or rig.settings.api_secret, "HS256", headers or {"cty": "twilio-fpa;v=1"}
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "another-secret-of-at-least-thirty-two-bytes"}, 20101),
        ({"headers": {"typ": "JWT"}}, 20101),
        ({"iss": "SK" + "9" * 32}, 20101),
        ({"sub": "AC" + "9" * 32}, 20101),
        ({"grants": {"voice": {}}}, 20101),
        ({"grants": {"identity": "a", "voice": {}}}, 20101),
        ({"exp": 1_000_000_000}, 20104),
        ({"exp": int(time.time()) + 90_000}, 20104),
    ],
)
def test_rule_17_a_token_that_is_not_right_is_refused(rig: Rig, changes: dict[str, object], code: int) -> None:
    headers = {"Authorization": f"Bearer {mint(rig, **changes)}"}  # type: ignore[arg-type]  # as parametrized
    refused = rig.http.post("/local/clients/connect", json={}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, code)


def test_rule_17_ringing_needs_the_incoming_grant(rig: Rig) -> None:
    headers = rig.token("agent_7", incoming_allow=False)
    refused = rig.http.post("/local/clients/register", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, 20101)


def test_rule_17_without_a_token_nothing_opens(rig: Rig) -> None:
    assert rig.http.post("/local/clients/connect", json={}).status_code == 401
    assert rig.http.post("/local/clients/connect", headers={"Authorization": "Bearer nonsense"}).status_code == 401
