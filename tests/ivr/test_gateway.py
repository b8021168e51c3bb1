"""The gateway: what goes over the wire, and that every failure is a GatewayError of ours."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.gateway import Gateway, GatewayError
from tests.ivr.network import ACCOUNT, Network
from tests.ivr.office import settings

SID = "CA" + "a" * 32


@pytest.fixture
def gateway(network: Network, tmp_path: Path) -> Gateway:
    return Gateway(settings(tmp_path, network))


def test_text_goes_out_with_its_sender_and_callback(gateway: Gateway, network: Network) -> None:
    sid = gateway.send_text("+919830012345", "আপনার অভিযোগ", status_url="https://h.example/voice/messages/1/status")
    [asked] = network.requests("POST", "/Messages")
    assert sid.startswith("SM")
    assert asked.form == {
        "To": "+919830012345",
        "From": "HLPLIN",
        "Body": "আপনার অভিযোগ",
        "StatusCallback": "https://h.example/voice/messages/1/status",
    }
    assert (asked.authorization or "").startswith("Basic ")


def test_messaging_service_is_named_by_its_own_parameter(network: Network, tmp_path: Path) -> None:
    service = "MG" + "b" * 32
    Gateway(settings(tmp_path, network, TEXT_SENDER=service)).send_text(
        "+919830012345", "hello", status_url="https://h"
    )
    [asked] = network.requests("POST", "/Messages")
    assert asked.form["MessagingServiceSid"] == service
    assert "From" not in asked.form


def test_call_is_placed_from_the_helpline(gateway: Gateway, network: Network) -> None:
    gateway.create_call(
        "+919830012345", "https://h/doc", status_url="https://h/status", events=("ringing", "completed")
    )
    [asked] = network.requests("POST", "/Calls")
    assert asked.form["From"] == "+919137091370"
    assert asked.form["Url"] == "https://h/doc"
    assert asked.form["Timeout"] == "30"


def test_member_is_moved_by_the_queues_sid(gateway: Gateway, network: Network) -> None:
    network.queues = {"helpline": "QU" + "1" * 32}
    for _ in range(2):
        gateway.move_member("helpline", SID, "https://h/talk")
    assert len(network.requests("GET", "/Queues")) == 1
    moved = network.requests("POST", f"/Queues/QU{'1' * 32}/Members/{SID}")
    assert [asked.form["Url"] for asked in moved] == ["https://h/talk"] * 2


def test_queue_made_anew_is_found_again(gateway: Gateway, network: Network) -> None:
    network.queues = {"helpline": "QU" + "1" * 32}
    gateway.move_member("helpline", SID, "https://h/talk")
    network.queues = {"helpline": "QU" + "2" * 32}
    network.refuse("POST", f"/Queues/QU{'1' * 32}/Members/{SID}", 404, 20404)
    gateway.move_member("helpline", SID, "https://h/talk")
    assert network.requests("POST", f"/Queues/QU{'2' * 32}/Members/{SID}")


def test_a_call_that_nobody_knows_is_over(gateway: Gateway, network: Network) -> None:
    network.refuse("GET", f"/Calls/{SID}", 404, 20404)
    assert gateway.call_status(SID) == "completed"
    network.refuse("GET", f"/Calls/{SID}", 500, 20500)
    with pytest.raises(GatewayError):
        gateway.call_status(SID)


@pytest.mark.parametrize("known", [True, False])
def test_member_who_is_gone_is_told(gateway: Gateway, network: Network, known: bool) -> None:
    network.queues = {"helpline": "QU" + "1" * 32} if known else {}
    network.refuse("POST", f"/Queues/QU{'1' * 32}/Members/{SID}", 404, 20404)
    with pytest.raises(GatewayError) as error:
        gateway.move_member("helpline", SID, "https://h/talk")
    assert error.value.gone
    assert error.value.permanent


def test_conference_is_ended_by_name(gateway: Gateway, network: Network) -> None:
    network.conferences = {"talk-1": "CF" + "1" * 32}
    assert gateway.end_conference("talk-1") is True
    assert network.requests("POST", f"/Conferences/CF{'1' * 32}")[0].form == {"Status": "completed"}
    assert gateway.end_conference("talk-1") is False


def test_hold_posts_for_its_music(gateway: Gateway, network: Network) -> None:
    gateway.update_participant("CF1", SID, hold=True, hold_url="https://h/music")
    gateway.update_participant("CF1", SID, muted=False)
    held, muted = network.requests("POST", f"/Conferences/CF1/Participants/{SID}")
    assert held.form == {"Hold": "true", "HoldUrl": "https://h/music", "HoldMethod": "POST"}
    assert muted.form == {"Muted": "false"}


@pytest.mark.parametrize(
    ("end", "method", "path", "status", "code"),
    [
        (lambda gateway: gateway.update_call(SID, status="completed"), "POST", f"/Calls/{SID}", 400, 21220),
        (
            lambda gateway: gateway.remove_participant("CF1", SID),
            "DELETE",
            f"/Conferences/CF1/Participants/{SID}",
            404,
            20404,
        ),
    ],
)
def test_what_is_over_need_not_be_ended(
    gateway: Gateway, network: Network, end: Callable[[Gateway], None], method: str, path: str, status: int, code: int
) -> None:
    network.refuse(method, path, status, code)
    end(gateway)
    assert network.requests(method, path)


@pytest.mark.parametrize(
    ("status", "body", "reason", "permanent"),
    [
        (400, {"code": 21211, "message": "+919830012345 is bad", "status": 400}, "bad_number", True),
        (400, {"code": 21610, "message": "stop", "status": 400}, "opted_out", True),
        (401, {"code": 20003, "message": "who", "status": 401}, "bad_credentials", False),
        (429, {"code": 20429, "message": "slow", "status": 429}, "too_fast", False),
        (500, {"code": 20500, "message": "oops", "status": 500}, "provider_down", False),
        (503, "<html>busy</html>", "provider_down", False),
        (400, {"code": 99999, "message": "new", "status": 400}, "bad_request", True),
        # The newer shape of errors is another exception of the SDK.
        (429, {"type": "t", "title": "Too many", "status": 429, "code": 20429}, "too_fast", False),
        # Success by its number, and no JSON behind it.
        (200, "<html>hotel wifi</html>", "provider_down", False),
        (201, {"unexpected": True}, "provider_down", False),
    ],
)
def test_every_refusal_is_ours(
    gateway: Gateway, network: Network, status: int, body: object, reason: str, permanent: bool
) -> None:
    network.replies["POST", "/Messages"].append((status, body))
    with pytest.raises(GatewayError) as error:
        gateway.send_text("+919830012345", "hello", status_url="https://h")
    assert (error.value.reason, error.value.permanent) == (reason, permanent)
    assert "98300" not in str(error.value)


def test_network_out_of_reach(network: Network, tmp_path: Path) -> None:
    gateway = Gateway(settings(tmp_path, network, TWILIO_API_BASE_URL="http://127.0.0.1:9"))
    with pytest.raises(GatewayError) as error:
        gateway.call_status(SID)
    assert (error.value.reason, error.value.permanent) == ("no_answer", False)


def test_edge_and_region_of_the_surroundings_do_not_rewrite_the_host(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "singapore")
    monkeypatch.setenv("TWILIO_REGION", "sg1")
    assert Gateway(settings(tmp_path, network)).call_status(SID) == "in-progress"


def test_connections_are_kept_and_nothing_is_logged(
    gateway: Gateway, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="twilio"):
        for _ in range(5):
            gateway.send_text("+919830012345", "hello", status_url="https://h")
    assert network.connections == 1
    assert ACCOUNT not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("twilio")]
