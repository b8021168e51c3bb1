"""Saving a draft so that nobody writes over somebody else's newer words, and handing it on with its caller."""

import json
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from models.draft import Draft
from models.errors import DraftConflict
from models.staff import Staff
from models.talk import Talk

TALK = "talk"  # in the data of a draft: the talk that it belongs to
# Ends of a talk after which the caller is somebody else's.
_LET_GO = ("transferred", "with_service", "lost", "no_leg", "failed")


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


def adopt_drafts(connection: Connection, *, from_talk: int, to_talk: int, staff_id: int, now: datetime) -> int:
    """Give the unregistered drafts of a talk to another talk and its representative. Returns how many there were."""
    writer = select(Talk.staff_id).where(Talk.id == from_talk).scalar_subquery()
    open_ones = select(Draft.id, Draft.data).where(
        Draft.complaint_id.is_(None), Draft.discarded_at.is_(None), Draft.staff_id == writer
    )
    adopted = 0
    for draft in connection.execute(open_ones).all():
        data = json.loads(draft.data)
        if data.get(TALK) != str(from_talk):
            continue
        given = json.dumps({**data, TALK: str(to_talk)}, ensure_ascii=False)
        connection.execute(
            update(Draft)
            .where(Draft.id == draft.id)
            .values(data=given, staff_id=staff_id, version=Draft.version + 1, updated_at=now)
        )
        adopted += 1
    return adopted


def adopt_drafts_of_caller(connection: Connection, *, call_sid: str, to_talk: int, staff_id: int, now: datetime) -> int:
    """Give what others began to write in this call to whoever has its caller now. Returns how many there were."""
    before = select(Talk.id).where(
        Talk.call_sid == call_sid, Talk.id != to_talk, Talk.state == "ended", Talk.ended_by.in_(_LET_GO)
    )
    talks = connection.scalars(before).all()
    return sum(
        adopt_drafts(connection, from_talk=talk_id, to_talk=to_talk, staff_id=staff_id, now=now) for talk_id in talks
    )
