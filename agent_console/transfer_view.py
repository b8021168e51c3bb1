"""A transfer as the desk shows it: to whom a caller can be handed on, and how far it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.draft_form import data_of
from agent_console.told import category_name, place_name
from agent_console.words import LANGUAGES
from config import EMERGENCY_SERVICES, Config
from ivr.line_view import WORKING
from ivr.talks import guest_in
from models.draft import Draft
from models.presence import Presence
from models.services.drafting import TALK
from models.staff import Staff
from models.talk import Talk
from models.transfer import Transfer


@dataclass(frozen=True, slots=True)
class TransferView:
    """The newest transfer of a talk. `who` is a colleague's name or a service's number."""

    id: int
    state: str
    kind: str
    who: str
    service: str | None
    reason: str | None
    expires_at: datetime
    is_in: bool  # the colleague, or the service, can be left with the caller


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is ready."""

    id: int
    name: str
    languages: list[str]


@dataclass(frozen=True, slots=True)
class Ways:
    """To whom a caller can be handed on now. `services` says of each whether it can be called from here."""

    colleagues: list[Colleague]
    languages: list[str]
    services: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Notes:
    """What a colleague has written so far, for the one whom they consult."""

    category: str
    place: str
    text: str


def read_transfer(session: Session, talk_id: int) -> TransferView | None:
    """The newest transfer of this talk, under way or over."""
    newest = select(Transfer).where(Transfer.talk_id == talk_id).order_by(Transfer.id.desc()).limit(1)
    transfer = session.scalars(newest).first()
    if transfer is None:
        return None
    is_in = guest_in(session.connection(), talk_id) is not None if transfer.service is None else True
    return TransferView(
        id=transfer.id,
        state=transfer.state,
        kind=transfer.kind,
        who=transfer.service or name_of(session, transfer.to_staff),
        service=transfer.service,
        reason=transfer.reason,
        expires_at=transfer.expires_at,
        is_in=is_in,
    )


def name_of(session: Session, staff_id: int | None) -> str:
    person = session.get(Staff, staff_id) if staff_id is not None else None
    return person.name if person else ""


def read_ways(session: Session, config: Config, staff_id: int, spoken: str, now: datetime) -> Ways:
    """Colleagues who are ready, languages of those at work but `spoken`, and the emergency services."""
    others = select(Staff, Presence.state, Presence.lease_until).join(Presence, Presence.staff_id == Staff.id)
    at_work = session.execute(
        others.where(Staff.id != staff_id, Staff.active, Presence.state.in_(WORKING)).order_by(Staff.name)
    ).all()
    ready = [
        Colleague(person.id, person.name, person.languages)
        for person, state, alive_until in at_work
        if state == "ready" and alive_until is not None and alive_until > now
    ]
    heard = {language for person, _, _ in at_work for language in person.languages} - {spoken}
    with_line = dict(config.emergency_lines)
    return Ways(
        ready,
        [language for language in LANGUAGES if language in heard],
        {service: service in with_line for service in EMERGENCY_SERVICES},
    )


def read_notes(session: Session, host_talk_id: int) -> list[Notes]:
    """The unregistered drafts of the talk that a consulted colleague is a guest of."""
    host = session.get(Talk, host_talk_id)
    if host is None:
        return []
    theirs = select(Draft).where(
        Draft.complaint_id.is_(None), Draft.discarded_at.is_(None), Draft.updated_at >= host.created_at
    )
    found = [data_of(draft) for draft in session.scalars(theirs.order_by(Draft.id))]
    return [
        Notes(category_name(session, data.get("category")), _where(session, data), data.get("text", ""))
        for data in found
        if data.get(TALK) == str(host_talk_id)
    ]


def _where(session: Session, data: dict[str, str]) -> str:
    return ", ".join(filter(None, (place_name(session, data.get("place")), data.get("place_detail", ""))))
