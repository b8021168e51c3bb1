"""The fields that numbers and TwiML Apps have alike."""

from typing import Any

from ivr.emulator.phone_number import VoiceAddresses


def voice_json(voice: VoiceAddresses) -> dict[str, Any]:
    """As the REST API shows them."""
    return {
        "voice_url": voice.voice_url or None,
        "voice_method": voice.voice_method,
        "voice_fallback_url": voice.fallback_url or None,
        "voice_fallback_method": voice.fallback_method,
        "voice_caller_id_lookup": False,
        "status_callback": voice.status_url or None,
        "status_callback_method": voice.status_method,
        "sms_url": None,
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
    }
