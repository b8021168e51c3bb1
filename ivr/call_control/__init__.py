"""What a representative does with calls. The desk drives the telephone through these functions and no others.

Each writes in one short transaction. Requests to the network go out after it, with no database connection held.
"""

from ivr.call_control.accepted import Accepted
from ivr.call_control.beside import listen_in, speak_as, stop_listening
from ivr.call_control.checking import check_number
from ivr.call_control.consulting import accept_transfer, consult, decline_transfer, hand_over, join_all, take_back
from ivr.call_control.exit_line import end_with_exit_line
from ivr.call_control.microphone import tell_microphone
from ivr.call_control.offer import accept_offer, decline
from ivr.call_control.presence import finish_wrap_up, go_offline, go_ready, heartbeat, take_break
from ivr.call_control.recording import pause_recording, resume_recording
from ivr.call_control.refusals import (
    AlreadyTaken,
    CannotSend,
    ColleagueBusy,
    DeskClosed,
    NobodySpeaksIt,
    NotConnectedYet,
    NotFree,
    NothingRecorded,
    NothingToDial,
    OfferExpired,
    TalkOver,
    TransferUnderWay,
)
from ivr.call_control.ringing_back import dial_back
from ivr.call_control.sending_on import call_service, send_to_colleague, send_to_language
from ivr.call_control.supervising import FORCED, end_call_for_all, force_state
from ivr.call_control.talk import end_talk, hold, rejoin, unhold
from ivr.microphones import Microphone

__all__ = [
    "FORCED",
    "Accepted",
    "AlreadyTaken",
    "CannotSend",
    "ColleagueBusy",
    "NobodySpeaksIt",
    "DeskClosed",
    "Microphone",
    "NotConnectedYet",
    "NotFree",
    "NothingRecorded",
    "NothingToDial",
    "OfferExpired",
    "TalkOver",
    "TransferUnderWay",
    "accept_offer",
    "accept_transfer",
    "call_service",
    "check_number",
    "consult",
    "decline",
    "decline_transfer",
    "dial_back",
    "end_call_for_all",
    "end_talk",
    "end_with_exit_line",
    "finish_wrap_up",
    "force_state",
    "go_offline",
    "go_ready",
    "hand_over",
    "heartbeat",
    "hold",
    "join_all",
    "listen_in",
    "pause_recording",
    "rejoin",
    "resume_recording",
    "send_to_colleague",
    "send_to_language",
    "speak_as",
    "stop_listening",
    "take_back",
    "take_break",
    "tell_microphone",
    "unhold",
]
