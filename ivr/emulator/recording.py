"""A recording of a call or a conference: a real sound file, made once it is asked for."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.emulator.names import new_sid, rfc2822
from ivr.emulator.tape import RATE, Span, Tape, tone
from ivr.emulator.wav import as_wav

__all__ = ["RATE", "Recording"]

SILENCE, SKIP = "silence", "skip"  # what becomes of the time of a pause


@dataclass(eq=False)
class Recording:
    """`seconds` of sound; 0 with status absent where nobody spoke. Without a `tape` it is one person's speech."""

    account_sid: str
    source: str  # RecordVerb, DialVerb, Conference, OutboundAPI, StartCallRecordingAPI
    started_at: datetime
    seconds: float
    call_sid: str = ""
    conference_sid: str = ""
    status: str = "processing"
    channels: int = 1
    tape: Tape | None = None
    silent: list[Span] = field(default_factory=list)
    left_out: list[Span] = field(default_factory=list)
    paused_at: datetime | None = None
    pause_behavior: str = SILENCE
    voice: bytes = b""  # what was said, where a telephone has a voice

    def __post_init__(self) -> None:
        self.sid = new_sid("RE")
        self.updated_at = self.started_at

    @property
    def whole_seconds(self) -> int:
        return math.ceil(self.seconds)

    def path(self) -> str:
        return f"/2010-04-01/Accounts/{self.account_sid}/Recordings/{self.sid}"

    def params(self, base: str) -> list[tuple[str, str]]:
        """The fields of a recordingStatusCallback; `base` is the emulator's own address."""
        about = ("CallSid", self.call_sid) if self.call_sid else ("ConferenceSid", self.conference_sid)
        return [
            ("AccountSid", self.account_sid),
            about,
            ("RecordingSid", self.sid),
            ("RecordingUrl", base + self.path()),
            ("RecordingStatus", self.status),
            ("RecordingDuration", str(self.whole_seconds)),
            ("RecordingChannels", str(self.channels)),
            ("RecordingStartTime", rfc2822(self.started_at) or ""),
            ("RecordingSource", self.source),
        ]

    def pause(self, behavior: str, now: datetime) -> None:
        """Take nothing in from now on; what runs on is silence, or is left out. A second time changes nothing."""
        if self.status == "in-progress":
            self.status, self.paused_at, self.pause_behavior = "paused", now, behavior or SILENCE
            self.updated_at = now

    def resume(self, now: datetime) -> None:
        """Take in again. A second time changes nothing."""
        if self.paused_at is None:
            return
        span = ((self.paused_at - self.started_at).total_seconds(), (now - self.started_at).total_seconds())
        (self.left_out if self.pause_behavior == SKIP else self.silent).append(span)
        self.status, self.paused_at, self.updated_at = "in-progress", None, now

    def end(self, now: datetime) -> None:
        """It is over: how long it has become."""
        self.resume(now)
        whole = (now - self.started_at).total_seconds()
        self.seconds = whole - sum(end - begin for begin, end in self.left_out)

    def wav(self) -> bytes:
        """16 bit, 8 kHz, one channel."""
        if self.voice:
            return self.voice
        if self.tape is None:
            return as_wav(tone(self.seconds).tobytes(), RATE)
        whole = self.seconds + sum(end - begin for begin, end in self.left_out)
        return self.tape.wav(whole, self.silent, self.left_out)

    def as_json(self) -> dict[str, Any]:
        """As the REST API shows it."""
        uri = self.path()
        done = self.status in ("completed", "absent")
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "call_sid": self.call_sid or None,
            "conference_sid": self.conference_sid or None,
            "date_created": rfc2822(self.started_at),
            "date_updated": rfc2822(self.updated_at),
            "start_time": rfc2822(self.started_at),
            "duration": str(self.whole_seconds) if done else None,
            "price": None,
            "price_unit": "USD",
            "status": self.status,
            "channels": self.channels,
            "source": self.source,
            "error_code": None,
            "uri": f"{uri}.json",
            "encryption_details": None,
            "subresource_uris": {
                "add_on_results": f"{uri}/AddOnResults.json",
                "transcriptions": f"{uri}/Transcriptions.json",
            },
            "media_url": uri,
        }
