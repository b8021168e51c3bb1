"""What a representative does with calls. The desk drives the telephone through these functions and no others.

Each writes in one short transaction. Requests to the network go out after it, with no database connection held.
"""

from ivr.call_control.accepted import Accepted
from ivr.call_control.beside import listen_in, speak_as, stop_listening
from ivr.call_control.offer import accept_offer, decline
from ivr.call_control.presence import finish_wrap_up, go_offline, go_ready, heartbeat, take_break
from ivr.call_control.refusals import (
    AlreadyTaken,
    DeskClosed,
    NotConnectedYet,
    NotFree,
    NothingToDial,
    OfferExpired,
    TalkOver,
)
from ivr.call_control.ringing_back import dial_back
from ivr.call_control.supervising import FORCED, end_call_for_all, force_state
from ivr.call_control.talk import end_talk, hold, rejoin, unhold

__all__ = [
    "FORCED",
    "Accepted",
    "AlreadyTaken",
    "DeskClosed",
    "NotConnectedYet",
    "NotFree",
    "NothingToDial",
    "OfferExpired",
    "TalkOver",
    "accept_offer",
    "decline",
    "dial_back",
    "end_call_for_all",
    "end_talk",
    "finish_wrap_up",
    "force_state",
    "go_offline",
    "go_ready",
    "heartbeat",
    "hold",
    "listen_in",
    "rejoin",
    "speak_as",
    "stop_listening",
    "take_break",
    "unhold",
]
