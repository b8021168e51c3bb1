"""Requests to the telephone network, through the provider's SDK. Every failure is a GatewayError, and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

import requests
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from config import Config
from ivr.gateway_errors import GONE, NO_ANSWER, Refusal, refusal
from ivr.gateway_http import QuietHttpClient

Answer = TypeVar("Answer")


class GatewayError(Exception):
    """The network refused or was not reached: our `reason`, the provider's `code`. `permanent`: do not try again."""

    def __init__(self, reason: str, *, permanent: bool, code: int | None = None) -> None:
        super().__init__(f"{reason}, provider's code {code or 'none'}")
        self.reason = reason
        self.permanent = permanent
        self.code = code

    @property
    def gone(self) -> bool:
        """The call, member or conference does not exist any more."""
        return self.reason == GONE.reason


class NetworkRecording(NamedTuple):
    """A recording as the network lists it: `completed` once it can be fetched."""

    sid: str
    status: str
    seconds: int
    began_at: datetime | None


class Gateway:
    """The provider's REST interface, as far as the helpline needs it. Safe to share between threads.

    No method may be called while a database connection is held: each may take seconds.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client = Client(
            config.twilio_account_sid,
            config.twilio_auth_token,
            http_client=QuietHttpClient(),
            # Not empty, or the SDK reads the process's own environment, where TWILIO_EDGE and TWILIO_REGION
            # would rewrite the host, even 127.0.0.1.
            environment={"TWILIO_ACCOUNT_SID": config.twilio_account_sid},
        )
        if config.twilio_api_base_url is not None:
            self._client.api.base_url = config.twilio_api_base_url
        self._queue_sids: dict[str, str] = {}

    # ---- calls

    def create_call(
        self,
        to: str,
        url: str,
        *,
        status_url: str,
        events: Sequence[Literal["initiated", "ringing", "answered", "completed"]] = ("completed",),
        ring_seconds: int = 30,
    ) -> str:
        """Ring `to` from the helpline's number; when answered, run the document at `url`. Returns the CallSid."""
        return _asked(
            lambda: _sid(
                self._client.calls.create(
                    to=to,
                    from_=self._config.helpline_number,
                    url=url,
                    method="POST",
                    status_callback=status_url,
                    status_callback_method="POST",
                    status_callback_event=list(events),
                    timeout=ring_seconds,
                )
            )
        )

    def move_call(self, call_sid: str, url: str) -> None:
        """Have a live call run the document at `url`, wherever it is now."""
        _asked(lambda: self._client.calls(call_sid).update(url=url, method="POST"))

    def update_call(self, call_sid: str, *, status: Literal["completed", "canceled"]) -> None:
        """End a call. One that is over already is no error: it is what was wanted."""
        with _unless_gone():
            _asked(lambda: self._client.calls(call_sid).update(status=status))

    def call_status(self, call_sid: str) -> str:
        """The provider's word for where a call is: `in-progress`, `completed` ... One that nobody knows is over."""
        try:
            return str(_asked(lambda: self._client.calls(call_sid).fetch().status))
        except GatewayError as error:
            if not error.gone:
                raise
            return "completed"

    # ---- queues

    def move_member(self, queue: str, call_sid: str, url: str) -> None:
        """Take a caller out of `queue` to the document at `url`. Raises a GatewayError that is `gone` if not in it."""
        known = self._queue_sids.get(queue)
        if known is not None:
            try:
                self._move(known, call_sid, url)
            except GatewayError as error:
                if not error.gone:
                    raise
                # The queue may have been made anew under another SID: look once more.
                del self._queue_sids[queue]
            else:
                return
        sid = self._queue_sid(queue)
        if sid == known:
            raise _error(GONE, 20404)
        self._move(sid, call_sid, url)

    def _move(self, queue_sid: str, call_sid: str, url: str) -> None:
        _asked(lambda: self._client.queues(queue_sid).members(call_sid).update(url=url, method="POST"))

    def _queue_sid(self, name: str) -> str:
        for queue in _asked(lambda: self._client.queues.list(page_size=1000)):
            self._queue_sids[str(queue.friendly_name)] = str(queue.sid)
        if name not in self._queue_sids:
            raise _error(GONE, 20404)
        return self._queue_sids[name]

    # ---- conferences

    def conference_sid(self, name: str) -> str | None:
        """The SID of the conference of this name that is going on, if there is one."""
        found = _asked(lambda: self._client.conferences.list(friendly_name=name, status="in-progress", limit=1))
        if not found:
            found = _asked(lambda: self._client.conferences.list(friendly_name=name, status="init", limit=1))
        return str(found[0].sid) if found else None

    def end_conference(self, name: str) -> bool:
        """End the conference of this name. False if there is none, which is as good."""
        sid = self.conference_sid(name)
        if sid is None:
            return False
        with _unless_gone():
            _asked(lambda: self._client.conferences(sid).update(status="completed"))
        return True

    def announce(self, conference_sid: str, url: str) -> None:
        """Play the document at `url` to everybody in the conference."""
        _asked(
            lambda: self._client.conferences(conference_sid).update(announce_url=url, announce_method="POST"),
        )

    def update_participant(
        self,
        conference_sid: str,
        call_sid: str,
        *,
        hold: bool | None = None,
        hold_url: str | None = None,
        muted: bool | None = None,
        coaching: bool | None = None,
        coached: str | None = None,
    ) -> None:
        """Hold, mute or let coach one participant; what is None stays as it is.

        Who coaches is heard by the participant `coached` (a CallSid) alone, and is in no recording.
        """
        changes: dict[str, Any] = {"hold": hold, "muted": muted, "coaching": coaching, "call_sid_to_coach": coached}
        if hold_url is not None:
            changes |= {"hold_url": hold_url, "hold_method": "POST"}  # the provider's default would be GET
        given = {name: value for name, value in changes.items() if value is not None}
        _asked(lambda: self._client.conferences(conference_sid).participants(call_sid).update(**given))

    def remove_participant(self, conference_sid: str, call_sid: str) -> None:
        """Put one participant out of the conference. One who has left is no error."""
        with _unless_gone():
            _asked(lambda: self._client.conferences(conference_sid).participants(call_sid).delete())

    # ---- recordings

    def change_recording(self, conference_sid: str, status: Literal["paused", "in-progress", "stopped"]) -> None:
        """Silence the recording of a conference, go on with it, or end it. Raises a `gone` error if none runs.

        What passes while it is paused becomes silence of the same length, so that times of the talk stay true.
        """
        silence = {"pause_behavior": "silence"} if status == "paused" else {}
        _asked(
            lambda: (
                self._client.conferences(conference_sid).recordings("Twilio.CURRENT").update(status=status, **silence)
            )
        )

    def recordings_of(self, conference: str) -> list[NetworkRecording]:
        """Every recording of conferences of this name, the oldest first."""
        found = []
        for room in _asked(lambda: self._client.conferences.list(friendly_name=conference, limit=20)):
            found += _asked(lambda sid=room.sid: self._client.conferences(sid).recordings.list(limit=20))  # type: ignore[misc]  # bound now
        rows = [
            NetworkRecording(str(one.sid), str(one.status), _whole(one.duration) or 0, one.start_time) for one in found
        ]
        return sorted(rows, key=lambda row: (row.began_at is None, row.began_at))

    def delete_recording(self, recording_sid: str) -> None:
        """Have the network keep it no longer. One that it does not have is no error."""
        with _unless_gone():
            _asked(lambda: self._client.recordings(recording_sid).delete())

    # ---- texts

    def send_text(self, to: str, body: str, *, status_url: str) -> str:
        """Hand a text over to the network. Returns the MessageSid; delivery is told to `status_url`."""
        sender = self._config.text_sender
        # A Messaging Service is named by its own parameter, everything else is a sender's number or header.
        source = (
            {"messaging_service_sid": sender} if sender.startswith("MG") and len(sender) == 34 else {"from_": sender}
        )
        return _asked(
            lambda: _sid(self._client.messages.create(to=to, body=body, status_callback=status_url, **source))
        )

    def text_status(self, message_sid: str) -> tuple[str, str | None]:
        """The provider's word for where a text is, and the code of its error if it has one."""
        text = _asked(lambda: self._client.messages(message_sid).fetch())
        return str(text.status), None if text.error_code is None else str(text.error_code)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Take it as done when what is to be ended does not exist any more."""
    try:
        yield
    except GatewayError as error:
        if not error.gone:
            raise


def _asked(request: Callable[[], Answer]) -> Answer:
    """Make a request and translate what may go wrong."""
    try:
        return request()
    except TwilioException as error:
        code, status = (_whole(getattr(error, name, None)) for name in ("code", "status"))
        raise _error(refusal(code, status), code) from None  # the SDK's words may hold numbers: they go nowhere
    except requests.RequestException:
        raise _error(NO_ANSWER, None) from None
    except (ValueError, KeyError, TypeError):
        # A proxy's HTML page, or JSON without what was promised.
        raise _error(refusal(None, 502), None) from None


def _sid(made: Any) -> str:
    """The SID of what was made. Raises KeyError if the answer has none: then nobody knows whether it was made."""
    if not made.sid:
        raise KeyError("sid")
    return str(made.sid)


def _error(known: Refusal, code: int | None) -> GatewayError:
    return GatewayError(known.reason, permanent=known.permanent, code=code)


def _whole(value: object) -> int | None:
    with suppress(TypeError, ValueError):
        return int(value)  # type: ignore[call-overload, no-any-return]  # what is no number raises TypeError
    return None
