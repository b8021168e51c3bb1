"""The part of TwiML that the emulator plays: which attributes and children each element may have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    attributes: frozenset[str]
    children: frozenset[str]


def _element(attributes: str = "", children: str = "") -> Element:
    return Element(frozenset(attributes.split()), frozenset(children.split()))


SSML = "break emphasis lang p phoneme prosody s say-as sub w"
_LEG = "method statusCallback statusCallbackEvent statusCallbackMethod url"
_RECORDING = "recordingStatusCallback recordingStatusCallbackEvent recordingStatusCallbackMethod trim"

VERBS = "Say Play Gather Redirect Pause Record Enqueue Leave Dial Reject Hangup"

ELEMENTS: dict[str, Element] = {
    "Response": _element("", VERBS),
    "Say": _element("language loop voice", SSML),
    "Play": _element("digits loop"),
    "Pause": _element("length"),
    "Redirect": _element("method"),
    "Reject": _element("reason"),
    "Hangup": _element(),
    "Leave": _element(),
    "Gather": _element(
        "action actionOnEmptyResult bargeIn debug enhanced finishOnKey hints input language maxSpeechTime"
        " method numDigits partialResultCallback partialResultCallbackMethod profanityFilter speechModel"
        " speechTimeout timeout",
        "Say Play Pause",
    ),
    "Record": _element(
        f"action finishOnKey maxLength method playBeep timeout transcribe transcribeCallback {_RECORDING}"
    ),
    "Enqueue": _element("action maxQueueSize method waitUrl waitUrlMethod workflowSid", "Task"),
    "Task": _element("priority timeout"),
    "Dial": _element(
        "action answerOnBridge callerId events hangupOnStar method record recordingTrack referMethod referUrl ringTone"
        f" sequential timeLimit timeout {_RECORDING}",
        "Number Client Queue Conference",
    ),
    "Number": _element(f"{_LEG} byoc sendDigits amdStatusCallback amdStatusCallbackMethod machineDetection"),
    "Client": _element(_LEG, "Identity Parameter"),
    "Identity": _element(),
    "Parameter": _element("name value"),
    "Queue": _element("method postWorkActivitySid reservationSid url"),
    "Conference": _element(
        "beep coach endConferenceOnExit eventCallbackUrl jitterBufferSize maxParticipants muted participantLabel record"
        " region startConferenceOnEnter statusCallback statusCallbackEvent statusCallbackMethod waitMethod waitUrl"
        f" {_RECORDING}"
    ),
}
