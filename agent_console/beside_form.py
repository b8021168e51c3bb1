"""Words that stayed in somebody's browser, beside the form they were meant for: they never change what it holds."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from agent_console.draft_form import BESIDE, data_of, open_drafts
from models.draft import Draft
from models.services import save_draft
from models.staff import Staff


@dataclass(frozen=True, slots=True)
class _Entry:
    """As it is kept. `n` counts within the form, `at` is the second at which it was typed."""

    n: int
    by: int
    at: int
    words: str


@dataclass(frozen=True, slots=True)
class BesideLine:
    """The same as the desk shows it."""

    draft_id: int
    n: int
    who: str
    at: datetime
    words: str


def read_beside(session: Session, staff_id: int) -> list[BesideLine]:
    """What stands beside this person's open forms."""
    return [
        BesideLine(draft.id, one.n, session.get_one(Staff, one.by).name, datetime.fromtimestamp(one.at, UTC), one.words)
        for draft in open_drafts(session, staff_id)
        for one in _entries(draft)
    ]


def words_beside(draft: Draft) -> str:
    """All of what stands beside this form."""
    return "\n".join(one.words for one in _entries(draft))


def put_beside(session: Session, draft: Draft, words: str, *, by: int, typed_at: datetime, now: datetime) -> None:
    """Add words to the form, whoever has it."""
    entries = _entries(draft)
    n = max((one.n for one in entries), default=0) + 1
    _keep(session, draft, [*entries, _Entry(n, by, int(typed_at.timestamp()), words)], now)


def settle_beside(session: Session, draft: Draft, n: int, now: datetime) -> int:
    """Entry `n` is in the text by now, or is not needed. Returns the version of the form."""
    entries = _entries(draft)
    rest = [one for one in entries if one.n != n]
    if len(rest) < len(entries):
        _keep(session, draft, rest, now)
    return draft.version


def _entries(draft: Draft) -> list[_Entry]:
    return [_Entry(**one) for one in json.loads(data_of(draft).get(BESIDE, "[]"))]


def _keep(session: Session, draft: Draft, entries: list[_Entry], now: datetime) -> None:
    """In a new version, so that a page with an older one learns of it before it saves. The form stays whose it is."""
    data = {name: value for name, value in data_of(draft).items() if name != BESIDE}
    if entries:
        data[BESIDE] = json.dumps([asdict(one) for one in entries], ensure_ascii=False)
    kept = json.dumps(data, ensure_ascii=False)
    save_draft(session, draft_id=draft.id, staff_id=draft.staff_id, data=kept, version=draft.version, now=now)
