"""Named callers: for a while their calls to the real line hear a draft, while everybody else hears the live menus.

What they hear is kept apart from what is being written: it is the text as it was last found without errors.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, delete, exists, func, or_, select, update

from flows.loader import content_hash, load_flow
from ivr.accounting import account
from ivr.menus.drafts import MenuDraft, find_draft
from ivr.menus.going_live import render_new
from ivr.pinned import DRAFT, FLOW, Pinned
from ivr.publishing import add_version
from ivr.telephone import Telephone
from models.flow_draft import FlowDraft
from models.flow_version import FlowVersion
from models.insert import InsertOnce
from models.named_caller import NamedCaller
from models.store import Store

MOST = 5  # callers of one draft at a time
LONGEST = timedelta(days=1)

log = structlog.get_logger()

_insert = InsertOnce(NamedCaller)


class TooManyNamed(ValueError):
    """So many callers hear this draft already."""


class TooLong(ValueError):
    """Nobody hears a draft for longer than a day without being named again."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whose calls hear a draft, until when, and who has named them (by login)."""

    number: str
    named_by: str
    ends_at: datetime


def name_caller(
    store: Store, draft_id: int, number: str, *, lasts: timedelta, by: str, actor: str, now: datetime
) -> None:
    """Have the calls of this number (E.164) hear the draft, and no other one, from now on.

    Raises DraftGone, TooManyNamed, TooLong.
    """
    if not timedelta() < lasts <= LONGEST:
        raise TooLong(f"Nobody can be named for {lasts}.")
    ends_at = now + lasts
    row = {"draft_id": draft_id, "number": number, "named_by": by, "named_at": now, "ends_at": ends_at}

    def write(connection: Connection) -> None:
        find_draft(connection, draft_id)
        over = or_(NamedCaller.number == number, NamedCaller.ends_at <= now)
        connection.execute(delete(NamedCaller).where(over))
        named = select(func.count()).where(NamedCaller.draft_id == draft_id)
        if connection.scalar(named) == MOST:
            raise TooManyNamed(f"Draft {draft_id} has {MOST} named callers.")
        _insert.add(connection, row)
        data = {"until": ends_at.isoformat()}
        account(connection, actor, "menu_draft_caller_named", f"menu_draft:{draft_id}", now, data)

    store.write(write)


def end_naming(store: Store, draft_id: int, *, actor: str, now: datetime) -> int:
    """Have everybody hear the live menus from now on; calls under way go on as they are. How many callers it ends."""

    def write(connection: Connection) -> int:
        ended = connection.execute(delete(NamedCaller).where(NamedCaller.draft_id == draft_id)).rowcount
        if ended:
            account(connection, actor, "menu_draft_callers_ended", f"menu_draft:{draft_id}", now, {"callers": ended})
        return ended

    return store.write(write)


def list_named(connection: Connection, draft_id: int, now: datetime) -> list[Named]:
    """Who hears the draft now, whose time is over first at the top."""
    wanted = select(NamedCaller.number, NamedCaller.named_by, NamedCaller.ends_at)
    open_ = wanted.where(NamedCaller.draft_id == draft_id, NamedCaller.ends_at > now)
    return [Named(*row) for row in connection.execute(open_.order_by(NamedCaller.ends_at, NamedCaller.id))]


def heard_at(connection: Connection, draft_id: int) -> datetime | None:
    """When the text was saved that named callers hear; None where they hear the live menus."""
    return connection.scalar(select(FlowDraft.heard_at).where(FlowDraft.id == draft_id))


def let_be_heard(telephone: Telephone, draft: MenuDraft) -> bool:
    """Have the named callers of a draft, if there are any, hear this text of it, which has no errors.

    False where the offline voice cannot speak what is new in it: the telephone network's own will then.
    """
    now = telephone.clock.now()
    mine = exists().where(NamedCaller.draft_id == draft.id, NamedCaller.ends_at > now)
    is_later = or_(FlowDraft.heard_at.is_(None), FlowDraft.heard_at <= draft.updated_at)
    values = {"heard_source": json.dumps(dict(draft.files), ensure_ascii=False), "heard_at": draft.updated_at}
    with telephone.store.read() as connection:
        if not connection.scalar(select(mine)):
            return True
        live = telephone.flows.live(connection, FLOW).flow
    keep = update(FlowDraft).where(FlowDraft.id == draft.id, is_later).values(**values)
    telephone.store.write(lambda connection: connection.execute(keep).rowcount)
    return render_new(telephone, load_flow(FLOW, draft.files), live)


def find_heard(telephone: Telephone, draft_id: int) -> Pinned | None:
    """What a call hears that a named caller makes now. None, for the live menus, where the draft cannot be heard."""
    try:
        version_id = telephone.store.write(partial(_keep_version, draft_id, telephone.clock.now()))
        return telephone.flows.pinned(DRAFT, version_id) if version_id is not None else None
    except Exception:
        log.exception("draft_not_heard", draft_id=draft_id)
        return None


def _keep_version(draft_id: int, now: datetime, connection: Connection) -> int | None:
    """The text as a version that nobody lists: a call keeps what it began with while the draft is written on."""
    heard = select(FlowDraft.heard_source, FlowDraft.saved_by).where(
        FlowDraft.id == draft_id, FlowDraft.closed_at.is_(None), FlowDraft.heard_source.is_not(None)
    )
    row = connection.execute(heard).one_or_none()
    if row is None:
        return None
    source = json.loads(row.heard_source)
    same = select(FlowVersion.id).where(FlowVersion.flow == DRAFT, FlowVersion.content_hash == content_hash(source))
    known = connection.scalar(same)
    return known or add_version(connection, DRAFT, source, row.saved_by, f"menu_draft:{draft_id}", now)
