"""Saving a draft so that nobody writes over somebody else's newer words."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.draft import Draft
from models.errors import DraftConflict
from models.staff import Staff


def save_draft(session: Session, *, draft_id: int, staff_id: int, data: str, version: int, now: datetime) -> Draft:
    """Keep `data` (JSON text) as version + 1, if `version` is still the newest. Raises DraftConflict, naming who saved.

    The same words again, as after a reply that was lost, are no conflict.
    """
    session.flush()
    saved = session.connection().execute(
        update(Draft)
        .where(Draft.id == draft_id, Draft.version == version)
        .values(data=data, version=version + 1, staff_id=staff_id, updated_at=now)
    )
    draft = session.get_one(Draft, draft_id, populate_existing=True)
    if saved.rowcount == 1 or (draft.data == data and draft.staff_id == staff_id):
        return draft
    name = session.get_one(Staff, draft.staff_id).name
    raise DraftConflict(name, draft.version)
