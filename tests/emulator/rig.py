"""An emulator, an application and a client of Twilio's own library, joined for one test."""

import ssl
from typing import Any
from urllib.parse import urlencode

import httpx
from twilio.http.http_client import TwilioHttpClient
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.rest import Client

from ivr.emulator.server import start
from ivr.emulator.settings import Settings
from tests.emulator.application import Application
from tests.emulator.published import check_exchange

CALLER = "+919830012345"
OTHER = "+919830067890"
LINE = "+919137091370"


class CheckedClient(TwilioHttpClient):  # type: ignore[misc]  # the library carries no types
    """Each exchange is held to Twilio's published description."""

    def __init__(self) -> None:
        super().__init__(pool_connections=False)

    def request(self, method: str, url: str, params: Any = None, data: Any = None, *more: Any, **named: Any) -> Any:
        response = super().request(method, url, params, data, *more, **named)
        form = [
            (name, str(each))
            for name, value in (data or {}).items()
            for each in (value if isinstance(value, list) else [value])
        ]
        full = url + ("?" + urlencode(params) if params else "")
        if "/v1/" not in url:
            check_exchange(method.upper(), full, form, response.status_code, response.text or "")
        return response


class Rig:
    """Its clock stands still unless it is advanced, so that nothing depends on how fast the machine is."""

    def __init__(self, *, virtual: bool = True, **settings: Any) -> None:
        base = Settings()
        self.application = Application(base.auth_token)
        usual: dict[str, Any] = {
            "voice_url": self.application.url + "/voice",
            "status_url": self.application.url + "/status",
            "app_voice_url": self.application.url + "/app",
            "webhook_seconds": 3.0,
            "connect_seconds": 1.0,
        }
        self.settings = Settings(virtual=virtual, **{**usual, **settings})
        self.emulator = start(self.settings)
        self.url = self.emulator.url
        # Plain HTTP: the list of the world's certificates, which is slow to load, is not needed.
        self.http = httpx.Client(base_url=self.url, timeout=20, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.client = Client(base.account_sid, base.auth_token, http_client=CheckedClient())
        self.client.api.base_url = self.url
        self.on = self.application.on
        self.asked = self.application.asked

    def close(self) -> None:
        self.http.close()
        self.emulator.stop()
        self.application.close()

    # What a person at a telephone does.

    def dial(self, number: str = CALLER, to: str = LINE, **more: Any) -> str:
        reply = self.http.post(f"/local/phones/{number}/dial", json={"to": to, **more})
        assert reply.status_code == 201, reply.text
        self.settle()
        return str(reply.json()["call_sid"])

    def press(self, sid: str, keys: str) -> dict[str, Any]:
        return self._act(f"/local/calls/{sid}/keys", {"keys": keys})

    def hang_up(self, sid: str) -> dict[str, Any]:
        return self._act(f"/local/calls/{sid}/hangup")

    def speak(self, sid: str, seconds: float, text: str = "") -> dict[str, Any]:
        return self._act(f"/local/calls/{sid}/speak", {"seconds": seconds, "text": text})

    def phone(self, number: str) -> dict[str, Any]:
        return dict(self.http.get(f"/local/phones/{number}").json())

    def answer(self, number: str) -> str:
        """Take the call that rings at a telephone."""
        sid = str(self.phone(number)["ringing"][0]["call_sid"])
        self._act(f"/local/calls/{sid}/answer")
        return sid

    def events(self, sid: str) -> list[dict[str, Any]]:
        return list(self.http.get(f"/local/calls/{sid}").json()["events"])

    def kinds(self, sid: str) -> list[str]:
        return [event["kind"] for event in self.events(sid)]

    def said(self, sid: str) -> list[str]:
        return [event["text"] for event in self.events(sid) if event["kind"] == "say"]

    def status(self, sid: str) -> str:
        return str(self.http.get(f"/local/calls/{sid}").json()["status"])

    def _act(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        reply = self.http.post(path, json=body or {}, **more)
        assert reply.status_code < 300, reply.text
        self.settle()
        return dict(reply.json())

    # What a softphone does.

    def token(self, identity: str, **grant: Any) -> dict[str, str]:
        settings = self.settings
        token = AccessToken(settings.account_sid, settings.api_key, settings.api_secret, identity=identity)
        token.add_grant(VoiceGrant(**{"outgoing_application_sid": settings.app_sid, "incoming_allow": True, **grant}))
        return {"Authorization": f"Bearer {token.to_jwt()}"}

    def connect(self, identity: str, **params: str) -> str:
        body = {"params": params}
        return str(self._act("/local/clients/connect", body, headers=self.token(identity))["call_sid"])

    def register(self, identity: str) -> str:
        return str(self._act("/local/clients/register", headers=self.token(identity))["device"])

    def device_events(self, identity: str, device: str) -> list[dict[str, Any]]:
        path = f"/local/clients/devices/{device}"
        return list(self.http.get(path, headers=self.token(identity)).json()["events"])

    def answer_softphone(self, identity: str, sid: str) -> None:
        self._act(f"/local/clients/calls/{sid}/answer", headers=self.token(identity))

    # The stage.

    def advance(self, seconds: float) -> None:
        reply = self.http.post("/local/clock", json={"advance": seconds})
        assert reply.status_code == 200, reply.text

    def settle(self) -> None:
        """Let everything happen that needs no time."""
        if self.settings.virtual:
            self.advance(0)

    def fault(self, **values: Any) -> None:
        reply = self.http.post("/local/faults", json=values)
        assert reply.status_code == 200, reply.text

    def alerts(self, level: str = "") -> list[int]:
        return [alert["code"] for alert in self.http.get("/local/alerts", params={"level": level}).json()["alerts"]]
