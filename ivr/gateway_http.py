"""The wire under the gateway: the SDK's client with connections kept alive, time limits and a closed mouth."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient

CONNECT_SECONDS, READ_SECONDS = 2.0, 8.0
_CONNECTIONS = 16  # kept open for the threads of one process


class QuietHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the SDK ships no types for its base classes
    """Keeps connections alive, never waits for ever, and logs no addresses: they hold SIDs and numbers."""

    def __init__(self) -> None:
        super().__init__()
        session = requests.Session()
        session.trust_env = False  # no proxy and no .netrc from the surroundings decides where secrets go
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))
        self.session = session
        # requests takes a pair; the SDK's own type knows only one number for both.
        self.timeout = (CONNECT_SECONDS, READ_SECONDS)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Say nothing."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Say nothing."""
