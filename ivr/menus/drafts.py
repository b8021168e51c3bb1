"""Drafts of the menus: begun from a version, saved from the first keystroke, never over somebody's newer words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from flows.flow_folder import is_file_of_menus, read_folder, rehearsals_in
from flows.kinds_of_change import changed_files
from flows.loader import Source, content_hash, load_flow
from flows.rehearse import rehearse_all
from flows.source import CALENDARS
from flows.takes import FILE as TAKES
from ivr.accounting import account
from ivr.calendars import live_calendars
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED, version_source
from models.base import composed
from models.flow_draft import FlowDraft
from models.store import Store

MOST_CHARACTERS = 2_000_000  # of all files of a draft together
LONGEST_TITLE = 100

Files = Mapping[str, str | None]
"""Changed files by path; None takes a file away."""


class DraftGone(LookupError):
    """There is no such draft, or it was published or thrown away."""

    def __init__(self, draft_id: int) -> None:
        super().__init__(f"There is no draft {draft_id}, or it was published or thrown away.")


class UnfitFiles(ValueError):
    """What was sent is no file of the menus, or too much."""


class WrittenMeanwhile(ValueError):
    """Somebody saved the draft after it was opened. `draft` is what stands there now."""

    def __init__(self, draft: "MenuDraft") -> None:
        super().__init__(f"{draft.saved_by} saved this draft meanwhile.")
        self.draft = draft


@dataclass(frozen=True, slots=True)
class MenuDraft:
    """A draft with its files. People stand here by their logins."""

    id: int
    flow: str
    title: str
    owner: str
    base_version_id: int
    files: Mapping[str, str]
    version: int
    writers: tuple[str, ...]
    saved_by: str
    created_at: datetime
    updated_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    approved_hash: str | None
    closed_at: datetime | None
    hash: str = field(default="")

    @property
    def is_approved(self) -> bool:
        """Whether just this text was agreed to."""
        return self.approved_hash == self.hash


def begin_draft(
    store: Store,
    base_version_id: int,
    *,
    by: str,
    actor: str = "",
    now: datetime,
    title: str = "",
    files: Source | None = None,
) -> int:
    """Begin a draft of the version's text, or of `files` on top of that version. Returns its id.

    A version from before rehearsals were kept with it gets those shipped ones that it passes.
    """
    source = _without_own(files) if files is not None else _source_to_change(store, base_version_id)
    _judge(source)

    def write(connection: Connection) -> int:
        values = {
            "flow": FLOW,
            "title": title[:LONGEST_TITLE],
            "owner": by,
            "base_version_id": base_version_id,
            "source": _as_text(source),
            "version": 0,
            "writers": [by],
            "saved_by": by,
            "created_at": now,
            "updated_at": now,
        }
        draft_id = int(connection.execute(insert(FlowDraft).values(**values).returning(FlowDraft.id)).scalar_one())
        account(connection, actor or by, "menu_draft_begun", f"menu_draft:{draft_id}", now)
        return draft_id

    return store.write(write)


def find_draft(connection: Connection, draft_id: int) -> MenuDraft:
    """A draft that is still being written. Raises DraftGone."""
    row = connection.execute(_DRAFTS.where(FlowDraft.id == draft_id, FlowDraft.closed_at.is_(None))).one_or_none()
    if row is None:
        raise DraftGone(draft_id)
    return _draft(row)


def list_drafts(connection: Connection, flow: str = FLOW) -> list[MenuDraft]:
    """Every open draft, the one saved last first."""
    rows = _DRAFTS.where(FlowDraft.flow == flow, FlowDraft.closed_at.is_(None))
    return [_draft(row) for row in connection.execute(rows.order_by(FlowDraft.updated_at.desc(), FlowDraft.id.desc()))]


def save_files(
    store: Store,
    draft_id: int,
    files: Files,
    *,
    version: int,
    by: str,
    now: datetime,
    allow: Callable[[list[str]], object] = lambda changed: None,
    base_version_id: int | None = None,
) -> MenuDraft:
    """Keep these files as version + 1, if `version` is still the newest. `allow` is asked about the changed ones.

    From then on the draft stands on `base_version_id`, if one is given: who had agreed, had agreed to what differs from
    another one.

    The same words again, as after a reply that was lost, are no conflict. Raises DraftGone, UnfitFiles and
    WrittenMeanwhile, which carries what somebody else has saved.
    """

    def write(connection: Connection) -> MenuDraft:
        before = find_draft(connection, draft_id)
        after = _without_own({path: text for path, text in {**before.files, **files}.items() if text is not None})
        _judge(after)
        base = base_version_id or before.base_version_id
        if changed_files(before.files, after) == [] and base == before.base_version_id:
            return before
        allow(changed_files(before.files, after))
        values = {
            "source": _as_text(after),
            "base_version_id": base,
            "version": version + 1,
            "saved_by": by,
            "updated_at": now,
            "writers": [*before.writers, *([] if by in before.writers else [by])],
        }
        if base != before.base_version_id:
            values |= {"approved_by": None, "approved_at": None, "approved_hash": None}
        newest = (FlowDraft.id == draft_id) & (FlowDraft.version == version) & FlowDraft.closed_at.is_(None)
        if connection.execute(update(FlowDraft).where(newest).values(**values)).rowcount == 0:
            raise WrittenMeanwhile(find_draft(connection, draft_id))
        return find_draft(connection, draft_id)

    return store.write(write)


def name_draft(store: Store, draft_id: int, title: str) -> None:
    """Call a draft otherwise. Raises DraftGone."""

    def write(connection: Connection) -> None:
        find_draft(connection, draft_id)
        named = update(FlowDraft).where(FlowDraft.id == draft_id).values(title=title[:LONGEST_TITLE])
        connection.execute(named)

    store.write(write)


def throw_away(store: Store, draft_id: int, *, by: str, now: datetime) -> None:
    """Nobody goes on with this draft. Raises DraftGone."""

    def write(connection: Connection) -> None:
        find_draft(connection, draft_id)
        connection.execute(update(FlowDraft).where(FlowDraft.id == draft_id).values(closed_at=now))
        account(connection, by, "menu_draft_thrown_away", f"menu_draft:{draft_id}", now)

    store.write(write)


def _source_to_change(store: Store, version_id: int) -> dict[str, str]:
    with store.read() as connection:
        source = _without_own(version_source(connection, version_id))
        calendars = live_calendars(connection)
    if rehearsals_in(source):
        return source
    flow = load_flow(FLOW, source)
    shipped = rehearsals_in(read_folder(SHIPPED))
    passing = {
        file: text
        for file, text in shipped.items()
        if not any(outcome.differences for outcome in rehearse_all(flow, {file: text}, calendars))
    }
    return source | passing


def _without_own(source: Source) -> dict[str, str]:
    """What people write: neither the recordings, which publishing adds, nor the calendars, which are live."""
    return {path: composed(text) for path, text in source.items() if path not in (TAKES, CALENDARS)}


def _judge(source: Source) -> None:
    unfit = [path for path in source if not is_file_of_menus(path)]
    if unfit:
        raise UnfitFiles(f"{unfit[0]} is no file of the menus.")
    if sum(map(len, source.values())) > MOST_CHARACTERS:
        raise UnfitFiles("The menus are too long.")


def _as_text(source: Source) -> str:
    return json.dumps(dict(source), ensure_ascii=False, sort_keys=True)


def _draft(row: object) -> MenuDraft:
    told = dict(row._mapping)  # type: ignore[attr-defined]  # a row of the columns below
    files = json.loads(told.pop("source"))
    told["writers"] = tuple(told["writers"])
    return MenuDraft(**told, files=files, hash=content_hash(files))


_DRAFTS = select(
    FlowDraft.id,
    FlowDraft.flow,
    FlowDraft.title,
    FlowDraft.owner,
    FlowDraft.base_version_id,
    FlowDraft.source,
    FlowDraft.version,
    FlowDraft.writers,
    FlowDraft.saved_by,
    FlowDraft.created_at,
    FlowDraft.updated_at,
    FlowDraft.approved_by,
    FlowDraft.approved_at,
    FlowDraft.approved_hash,
    FlowDraft.closed_at,
)
