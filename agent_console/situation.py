"""Where a representative stands: the ringing caller, the talk, the wrap-up, with what is known of the caller."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.complaint_rows import ComplaintRow, complaint_rows
from agent_console.exit_line import diversion_of
from agent_console.periods import today_began
from agent_console.pressed import Pressed, pressed_keys
from agent_console.recording_sign import Sign, read_sign
from agent_console.told import category_name, told_lines
from agent_console.transfer_view import TransferView, name_of, read_transfer
from ivr.commands import CALL_CITIZEN
from ivr.offers import RINGS_FOR
from ivr.pinned import DRAFT
from models.call import Call
from models.call_back import CallBack
from models.caller import CallerMemory
from models.command import Command
from models.complaint import Complaint
from models.help_request import HelpRequest
from models.keypad_check import KeypadCheck
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.services.help_requests import help_of_talk
from models.talk import Talk
from models.transfer import Transfer

RINGS_S = int(RINGS_FOR.total_seconds())
_PAST = ("closed", "rejected", "merged")


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of the person on the line. `number` is E.164, None when withheld."""

    number: str | None
    language: str
    pressed: list[Pressed]
    told: list[tuple[str, str]]
    waited_s: float | None
    calls_today: int
    calls_ever: int
    tell: dict[str, str] = field(default_factory=dict)
    hears_draft: bool = False  # a named caller of a draft of the menus


@dataclass(slots=True)
class Situation:
    """One moment of one representative, as the server has it."""

    state: str
    since: datetime
    reason: str = ""
    wrap_until: datetime | None = None
    extended: bool = False
    offer_id: int | None = None
    offer_until: datetime | None = None
    offer_seconds: int = RINGS_S
    asked_by: str = ""  # the colleague whose transfer rings here, or who consults this person
    guest_of: int | None = None
    transfer_id: int | None = None  # of what rings
    transfer: TransferView | None = None  # of one's own talk
    keypad: str = ""  # of the newest number check: asked, right, wrong, not_sent, gone
    keypad_number: str = ""
    recording: Sign | None = None
    help: HelpRequest | None = None
    waits_in_line: bool = False  # the caller came through the line, and can be put back into it
    talk_id: int | None = None
    talk_state: str = ""
    feedback_id: int | None = None  # whom this talk asks whether it is solved
    talk_since: datetime | None = None
    held: bool = False
    held_since: datetime | None = None
    pressed_kind: str = ""
    real_kind: str = ""
    call_sid: str | None = None
    card: Card | None = None
    caller_name: str | None = None
    complaints: list[ComplaintRow] = field(default_factory=list)
    open_complaints: int = 0
    past_complaints: int = 0
    likely_outcome: str = ""
    diverted_until: datetime | None = None  # by this talk


def read_situation(session: Session, staff_id: int, now: datetime) -> Situation:
    """Where this person stands now."""
    presence = session.get(Presence, staff_id)
    if presence is None:
        return Situation(state="offline", since=now)
    at = Situation(state=presence.state, since=presence.since, reason=presence.reason, wrap_until=presence.wrap_until)
    if at.state == "offered":
        _add_offer(session, at, staff_id, now)
    elif at.state in ("talk", "wrap_up"):
        at.extended = at.state == "wrap_up" and bool(presence.reason)
        _add_talk(session, at, staff_id, now)
    return at


def current_talk(session: Session, staff_id: int) -> Talk | None:
    """The talk that runs, or the one whose wrap-up is not done. Older ones had none, and never will."""
    newest = session.scalars(select(Talk).where(Talk.staff_id == staff_id).order_by(Talk.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.wrapped_at is None else None


def _add_offer(session: Session, at: Situation, staff_id: int, now: datetime) -> None:
    offer = session.scalars(select(Offer).where(Offer.staff_id == staff_id, Offer.state == "ringing")).first()
    if offer is None:
        _add_ringing_transfer(session, at, staff_id, now)
        return
    entry = session.get_one(QueueEntry, offer.entry_id)
    at.offer_id, at.offer_until = offer.id, offer.expires_at
    at.card = _card(session, session.get(Call, entry.call_sid), entry, now, waited_until=now)


def _add_ringing_transfer(session: Session, at: Situation, staff_id: int, now: datetime) -> None:
    ringing = select(Transfer).where(Transfer.to_staff == staff_id, Transfer.state == "ringing")
    transfer = session.scalars(ringing).first()
    if transfer is None:
        return
    talk = session.get_one(Talk, transfer.talk_id)
    entry = session.get(QueueEntry, talk.entry_id) if talk.entry_id else None
    call = session.get(Call, talk.call_sid) if talk.call_sid else None
    at.transfer_id, at.offer_until, at.asked_by = transfer.id, transfer.expires_at, name_of(session, transfer.asked_by)
    at.card = _card(session, call, entry, now, talk=talk, waited_until=talk.created_at)


def _add_talk(session: Session, at: Situation, staff_id: int, now: datetime) -> None:
    talk = current_talk(session, staff_id)
    if talk is None:
        return
    at.talk_id, at.talk_state, at.held, at.feedback_id = talk.id, talk.state, talk.held, talk.feedback_id
    at.talk_since, at.call_sid, at.held_since = talk.started_at or talk.created_at, talk.call_sid, talk.held_since
    at.pressed_kind, at.real_kind = (category_name(session, kind) for kind in (talk.pressed_kind, talk.real_kind))
    host = session.get(Talk, talk.guest_of) if talk.guest_of else None
    if host is not None:
        at.guest_of, at.asked_by, at.held = host.id, name_of(session, host.staff_id), host.held
    elif at.state == "talk":
        at.transfer = read_transfer(session, talk.id)
        at.help = help_of_talk(session, talk.id)
        _add_keypad(session, at, talk)
        at.recording = read_sign(session, talk.call_sid) if talk.state == "live" else None
    entry_id = host.entry_id if host else talk.entry_id
    at.waits_in_line = talk.entry_id is not None
    entry = session.get(QueueEntry, entry_id) if entry_id else None
    call = session.get(Call, talk.call_sid) if talk.call_sid else None
    at.card = _card(session, call, entry, now, talk=talk, waited_until=(host or talk).created_at)
    _add_history(session, at, talk)


def _add_keypad(session: Session, at: Situation, talk: Talk) -> None:
    newest = select(KeypadCheck).where(KeypadCheck.talk_id == talk.id).order_by(KeypadCheck.id.desc()).limit(1)
    check = session.scalars(newest).first()
    if check is not None:
        at.keypad, at.keypad_number = check.state, check.number


def _card(
    session: Session,
    call: Call | None,
    entry: QueueEntry | None,
    now: datetime,
    *,
    waited_until: datetime,
    talk: Talk | None = None,
) -> Card:
    number = _number(session, call, talk)
    memory = session.get(CallerMemory, number) if number else None
    today = _calls_since(session, number, today_began(now))
    tell = dict(entry.tell) if entry else {}
    return Card(
        number=number,
        language=(entry.language if entry else "") or (call.language if call else "") or _asked_language(session, talk),
        pressed=pressed_keys(session, call),
        told=told_lines(session, tell),
        waited_s=(waited_until - entry.entered_at).total_seconds() if entry else None,
        calls_today=today,
        calls_ever=max(memory.calls if memory else 0, today),
        tell=tell,
        hears_draft=call is not None and call.flow == DRAFT,
    )


def _number(session: Session, call: Call | None, talk: Talk | None) -> str | None:
    if call is not None:
        return call.citizen_number
    if talk is None:
        return None
    # Rung back: until the network has made the call, only the command knows whom.
    key = f"talk:{talk.id}:{CALL_CITIZEN}"
    payload = session.scalar(select(Command.payload).where(Command.key == key))
    return payload.get("number") if payload else None


def _asked_language(session: Session, talk: Talk | None) -> str:
    call_back = session.get(CallBack, talk.callback_id) if talk and talk.callback_id else None
    return call_back.language if call_back else ""


def _calls_since(session: Session, number: str | None, since: datetime) -> int:
    if number is None:
        return 0
    theirs = (Call.from_number == number) & (Call.started_at >= since)
    return session.scalar(select(func.count()).select_from(Call).where(theirs)) or 0


def _add_history(session: Session, at: Situation, talk: Talk) -> None:
    number = at.card.number if at.card else None
    rows = complaint_rows(session, Complaint.contact_number == number, limit=20) if number else []
    at.past_complaints = sum(row.state in _PAST for row in rows)
    at.open_complaints = len(rows) - at.past_complaints
    at.complaints = rows[:5]
    at.caller_name = next((row.complainant_name for row in rows if row.complainant_name and not row.name_hidden), None)
    if talk.call_sid and session.scalar(select(Complaint.id).where(Complaint.call_sid == talk.call_sid).limit(1)):
        at.likely_outcome = "registered"
    elif talk.ended_by in ("transferred", "with_service"):
        at.likely_outcome = "transferred"
    if at.state == "wrap_up" and (made := diversion_of(session, talk.id)) is not None:
        at.likely_outcome, at.diverted_until = made.reason, made.until
