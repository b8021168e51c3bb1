"""A recording of a call or a conference: a real sound file, made once it is asked for."""

import io
import math
import struct
import wave
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.emulator.names import new_sid, rfc2822

RATE = 8000  # samples a second, as telephones have
_TONE = 440  # hertz: there is no voice to keep, so a tone stands for the speech
_LOUDNESS = 6000


@dataclass(eq=False)
class Recording:
    """`seconds` of sound; 0 with status absent where nobody spoke."""

    account_sid: str
    source: str  # RecordVerb, DialVerb, Conference, OutboundAPI, StartCallRecordingAPI
    started_at: datetime
    seconds: float
    call_sid: str = ""
    conference_sid: str = ""
    status: str = "processing"
    channels: int = 1
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

    def wav(self) -> bytes:
        """16 bit, 8 kHz, one channel."""
        if self.voice:
            return self.voice
        period = [round(_LOUDNESS * math.sin(2 * math.pi * _TONE * n / RATE)) for n in range(RATE)]
        second = struct.pack(f"<{RATE}h", *period)
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            whole, rest = divmod(self.seconds, 1)
            file.writeframes(second * int(whole) + second[: 2 * int(rest * RATE)])
        return out.getvalue()

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
