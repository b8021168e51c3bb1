"""What callers are told before the menus: posted for a while, heard in their language, ended early by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from audio.render import render_missing
from audio.shelf import ShelfAway
from audio.synthesizer import CannotRender
from flows.flow import Announcements, Flow
from ivr.accounting import account
from ivr.pinned import FLOW
from ivr.telephone import Telephone
from models.announcement import Announcement
from models.store import Store


def post_announcement(
    telephone: Telephone, words: Mapping[str, str], starts_at: datetime, ends_at: datetime, *, by: str
) -> bool:
    """Have callers told this, by language, from `starts_at` up to `ends_at`. False where the live menu has no place
    for it. Raises NoFlow.

    It is rendered first, so that the first caller hears it in the usual voice.
    """
    with telephone.store.read() as connection:
        boards = boards_of(telephone.flows.live(connection, FLOW).flow)
    if not boards:
        return False
    render_words(telephone, words)

    def write(connection: Connection) -> None:
        now = telephone.clock.now()
        for board in boards:
            values = {"board": board, "words": dict(words), "starts_at": starts_at, "ends_at": ends_at}
            connection.execute(insert(Announcement).values(**values, posted_by=by))
            told = {"words": dict(words), "from": starts_at.isoformat(), "until": ends_at.isoformat()}
            account(connection, by, "announcement_posted", board, now, told)

    telephone.store.write(write)
    return True


def end_announcement(store: Store, announcement_id: int, *, by: str, now: datetime) -> bool:
    """Tell callers no more of it; one that has not begun never does. False where it is over already."""

    def write(connection: Connection) -> bool:
        open_ = (Announcement.id == announcement_id) & (Announcement.ends_at > now)
        ended = connection.execute(update(Announcement).where(open_).values(ends_at=now))
        if ended.rowcount == 0:
            return False
        account(connection, by, "announcement_ended", f"announcement:{announcement_id}", now)
        return True

    return store.write(write)


def list_announcements(connection: Connection, now: datetime, *, over: int) -> Sequence[Announcement]:
    """Those that are told now or will be, the first to end first; then the last `over` that have ended."""
    table = Announcement.__table__
    to_come = select(table).where(table.c.ends_at > now).order_by(table.c.starts_at, table.c.id)
    ended = select(table).where(table.c.ends_at <= now).order_by(table.c.ends_at.desc(), table.c.id.desc()).limit(over)
    rows = [*connection.execute(to_come), *connection.execute(ended)]
    return [Announcement(**row._asdict()) for row in rows]


def boards_of(flow: Flow) -> list[str]:
    """Where notices to callers are posted."""
    return list(dict.fromkeys(step.board for step in flow.steps.values() if isinstance(step, Announcements)))


def render_words(telephone: Telephone, words: Mapping[str, str]) -> None:
    """Have the offline voice speak these words ahead. Where it cannot, the telephone network's own voice will."""
    try:
        render_missing(telephone.sounds, [(language, text) for language, text in words.items() if text])
    except (CannotRender, ShelfAway):
        return
