"""The local doors of a running emulator, for phones that are driven by code. Only the standard library."""

import json
import urllib.error
import urllib.request
from typing import Any, cast

_SECONDS = 30.0


class NotReached(RuntimeError):
    """The emulator does not answer, or refused. The message says why."""


class LocalApi:
    """`url` is where the emulator's phone page is, such as http://127.0.0.1:8002."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise NotReached(f"{url} is no address of an emulator. Give one such as http://127.0.0.1:8002.")
        self.url = url.rstrip("/")

    def get(self, path: str) -> dict[str, Any]:
        """Ask. Raises NotReached."""
        return self._send(urllib.request.Request(self.url + path))  # noqa: S310 - http only: see the constructor

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Tell. Raises NotReached."""
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self._send(urllib.request.Request(self.url + path, data, headers))  # noqa: S310 - as above

    def _send(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310 - as above
                said = reply.read()
        except urllib.error.HTTPError as error:
            with error:
                raise NotReached(_why(error)) from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise NotReached(f"No emulator answers at {self.url} ({reason}). Start it with `make run`.") from error
        return cast("dict[str, Any]", json.loads(said)) if said else {}


def _why(error: urllib.error.HTTPError) -> str:
    try:
        said = json.loads(error.read())
        return str(said.get("message") or said.get("error"))
    except (ValueError, AttributeError):
        return f"The emulator answered {error.code}."
