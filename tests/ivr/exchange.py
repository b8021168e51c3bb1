"""Whole talks over real HTTP: the web half, the router and call control on one side, the local network on the other."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from audio.store import SoundStore
from clock import VirtualClock
from config import Config
from ivr.access_token import issue_access_token
from ivr.call_control import Accepted
from ivr.emulator.server import start
from ivr.emulator.settings import Settings
from ivr.gateway import Gateway
from ivr.pinned import PinnedFlows
from ivr.register import register
from ivr.telephone import Telephone
from ivr.wake import NoWake
from models.store import Store
from tests.ivr.network import Network
from tests.ivr.office import START, Office
from tests.line import free_ports


@dataclass
class Exchange:
    """Both sides, running. `look` lets the product's router look once."""

    office: Office
    url: str  # of the network

    @property
    def telephone(self) -> Telephone:
        return self.office.telephone

    def look(self) -> None:
        self.office.look()

    def until(self, happened: Callable[[], Any]) -> Any:
        """Look until something has happened; returns it."""
        for _ in range(300):
            self.look()
            if found := happened():
                return found
            time.sleep(0.05)
        raise AssertionError("it did not happen")

    def connect(self, accepted: Accepted, staff: int) -> str:
        """The representative's softphone rings the TwiML App with its ticket."""
        made = self._client("connect", staff, {"params": {"ticket": accepted.ticket}})
        return str(made["call_sid"])

    def hang_up(self, sid: str, staff: int) -> None:
        """The representative's softphone hangs up."""
        self._client(f"calls/{sid}/hangup", staff, {})

    def _client(self, what: str, staff: int, body: dict[str, Any]) -> Any:
        token = issue_access_token(self.telephone.config, staff)
        reply = requests.post(
            f"{self.url}/local/clients/{what}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20
        )
        assert reply.status_code < 300, reply.text
        return reply.json()


@pytest.fixture
def exchange(sqlite_store: Store, tmp_path: Path) -> Iterator[Exchange]:
    """An exchange four times as fast as the wall."""
    with running_exchange(sqlite_store, tmp_path, speed=4.0) as running:
        yield running


@contextmanager
def running_exchange(store: Store, folder: Path, *, speed: float) -> Iterator[Exchange]:
    """The product's web process in a thread, and the network in another, which is so many times as fast as the wall."""
    [port] = free_ports(1)
    web = f"http://127.0.0.1:{port}"
    settings = Settings(
        voice_url=f"{web}/voice/incoming",
        status_url=f"{web}/voice/calls/status",
        app_voice_url=f"{web}/voice/legs",
        app_status_url=f"{web}/voice/legs/status",
        speed=speed,
        text_seconds=0.1,
    )
    network = start(settings)
    config = Config.from_env(
        {
            "HELPLINE_DATA_DIR": str(folder),
            "PUBLIC_URL": web,
            "EMULATOR_URL": network.url,
            "TWILIO_AUTH_TOKEN": settings.auth_token,
            "TWILIO_API_SECRET": settings.api_secret,
        }
    )
    clock = VirtualClock(START)
    sounds = SoundStore(config.audio_dir)
    telephone = Telephone(config, clock, store, Gateway(config), NoWake(), sounds, PinnedFlows(store))
    app = Flask("exchange", static_folder=None)
    register(app, telephone)
    server = make_server("127.0.0.1", port, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield Exchange(Office(telephone, clock, Network()), network.url)
    finally:
        network.stop()
        server.shutdown()
        serving.join()
        server.server_close()
