"""SQLite uses an index of some rows only where it can see that the query asks for no others."""

import pytest
from sqlalchemy import ColumnElement, or_, select

from ivr.recorded import rows, sweeping
from models import call_back, transfer
from models.base import among
from models.bridge import UNDER_WAY, Bridge
from models.call_back import CallBack
from models.message import TROUBLE, Message
from models.store import Store
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transfer import Transfer
from tests.models.plans import plans_of

CONDITIONS: dict[str, ColumnElement[bool]] = {
    "ix_message_trouble": among(Message.status, TROUBLE),
    "ix_call_back_open": among(CallBack.state, call_back.OPEN),
    "uq_transfer_open_talk": among(Transfer.state, transfer.OPEN),
    "uq_bridge_number_at_a_time": (Bridge.number == "+919830000001") & among(Bridge.state, UNDER_WAY),
    "ix_talk_recording_live": among(TalkRecording.state, rows.LIVE),
    "ix_talk_recording_kept": among(TalkRecording.state, sweeping.KEPT),
    "ix_talk_guest_of": or_(Talk.id == 1, Talk.guest_of == 1),
}


@pytest.mark.parametrize("index", CONDITIONS)
def test_the_few_among_many_are_found_by_their_index(store: Store, index: str) -> None:
    statement = select(1).where(CONDITIONS[index])
    plans = plans_of(store, lambda connection: connection.execute(statement).all())
    assert [plan for plan in plans if index in plan], plans
