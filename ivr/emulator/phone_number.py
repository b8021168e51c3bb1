"""The account's own telephone numbers and TwiML Apps: where their calls are answered."""

from dataclasses import dataclass, field
from typing import Any

from ivr.emulator.call import Callback
from ivr.emulator.names import new_sid


@dataclass
class VoiceAddresses:
    """Where the application answers a call, where it is told of the end, and where to turn when it fails."""

    voice_url: str = ""
    voice_method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_url: str = ""
    status_method: str = "POST"

    @property
    def fallback(self) -> Callback | None:
        return Callback(self.fallback_url, self.fallback_method) if self.fallback_url else None

    @property
    def status(self) -> Callback | None:
        return Callback(self.status_url, self.status_method) if self.status_url else None

    def change(self, form: dict[str, Any]) -> None:
        """Take over what a REST form names."""
        names = {
            "VoiceUrl": "voice_url",
            "VoiceMethod": "voice_method",
            "VoiceFallbackUrl": "fallback_url",
            "VoiceFallbackMethod": "fallback_method",
            "StatusCallback": "status_url",
            "StatusCallbackMethod": "status_method",
        }
        for field_name, name in names.items():
            if field_name in form:
                setattr(self, name, form[field_name])


@dataclass
class PhoneNumber:
    number: str
    voice: VoiceAddresses
    friendly_name: str = ""
    sid: str = field(default_factory=lambda: new_sid("PN"))


@dataclass
class Application:
    friendly_name: str
    voice: VoiceAddresses
    sid: str = field(default_factory=lambda: new_sid("AP"))
