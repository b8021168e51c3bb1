"""Drafts: nobody writes over somebody else's newer words."""

import pytest
from sqlalchemy.orm import Session

from models.draft import Draft
from models.errors import DraftConflict
from models.services import save_draft
from models.store import Store
from tests.models.desk_kit import FRIDAY, lay_office


@pytest.fixture
def draft_id(store: Store) -> int:
    store.transact(lay_office)

    def begin(session: Session) -> int:
        draft = Draft(staff_id=1, created_at=FRIDAY, updated_at=FRIDAY)
        session.add(draft)
        session.flush()
        return draft.id

    return store.transact(begin)


def save(store: Store, draft_id: int, staff_id: int, data: str, version: int) -> int:
    def work(session: Session) -> int:
        kept = save_draft(session, draft_id=draft_id, staff_id=staff_id, data=data, version=version, now=FRIDAY)
        return kept.version

    return store.transact(work)


def test_versions_grow(store: Store, draft_id: int) -> None:
    assert save(store, draft_id, 1, '{"text":"a"}', 0) == 1
    assert save(store, draft_id, 1, '{"text":"ab"}', 1) == 2


def test_conflict_names_who_saved(store: Store, draft_id: int) -> None:
    save(store, draft_id, 2, '{"text":"b"}', 0)
    with pytest.raises(DraftConflict) as conflict:
        save(store, draft_id, 1, '{"text":"a"}', 0)
    assert (conflict.value.name, conflict.value.version) == ("Bimal Roy", 1)


def test_same_words_again_are_no_conflict(store: Store, draft_id: int) -> None:
    save(store, draft_id, 1, '{"text":"a"}', 0)
    assert save(store, draft_id, 1, '{"text":"a"}', 0) == 1
