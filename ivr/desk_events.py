"""News for the desk: rows that the event stream reads. Constant kinds, ids as subjects, no personal data."""

from datetime import datetime

from sqlalchemy import Connection

from models import outbox

OFFER_MADE = "offer"  # subject: the offer; it rings
OFFER_OVER = "offer_over"  # subject: the offer; stop ringing, whatever became of it
PRESENCE = "presence"  # subject: the representative
DESK = "desk"  # subject: the representative; another tab of theirs has become the desk
QUEUE = "queue"  # subject: the queue's name
TALK = "talk"  # subject: the talk; its state or one of its legs changed
CALLER_GONE = "caller_gone"  # subject: the talk; the caller hung up before anybody could speak
MESSAGE = "message"  # subject: the message; its status changed
HELP = "help"  # subject: the request for help; asked, taken or closed
CALL_BACK = "call_back"  # subject: the call-back
VOICE_MESSAGE = "voice_message"  # subject: the voice message
NOTICE = "notice"  # subject: the representative whom a supervisor has something to tell
DAY_MESSAGE = "day_message"  # subject: the message of the day
LISTENING = "listening"  # subject: the talk; a supervisor came in, changed the way of it, or left

EVERYBODY = "all"
REPRESENTATIVES = "role:representative"
SUPERVISORS = "role:supervisor"


def for_staff(staff_id: int) -> str:
    """The audience of one person."""
    return f"staff:{staff_id}"


def tell_desk(connection: Connection, kind: str, subject: object, audience: str, now: datetime) -> None:
    """Write news in the caller's transaction. Nudge the streams with `wake.desk()` after the commit."""
    outbox.tell_desk(connection, kind=kind, subject=str(subject), audience=audience, now=now)


def tell_presence(connection: Connection, staff_id: int, now: datetime) -> None:
    """Tell the person and the supervisors that a presence changed."""
    for audience in (for_staff(staff_id), SUPERVISORS):
        tell_desk(connection, PRESENCE, staff_id, audience, now)
