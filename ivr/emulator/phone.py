"""A phone in code, for tests: it dials, listens, presses keys, and fails at what was not expected.

phone = Phone("http://127.0.0.1:8002", "+919830012345")
call = phone.dial("+919137091370")
call.hears("language").press("1").hears("how can we help").hang_up()
phone.expects_text("26-482")
"""

import time
from types import TracebackType
from typing import Any
from urllib.parse import quote

from ivr.emulator.local_api import LocalApi
from ivr.emulator.phone_call import PhoneCall, Unexpected

PATIENCE = 30.0  # real seconds that a phone waits for anything
_LOOK_EVERY = 0.05


class UnexpectedText(Unexpected):
    """A text did not come, or one came that nobody waited for."""


class Phone:
    """One telephone of the network. As a context manager it ends its calls and fails at texts nobody waited for."""

    def __init__(self, emulator_url: str, number: str, *, patience: float = PATIENCE) -> None:
        self.number = number
        self._api = LocalApi(emulator_url)
        self._path = f"/local/phones/{quote(number, safe='')}"
        self._patience = patience
        self._read = 0  # texts
        self._calls: list[PhoneCall] = []

    def dial(self, to: str, *, withheld: bool = False) -> PhoneCall:
        """Call a number. Raises NotReached."""
        made = self._api.post(f"{self._path}/dial", to=to, withheld=withheld)
        return self._follow(made["call_sid"], f"{self.number} calls {to}")

    def answers(self) -> PhoneCall:
        """Wait for this phone to ring, and answer. Raises Unexpected if it does not ring."""
        sid, from_ = self._wait_for_ring()
        self._api.post(f"/local/calls/{sid}/answer")
        return self._follow(sid, f"{self.number} answers {from_}")

    def rejects(self) -> None:
        """Wait for this phone to ring, and reject the call. Raises Unexpected if it does not ring."""
        sid, _ = self._wait_for_ring()
        self._api.post(f"/local/calls/{sid}/reject")

    @property
    def rings(self) -> bool:
        """Whether it rings just now."""
        return bool(self._api.get(self._path)["ringing"])

    def texts(self) -> list[dict[str, Any]]:
        """Every text that came to this number, oldest first."""
        return list(self._api.get(self._path)["texts"])

    def expects_text(self, containing: str) -> str:
        """Wait for the next text and return its words. Raises UnexpectedText if it is another one, or none comes."""
        until = time.monotonic() + self._patience
        while len(texts := self.texts()) <= self._read:
            if time.monotonic() > until:
                raise UnexpectedText(f"No text with {containing!r} came to {self.number} within {self._patience:g} s.")
            time.sleep(_LOOK_EVERY)
        body = str(texts[self._read]["body"])
        self._read += 1
        if containing.casefold() not in body.casefold():
            raise UnexpectedText(f"Waited for a text with {containing!r}, but this one came: {body}")
        return body

    def expects_no_text(self) -> None:
        """Raises UnexpectedText if a text came that nobody waited for."""
        if unread := self.texts()[self._read :]:
            raise UnexpectedText(f"Nobody waited for this text to {self.number}: {unread[0]['body']}")

    def new_texts(self) -> list[dict[str, Any]]:
        """Read all texts that have come since the last one that was read or expected."""
        new = self.texts()[self._read :]
        self._read += len(new)
        return new

    def __enter__(self) -> "Phone":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for call in self._calls:
            call.hang_up()
        if error is None:
            self.expects_no_text()

    def _wait_for_ring(self) -> tuple[str, str]:
        until = time.monotonic() + self._patience
        while not (ringing := self._api.get(self._path)["ringing"]):
            if time.monotonic() > until:
                raise Unexpected(f"{self.number} did not ring within {self._patience:g} s.")
            time.sleep(_LOOK_EVERY)
        return str(ringing[0]["call_sid"]), str(ringing[0].get("from", ""))

    def _follow(self, sid: str, opening: str) -> PhoneCall:
        call = PhoneCall(self._api, sid, opening, patience=self._patience)
        self._calls.append(call)
        return call
